"""The curves that can be shown: the shipped ones, this machine's, and the ladder's."""

from functools import lru_cache
from pathlib import Path

import streamlit as st

from core.runs import library, sweep
from core.runs.card import Card
from core.show import words
from core.ui import cards, models


@lru_cache(maxsize=4)
def _read(path: str, stamp: float) -> list[list[Card]]:  # noqa: ARG001 - a new one reads anew
    return sweep.curves(sweep.read(Path(path)))


def _of(path: Path) -> list[list[Card]]:
    """Those of a file, read again when it has changed. Raises ValueError."""
    return _read(str(path), path.stat().st_mtime if path.exists() else 0)


def by_name() -> dict[str, list[Card]]:
    """All of them, after a warning for every file that cannot be read."""
    curves = {}
    for path, whose in ((sweep.SHIPPED, ""), (sweep.path_in(library.home()), "yours: ")):
        try:
            for runs in _of(path):
                curves[f"{whose}{words.curve_in_words(runs[0])}"] = runs
        except ValueError as error:
            st.warning(cards.literal(f"{error}"))
    if rungs := models.ladder().rungs:
        curves["The ladder's, one seed"] = [run.card for run in rungs.values()]
    return curves


def shipped() -> list[Card]:
    """The runs of all shipped curves; none where their file cannot be read."""
    try:
        return [card for runs in _of(sweep.SHIPPED) for card in runs]
    except ValueError:
        return []
