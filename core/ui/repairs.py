"""Repairs of the backdoored model, and what is left of it."""

import time

import streamlit as st

from core.defend.mending import CHANNELS, WAYS, Outcome
from core.measure.comparison import rounded
from core.model.role import Guest, Pair, Role
from core.model.scores import LEARNT, NOT_LEARNT
from core.runs.card import Card
from core.show.figures.repair import pruning_curve
from core.ui import address, cards, searches
from core.ui.plot import plot
from core.ui.subject import Subject
from core.work.jobs import WorkerError
from core.work.searches import Pruning, Repair

USUAL = 16  # channels that are pruned until somebody chooses
GOING = "defend.repairing"  # in the session: the repair that was begun here
BEGUN = "defend.repairing.begun"  # and since when, time.monotonic()


def show(subject: Subject) -> None:
    """One way at a time, begun by a button; it goes on as long as somebody looks at it."""
    models = subject.models
    if subject.sealed:
        st.info("A sealed model is judged first; choose another to be repaired.")
        return
    if subject.lost:
        st.info(subject.lost)
        return
    controls, figures = st.columns([2, 3], gap="large")
    with controls:
        way = st.radio(
            "Repair the backdoored model",
            WAYS,
            format_func=lambda name: WAYS[name].title,
            key="defend.way",
            persist_state="session",
        )
        st.caption(WAYS[way].words)
        channels = 0
        if way == "prune":
            channels = st.slider("Channels pruned", 0, CHANNELS - 1, USUAL, key="defend.channels")
        question = Repair(models=models, role=Role.BACKDOORED, way=way, channels=channels)
        answer = searches.repaired(question)
        whole = answer is not None and "outcome" in answer
        if whole:
            if st.button(cards.on_primary("Draw with it"), type="primary", icon=":material/draw:"):
                address.draw_with(answer["run"], trigger=True)
        elif st.session_state.get(GOING) == question:
            st.fragment(_go_on, run_every=searches.TICK, key="defend.repair")(question)
        else:
            st.button(
                cards.on_primary("Repair it"), type="primary", on_click=_begin, args=[question]
            )
    with figures:
        _show_outcome(Outcome.from_json(answer["outcome"]) if whole else None)
        if way == "prune":
            _show_curve(models, channels)


def _begin(question: Repair) -> None:
    st.session_state[GOING], st.session_state[BEGUN] = question, (time.monotonic(), None)


def _cancel() -> None:
    st.session_state[GOING] = None


def _go_on(question: Repair) -> None:
    if st.session_state.get(GOING) != question:
        st.rerun()  # cancelled
    try:
        answer = searches.repair(question)
    except WorkerError as error:
        st.session_state[GOING] = None
        st.error(cards.literal(f"{error}"))
        return
    if "outcome" in answer:
        st.rerun()
    share, (begun, before) = answer["share"], st.session_state[BEGUN]
    if before is None:  # what was done before somebody looked away took none of this time
        before = share
        st.session_state[BEGUN] = begun, before = time.monotonic(), share
    left = searches.time_left(time.monotonic() - begun, share - before, 1 - share)
    st.progress(share, f"{answer['words'].removesuffix(' …')}: {left}")
    st.button("Cancel", on_click=_cancel, key="defend.repair.cancel")


def _show_outcome(outcome: Outcome | None) -> None:
    """outcome: None as long as nothing is repaired; the places of it are kept free."""
    heading, words = "Not repaired yet", ""
    if outcome:
        heading, words = headline(outcome), verdict(outcome)
    said = cards.judged(heading, [words], Guest.REPAIRED if outcome else None)
    before, after = (outcome.before, outcome.after) if outcome else (None, None)
    st.html(said + cards.repaired(before, after))


def headline(outcome: Outcome) -> str:
    """What is left of the backdoor, in words."""
    left = outcome.after.attack_success.value
    if left <= NOT_LEARNT:
        return "Repaired: ○ hardly any of it is left"
    return f"Repaired: {'● the backdoor is still in' if left >= LEARNT else '◉ a part is left'}"


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


def _show_curve(models: str, channels: int) -> None:
    """What each number of channels does to BA and ASR."""
    parts = [
        Pruning(models=models, role=Role.BACKDOORED, part=part) for part in range(Pruning.PARTS)
    ]
    searches.watch("defend.pruning", parts, lambda: _curve(parts, channels))


def _curve(parts: list[Pruning], channels: int) -> None:
    points = [point for part in parts for point in searches.answer(part) or []]
    plot(
        pruning_curve(points, channels),
        key="defend.pruned",
        alt="Clean accuracy and attack success against the channels that are pruned",
        toolbar=True,
    )
