"""Where the pages are, and their state in the URL, so that a prepared scene can be bookmarked."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TypeVar

import streamlit as st

from core.places import PAGES
from core.ui import web

DRAW, TRAIN = PAGES / "draw.py", PAGES / "train.py"
MEASURE, DEFEND = PAGES / "measure.py", PAGES / "defend.py"
PRESENT = PAGES / "present.py"

# In the session and in the URL: which models all pages are about, by a rung's percent or a run's id
MODELS = "models"
OLDER = ("defend.models", "run", "rate")  # what links called them before
SEALED = "sealed"  # instead of either: those of the game on the Defend page

PAGE = "page"  # in the session: the one that was opened last
TRIGGER = "draw.trigger"  # in the session: whether the Draw page stamps

KEEP = {"persist_state": "session"}  # of a widget, when another page or view takes its place

Choice = TypeVar("Choice", bound=float | str | None)  # a switch, a digit, a rate, a word


def _text(value: float | str | None) -> str | None:
    """How a value stands in the URL; None stands nowhere."""
    return value if value is None or isinstance(value, str) else f"{float(value):g}"


def read(name: str, choices: Iterable[Choice], default: Choice) -> Choice:
    """The choice that the URL gives under this name; anything else is the default."""
    word = st.query_params.get(name, "")
    with suppress(ValueError):
        word = _text(float(word))  # 1.0 and 1 are the same
    return next((choice for choice in choices if _text(choice) == word), default)


def of(**values: float | str | None) -> dict[str, str | None]:
    """What the browser is to put into the URL; see `plot`.

    st.query_params would add an entry to the browser's history for every move of the slider, and
    so take its Back button away.
    """
    return {name: _text(value) for name, value in values.items()}


_address = web.component("address")


def write(*, key: str = "address", **values: float | str | None) -> None:
    """Has the browser put these into the URL; for what no figure does. None takes one out.

    key: another one where a part of a page writes what the page knows nothing of.
    """
    older = dict.fromkeys(OLDER) if MODELS in values else {}
    _address(key=key, data={"parameters": of(**older, **values)}, height=1)


def _asked() -> str | None:
    """The models that the URL names, however a number is written there."""
    word = next(filter(None, map(st.query_params.get, (MODELS, *OLDER))), None)
    with suppress(TypeError, ValueError):
        return _text(float(word))
    return word


def arrive(page: str) -> None:
    """Choose the models that the URL names, where another page is opened than before.

    So a link and the browser's Back button show what they showed; the menu's links name none.
    """
    if st.session_state.get(PAGE) != page and (models := _asked()):
        st.session_state[MODELS] = models
    st.session_state[PAGE] = page


def models() -> str | None:
    """Return the models that were chosen, on whichever page; None where nobody has."""
    return st.session_state.get(MODELS) or _asked()


def choose(models: str) -> None:
    """Make these the models that every page is about."""
    st.session_state[MODELS] = models


def draw_with(models: str, *, trigger: bool | None = None) -> None:
    """Goes to the Draw page, where these models answer: a run's id or a rung's percent."""
    choose(models)
    if trigger is not None:
        st.session_state[TRIGGER] = trigger
    st.switch_page(DRAW)


def measure(models: str) -> None:
    """Goes to the Measure page with these models."""
    choose(models)
    st.switch_page(MEASURE)
