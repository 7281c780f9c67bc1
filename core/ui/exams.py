"""Exams, taken once for everybody: the worker reads the test digits, the app keeps the answers."""

import json

import streamlit as st

from core import data
from core.exam import Exam, Sheet
from core.poison import Attack
from core.ui import board

KEPT = 30  # exams, 0.5 MB each

Key = tuple[str, str]  # of the models (a run's id or a rung's percent) and of the data set


@st.cache_resource(show_spinner=False)
def _exams() -> dict[Key, Exam]:
    return {}


@st.cache_resource(show_spinner=False)
def _sheets() -> dict[Key, list[Sheet]]:
    """Of exams that are not complete: who looks away and back goes on where it was."""
    return {}


def found(models: str, name: str) -> Exam | None:
    """None where nobody has taken it yet."""
    return _exams().get((models, name))


def take(models: str, name: str, attack: Attack) -> None:
    """Shows all test digits to both models, under a progress bar. Raises WorkerError."""
    key, total = (models, name), data.TEST[name]
    sheets = _sheets().setdefault(key, [])
    bar = st.progress(0.0)
    while sheet := board.board().ask("sheet", id=models, name=name, part=len(sheets)):
        sheets.append(sheet)
        read = sum(len(sheet["labels"]) for sheet in sheets)
        bar.progress(min(1.0, read / total), f"Counting: {read:,} of {total:,} test digits")
    _exams()[key] = Exam.of(sheets, data=data.NAMES[name], attack=attack)
    _sheets().pop(key, None)
    for old in list(_exams())[:-KEPT]:
        _exams().pop(old, None)


@st.cache_data(show_spinner=False, max_entries=300)
def images(name: str, rows: tuple[int, ...], trigger: str | None) -> list[dict]:
    """Test digits as PNG; stamped where a trigger is given, as JSON. Raises WorkerError."""
    given = trigger and json.loads(trigger)
    return board.board().ask("images", name=name, rows=rows, trigger=given)
