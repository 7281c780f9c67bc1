"""Evaluations, made once for everybody: the worker reads the test digits, the app keeps them."""

from functools import lru_cache

import streamlit as st

from core.attack.poison import Attack
from core.attack.trigger import Trigger
from core.digits import mnist
from core.measure.evaluation import PART, Evaluation, Sheet
from core.work.jobs import BOARD, WorkerError
from core.work.questions import Count, Images

KEPT = 30  # evaluations, 0.5 MB each

# For the whole process, by a run's id or a rung's percent. Not in Streamlit's caches: those, any
# visitor can clear.
_evaluations: dict[str, Evaluation] = {}
_sheets: dict[str, dict[int, Sheet]] = {}  # of those not yet complete, by part: who looks away
# and back goes on where it was


def of(models: str) -> Evaluation | None:
    """None where nobody has made it yet."""
    return _evaluations.get(models)


def make(models: str, attack: Attack) -> None:
    """Shows all test digits to both models, under a progress bar. Raises WorkerError.

    Several sessions may make the same one at once; every part of it has its own place.
    """
    total = mnist.TEST_SIZE
    sheets = _sheets.setdefault(models, {})
    bar = st.progress(0.0, "Counting here. Until then: the numbers that came with the models.")
    parts = range(-(-total // PART))
    for part in parts:
        if part not in sheets:
            sheets[part] = BOARD.ask(Count(models=models, part=part))
            read = min(total, len(sheets) * PART)
            bar.progress(read / total, f"Counting here: {read:,} of {total:,} test digits.")
    evaluation = Evaluation.of((sheets[part] for part in parts), attack=attack)
    if len(evaluation.labels) != total:
        raise WorkerError(f"expected {total:,} test digits, got {len(evaluation.labels):,}")
    _evaluations[models] = evaluation
    _sheets.pop(models, None)
    for old in list(_evaluations)[:-KEPT]:
        _evaluations.pop(old, None)


@lru_cache(maxsize=300)
def images(rows: tuple[int, ...], trigger: Trigger | None) -> list[dict]:
    """Test digits as PNG, stamped where a trigger is given; not to be changed. Raises WorkerError.

    Each has its `row`, its `true` class and the `png`, base64.
    """
    return BOARD.ask(Images(rows=rows, trigger=trigger))
