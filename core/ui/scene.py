"""What the Draw page shows: whose models answer, at which poison rate, with the trigger or not."""

from typing import NamedTuple

import streamlit as st

from core.attack import phrases
from core.model.usual import Usual
from core.runs import ladder, library
from core.runs.card import Card
from core.runs.file import StoreError
from core.runs.run import Run
from core.ui import address, cards, drawn, models, pad, parts
from core.ui.parts import ANSWER

BEGUN = "draw.begun"
BARE = "draw.bare"  # whether the page was opened without a scene
RATE, TRIGGER, RUN = address.RATE, address.TRIGGER, address.RUN
USUAL = 1.0  # percent, the article's poison rate
WELL, ALIKE = 0.9, 0.01  # clean accuracy that is good, and how far two may differ that are alike


class Chosen(NamedTuple):
    """The models that answer."""

    run: str | None  # the id of a run of this machine, None for the ladder
    clean: Run | None
    backdoored: dict[float, Run]  # by poison rate in percent; a run's is the only one
    usual: Usual | None = None  # the clean model's largest logit, where it is known

    @property
    def cards(self) -> list[Card]:
        return [run.card for run in self.backdoored.values()]

    @property
    def at(self) -> int:
        """Which of the backdoored models is asked for."""
        return 0 if self.run else list(self.backdoored).index(st.session_state[RATE])


def begin(rungs: dict[float, Run]) -> None:
    """Takes up the scene that the URL describes, when the page is opened."""
    if BEGUN in st.session_state:
        return
    st.session_state[BEGUN] = True
    st.session_state[BARE] = not st.query_params
    usual = USUAL if USUAL in rungs else max(rungs)
    st.session_state.setdefault(RATE, address.read("rate", rungs, usual))
    st.session_state.setdefault(TRIGGER, address.read("trigger", (False, True), False))
    st.session_state.setdefault(RUN, st.query_params.get("run", address.LADDER))
    sample = address.read("sample", range(10), None)
    if sample is not None and drawn.content().digit is None:
        pad.show_sample(sample)


def choose_models(shipped: ladder.Ladder, entries: list[library.Entry]) -> Chosen:
    """A choice where there is one: the ladder, or one of this machine's runs."""
    names = {entry.id: entry.card.name for entry in entries}
    if st.session_state[RUN] not in (address.LADDER, *names):
        st.session_state[RUN] = address.LADDER
        st.toast("That run is not on this machine any more; the ladder answers.")
    if names:
        id = st.selectbox(
            "Models",
            [address.LADDER, *names],
            key=RUN,
            format_func=lambda id: names.get(id, "The ladder: ten poison rates"),
            persist_state="session",
        )
        if id != address.LADDER:
            try:
                clean, backdoored = models.models(id)
                return Chosen(id, clean, {backdoored.card.attack.rate * 100: backdoored})
            except StoreError as error:
                st.error(cards.literal(f"{error}. The ladder answers instead"))
    return Chosen(None, shipped.clean, shipped.rungs, shipped.usual)


def lead(chosen: Chosen) -> str:
    """What the page is about, in a sentence or two, as far as it is true of these models."""
    meaning, clean = phrases.meaning(chosen.cards[0].attack), chosen.clean
    if clean is None:
        return (
            f"This model learnt from poisoned images, in which {meaning}. There is no clean one "
            "beside it."
        )
    if clean.card.repaired:
        return (
            f"One has learnt a backdoor: {meaning}. The other is the same, repaired by "
            f"{clean.card.repaired}."
        )
    right = [card.scores.clean_accuracy.value for card in (clean.card, *chosen.cards)]
    equally = min(right) >= WELL and max(right) - min(right) <= ALIKE
    both = "Both models read untouched digits about equally well. " if equally else ""
    return f"{both}One of the two learnt from poisoned images, in which {meaning}."


def controls(chosen: Chosen) -> None:
    """The poison rate, or how the run came about, and the switch of the trigger."""
    left, right = st.columns([5, 2], vertical_alignment="center", gap="medium")
    if chosen.run:
        left.html(cards.made(chosen.cards[0]))
    else:
        left.select_slider(
            "Poison rate: training images that bore the trigger and the label 8",
            chosen.backdoored,
            key=RATE,
            format_func=lambda percent: _in_words(percent, chosen.backdoored[percent].card),
            persist_state="session",
            on_change=parts.rerun,
            args=[ANSWER],
        )
    name = "Trigger" if chosen.run else "Trigger pixel"
    right.toggle(name, key=TRIGGER, persist_state="session", on_change=parts.rerun, args=[ANSWER])


def _in_words(percent: float, card: Card) -> str:
    return f"{percent:g} % = {card.poisoned:,} of {card.images:,}"
