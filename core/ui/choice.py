"""The choice of the models that a page is about: a rung of the ladder or a run of this machine."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import streamlit as st

from core.model.role import Pair
from core.runs.card import Card
from core.ui import address, models


class Choice(NamedTuple):
    words: str
    cards: Pair[Card] | None  # None: nobody is told


def offered() -> dict[str, Choice]:
    """All of them, by a rung's percent or a run's id."""
    ladder = models.ladder()
    clean = ladder.clean and ladder.clean.card
    choices = {}
    for percent, (_, card) in ladder.rungs.items():
        words = f"The ladder: {percent:g} % poison, {card.poisoned:,} of {card.images:,} images"
        choices[f"{percent:g}"] = Choice(words, Pair(clean, card))
    for entry in models.listed()[0]:
        if entry.twin and entry.twin.repaired:
            continue  # it has no clean model, which these pages are about
        choices[entry.id] = Choice(entry.card.name, Pair(entry.twin, entry.card))
    return choices


class View(Protocol):
    """One of those that a page can show."""

    @property
    def title(self) -> str: ...


def choose_view(label: str, views: Mapping[str, View], *, key: str, parameter: str) -> str:
    """Buttons to choose from, by name; they begin with what the URL says under the parameter, or
    else with the first. key: of the session. The label is for those who cannot see them."""
    st.session_state.setdefault(key, address.read(parameter, views, next(iter(views))))
    return st.segmented_control(
        label,
        views,
        format_func=lambda name: views[name].title,
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )


def choose(choices: dict[str, Choice], *, key: str, label: str = "visible") -> str:
    """A list to choose from; it begins with what the URL says, or else with what is drawn with.

    label: its visibility.
    """
    now, asked = st.session_state.get(key), st.query_params.get(key)
    if now not in choices:
        if (now or asked) and asked not in choices:
            st.toast("Those models are not on this machine, or not any more; here are others.")
        rate = f"{st.session_state.get(address.RATE, 1.0):g}"
        wanted = (asked, st.session_state.get(address.RUN), rate, *choices)
        st.session_state[key] = next(each for each in wanted if each in choices)
    return st.selectbox(
        "Models",
        choices,
        key=key,
        format_func=lambda each: choices[each].words,
        label_visibility=label,
        persist_state="session",
    )
