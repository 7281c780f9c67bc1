"""Where the pages are, and their state in the URL, so that a prepared scene can be bookmarked."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import streamlit as st

PAGES = Path(__file__).parent.parent.parent / "pages"
DRAW, TRAIN = PAGES / "draw.py", PAGES / "train.py"

RUN = "draw.run"  # in the session: the run that the Draw page asks

Choice = TypeVar("Choice", bound=float | None)  # a switch, a digit, a rate


def read(name: str, choices: Iterable[Choice], default: Choice) -> Choice:
    """The choice whose number the URL gives under this name; anything else is the default."""
    try:
        given = float(st.query_params.get(name, "nan"))
    except ValueError:
        return default
    return next((choice for choice in choices if choice == given), default)


def text(value: float | None) -> str | None:
    """How a value stands in the URL; None stands nowhere."""
    return None if value is None else f"{float(value):g}"


def of(**values: float | None) -> dict[str, str | None]:
    """What the browser is to put into the URL; see `plot`.

    st.query_params would add an entry to the browser's history for every move of the slider, and
    so take its Back button away.
    """
    return {name: text(value) for name, value in values.items()}


def draw_with(run: str) -> None:
    """Goes to the Draw page, where this run's models answer."""
    st.session_state[RUN] = run
    st.switch_page(DRAW)
