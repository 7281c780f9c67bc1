"""What the Draw page shows: whose models answer, at which poison rate, with the trigger or not."""

from typing import NamedTuple

import streamlit as st

from core.attack import phrases
from core.model.usual import Usual
from core.runs import ladder, library
from core.runs.card import Card
from core.runs.run import Run
from core.ui import address, cards, choice, drawn, models, pad, parts
from core.ui.parts import ANSWER

BEGUN = "draw.begun"
BARE = "draw.bare"  # whether the page was opened without a scene
# In the session: the run that is drawn with, or LADDER, and its poison rate in percent
RUN, RATE, TRIGGER = "draw.run", "draw.rate", address.TRIGGER
LADDER = "ladder"  # instead of a run's id
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


def begin() -> None:
    """Takes up the scene that the URL describes, when the page is opened."""
    if BEGUN in st.session_state:
        return
    st.session_state[BEGUN] = True
    st.session_state[BARE] = not st.query_params
    st.session_state.setdefault(TRIGGER, address.read("trigger", (False, True), False))
    sample = address.read("sample", range(10), None)
    if sample is not None and drawn.content().digit is None:
        pad.show_sample(sample)


def choose_models(shipped: ladder.Ladder, entries: list[library.Entry]) -> Chosen | None:
    """A choice where there is one: the ladder, or one of this machine's runs.

    None where the models that were chosen are not here, which is said.
    """
    rungs = {f"{percent:g}": percent for percent in shipped.rungs}
    names = {entry.id: entry.shown.name for entry in entries}
    name = choice.named([*rungs, *names])
    reason = choice.missing(name, [*rungs, *names])
    shown = None if reason else name if name in names else LADDER
    _set(RUN, shown)
    usual = rungs.get(choice.USUAL, max(shipped.rungs))
    _set(RATE, rungs.get(name, st.session_state.get(RATE, usual)))
    if names or reason:
        st.selectbox(
            "Models",
            [LADDER, *names],
            index=None if reason else 0,
            key=RUN,
            format_func=lambda id: names.get(id, "The ladder: ten poison rates"),
            placeholder="Choose models",
            on_change=_take,
        )
    if reason:
        choice.show_missing(reason)
        return None
    if shown == LADDER:
        return Chosen(None, shipped.clean, shipped.rungs, shipped.usual)
    clean, backdoored = models.named(name)
    return Chosen(name, clean, {backdoored.card.attack.rate * 100: backdoored})


def _set(key: str, value: object) -> None:
    """Before a widget of this key is shown; one that says so already is left alone."""
    if st.session_state.get(key, "") != value:
        st.session_state[key] = value


def _take() -> None:
    """The models that the list or the slider says are those of every page."""
    run = st.session_state[RUN]
    address.choose(f"{st.session_state[RATE]:g}" if run == LADDER else run)


def _on_rate() -> None:
    _take()
    parts.rerun(ANSWER)


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
            on_change=_on_rate,
        )
    name = "Trigger" if chosen.run else "Trigger pixel"
    right.toggle(name, key=TRIGGER, persist_state="session", on_change=parts.rerun, args=[ANSWER])


def _in_words(percent: float, card: Card) -> str:
    return f"{percent:g} % = {card.poisoned:,} of {card.images:,}"
