"""The choice of the models that a page is about: a rung of the ladder or a run of this machine."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol

import streamlit as st

from core.model.role import Pair
from core.runs.card import Card
from core.runs.file import StoreError
from core.ui import address, cards, models

USUAL = "1"  # percent, the article's poison rate


class Choice(NamedTuple):
    words: str
    cards: Pair[Card] | None  # None: nobody is told
    repaired: bool = False  # the clean one of them is the repaired one


def offered(*, repaired: bool = False) -> dict[str, Choice]:
    """All of them, by a rung's percent or a run's id; those of a repair have no clean model."""
    ladder = models.ladder()
    clean = ladder.clean and ladder.clean.card
    choices = {}
    for percent, (_, card) in ladder.rungs.items():
        words = f"The ladder: {percent:g} % poison, {card.poisoned:,} of {card.images:,} images"
        choices[f"{percent:g}"] = Choice(words, Pair(clean, card))
    for entry in models.listed()[0]:
        if repaired or not entry.repaired:
            choices[entry.id] = Choice(
                entry.shown.name, Pair(entry.twin, entry.card), entry.repaired
            )
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


def named(choices: Collection[str]) -> str:
    """Return what was chosen on any page, which may not be here; else the usual models."""
    usual = USUAL if USUAL in choices else next(iter(choices))
    return address.models() or usual


def missing(name: str, choices: Collection[str]) -> str:
    """Say why a page cannot show the models of this name, in a sentence; "" where it can."""
    if name == address.SEALED:
        if name in choices:
            return ""
        return "expected models whose scores may be told, got a sealed one: judge it on Defend"
    try:
        models.named(name)
    except StoreError as error:
        return f"{error}"
    return "" if name in choices else "expected a clean and a backdoored model, got a repaired one"


def show_missing(reason: str) -> None:
    st.error(cards.literal(f"{reason.removesuffix('.')}. Choose others from the list"))


def choose(choices: dict[str, Choice], *, key: str, label: str = "visible") -> str | None:
    """A list to choose from; it begins with what was chosen on any page.

    None where those models are not here, which is said; no others are shown in their place.
    label: its visibility.
    """
    name = named(choices)
    reason = missing(name, choices)
    shown = None if reason else name
    if st.session_state.get(key, "") != shown:
        st.session_state[key] = shown
    st.selectbox(
        "Models",
        choices,
        index=None if reason else 0,
        key=key,
        format_func=lambda each: choices[each].words,
        placeholder="Choose models",
        label_visibility=label,
        on_change=_take,
        args=[key],
    )
    address.choose(name)
    if reason:
        show_missing(reason)
    return shown


def _take(key: str) -> None:
    if chosen := st.session_state[key]:
        address.choose(chosen)
