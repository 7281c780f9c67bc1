"""Where the pages are, and their state in the URL, so that a prepared scene can be bookmarked."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TypeVar

import streamlit as st

from core.places import PAGES
from core.runs import library
from core.ui import web

DRAW, TRAIN = PAGES / "draw.py", PAGES / "train.py"
MEASURE, DEFEND = PAGES / "measure.py", PAGES / "defend.py"
PRESENT = PAGES / "present.py"

# In the session: what the Draw page shows, and which models the Measure page is about
RUN, RATE, TRIGGER = "draw.run", "draw.rate", "draw.trigger"
LADDER = "ladder"  # instead of a run's id
MEASURED = "models"

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
    _address(key=key, data={"parameters": of(**values)}, height=1)


def draw_with(models: str, *, trigger: bool | None = None) -> None:
    """Goes to the Draw page, where these models answer: a run's id or a rung's percent."""
    if library.ID.fullmatch(models):
        st.session_state[RUN] = models
    else:
        st.session_state[RUN], st.session_state[RATE] = LADDER, float(models)
    if trigger is not None:
        st.session_state[TRIGGER] = trigger
    st.switch_page(DRAW)


def measure(models: str) -> None:
    """Goes to the Measure page with these models."""
    st.session_state[MEASURED] = models
    st.switch_page(MEASURE)
