"""The parts of the Draw page that run by themselves, and those that are due.

Streamlit forgets what one change asked for where the next comes before it ran, and asks for other
parts: so every change asks for all that are due.
"""

import streamlit as st

PAD, ANSWER = "pad", "draw.answer"

DUE = "parts.due"  # in the session


def _due() -> set[str]:
    return st.session_state.setdefault(DUE, set())


def rerun(*parts: str) -> None:
    """For a callback: has these parts run, and nothing else of the page."""
    _due().update(parts)
    st.rerun(sorted(_due()))


def begins(part: str) -> None:
    """To be called by a part that runs."""
    _due().discard(part)
