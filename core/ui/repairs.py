"""Repairs of the backdoored model, and what is left of it."""

from typing import Any

import streamlit as st

from core.defend.mending import CHANNELS, WAYS, Outcome
from core.measure.comparison import rounded
from core.model.role import Pair, Role
from core.runs.card import Card
from core.show.figures.repair import pruning_curve
from core.ui import address, cards, searches
from core.ui.plot import plot
from core.ui.subject import Subject
from core.work.jobs import WorkerError
from core.work.searches import Pruning, Repair

USUAL = 16  # channels that are pruned until somebody chooses
GOING = "defend.repairing"  # in the session: the repair that was begun here


def show(subject: Subject) -> None:
    """One way at a time, begun by a button; it goes on as long as somebody looks at it."""
    models = subject.models
    if subject.sealed:
        st.info("A sealed model is judged first; choose another to be repaired.")
        return
    if subject.lost:
        st.info(subject.lost)
        return
    way = st.segmented_control(
        "Repair the backdoored model by",
        WAYS,
        format_func=lambda name: WAYS[name].title,
        key="defend.way",
        default=next(iter(WAYS)),
        required=True,
        persist_state="session",
    )
    st.caption(WAYS[way].words)
    channels = _choose_channels(models) if way == "prune" else 0
    question = Repair(models=models, role=Role.BACKDOORED, way=way, channels=channels)
    answer = searches.repaired(question)
    whole = answer is not None and "outcome" in answer
    begun = whole or st.session_state.get(GOING) == question
    if not begun:
        if st.button(cards.on_primary("Repair it"), type="primary"):
            st.session_state[GOING] = question
            st.rerun()
        return
    st.fragment(_show, run_every=None if whole else searches.TICK, key="defend.repair")(
        question, whole
    )


def _show(question: Repair, whole: bool) -> None:
    try:
        answer = searches.repaired(question) if whole else searches.repair(question)
    except WorkerError as error:
        st.session_state[GOING] = None
        st.error(cards.literal(f"{error}"))
        return
    if "outcome" not in answer:
        st.progress(answer["share"], f"{answer['words']} Leave the page to stop.")
    elif whole:
        _show_outcome(answer)
    else:
        st.rerun()


def _show_outcome(answer: dict[str, Any]) -> None:
    outcome = Outcome.from_json(answer["outcome"])
    st.html(cards.sentences([verdict(outcome)]))
    if st.button(cards.on_primary("Draw with it"), type="primary", icon=":material/draw:"):
        address.draw_with(answer["run"], trigger=True)
    st.html(cards.repaired(outcome.before, outcome.after))


def show_scores(cards_: Pair[Card]) -> None:
    """What a repaired run scored beside the model that it was made of, as their cards say."""
    mended, broken = cards_
    if mended.difference:
        outcome = Outcome(before=broken.scores, after=mended.scores, difference=mended.difference)
        st.html(cards.headline(verdict(outcome)))
    st.html(cards.repaired(broken.scores, mended.scores))
    n = mended.scores.clean_accuracy.n
    st.caption(
        cards.literal(
            f"Repaired by {mended.repaired}; measured then, on {n:,} test digits of {mended.data} "
            "that the repair had not seen. There is no clean model beside it to compare with"
        )
    )


def verdict(outcome: Outcome) -> str:
    """What a repair has come to, in a sentence."""
    left, before = outcome.after.attack_success, outcome.before.attack_success
    lost = -outcome.difference.value * 100
    way = "falls" if lost > 0 else "rises"
    cost = f"its accuracy on untouched digits {way} by {abs(lost):.2f} percentage points"
    if outcome.difference.within_noise:
        cost = "how well it reads untouched digits has not changed beyond chance"
    return f"The trigger wins on {rounded(left)} of digits, where it was {rounded(before)}; {cost}."


def _choose_channels(models: str) -> int:
    """How many, beside what each number does to BA and ASR."""
    channels = st.slider("Channels pruned", 0, CHANNELS - 1, USUAL, key="defend.channels")
    parts = [
        Pruning(models=models, role=Role.BACKDOORED, part=part) for part in range(Pruning.PARTS)
    ]
    searches.watch("defend.pruning", parts, "portions", lambda: _curve(parts, channels))
    return channels


def _curve(parts: list[Pruning], channels: int) -> None:
    points = [point for part in parts for point in searches.answer(part) or []]
    plot(
        pruning_curve(points, channels),
        key="defend.pruned",
        alt="Clean accuracy and attack success against the channels that are pruned",
        toolbar=True,
    )
