"""The page's state in its URL, so that a prepared scene can be bookmarked."""

from collections.abc import Iterable
from typing import TypeVar

import streamlit as st

Choice = TypeVar("Choice", bound=float | None)  # a switch, a digit, a rate


def read(name: str, choices: Iterable[Choice], default: Choice) -> Choice:
    """The choice that the URL names, written as `write` writes it; anything else is the default."""
    return {_text(choice): choice for choice in choices}.get(st.query_params.get(name), default)


def write(**values: float | None) -> None:
    """Puts values into the URL, takes those that are None out of it, and leaves the rest alone."""
    now = st.query_params.to_dict()
    wanted = now | {name: _text(value) for name, value in values.items()}
    wanted = {name: text for name, text in wanted.items() if text is not None}
    if wanted != now:
        st.query_params.from_dict(wanted)


def _text(value: float | None) -> str | None:
    return None if value is None else f"{float(value):g}"
