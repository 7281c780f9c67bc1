"""Exams, taken once for everybody: the worker reads the test digits, the app keeps the answers."""

import json

import streamlit as st

from core.attack.poison import Attack
from core.digits import mnist
from core.measure.evaluation import PART, Evaluation, Sheet
from core.ui import board
from core.work.jobs import WorkerError

KEPT = 30  # exams, 0.5 MB each


@st.cache_resource(show_spinner=False)
def _exams() -> dict[str, Evaluation]:
    return {}


@st.cache_resource(show_spinner=False)
def _sheets() -> dict[str, dict[int, Sheet]]:
    """Of exams that are not complete, by part: who looks away and back goes on where it was."""
    return {}


def found(models: str) -> Evaluation | None:
    """Of models by a run's id or a rung's percent; None where nobody has taken it yet."""
    return _exams().get(models)


def take(models: str, attack: Attack) -> None:
    """Shows all test digits to both models, under a progress bar. Raises WorkerError.

    Several sessions may take the same one at once; every part of it has its own place.
    """
    total = mnist.TEST_SIZE
    sheets = _sheets().setdefault(models, {})
    bar = st.progress(0.0, "Counting here. Until then: the numbers that came with the models.")
    parts = range(-(-total // PART))
    for part in parts:
        if part not in sheets:
            sheets[part] = board.board().ask("sheet", id=models, part=part)
            read = min(total, len(sheets) * PART)
            bar.progress(read / total, f"Counting here: {read:,} of {total:,} test digits.")
    evaluation = Evaluation.of((sheets[part] for part in parts), attack=attack)
    if len(evaluation.labels) != total:
        raise WorkerError(f"expected {total:,} test digits, got {len(evaluation.labels):,}")
    _exams()[models] = evaluation
    _sheets().pop(models, None)
    for old in list(_exams())[:-KEPT]:
        _exams().pop(old, None)


@st.cache_data(show_spinner=False, max_entries=300)
def images(rows: tuple[int, ...], trigger: str | None) -> list[dict]:
    """Test digits as PNG; stamped where a trigger is given, as JSON. Raises WorkerError."""
    given = trigger and json.loads(trigger)
    return board.board().ask("images", rows=rows, trigger=given)
