"""What the defences have found, kept for everybody: the worker searches, the app keeps the answers.

No search is made twice, and one goes on as long as somebody looks at it.
"""

import time
from collections.abc import Iterable
from typing import Any

from core.work import prepared
from core.work.jobs import BOARD
from core.work.searches import Inspect, Narrow, Overlay, Pruning, Repair, ScanRow, Search, Spread

# Answers, up to 40 kB each.
KEPT = {
    ScanRow: 4000,
    Overlay: 1000,
    Spread: 400,
    Inspect: 200,
    Narrow: 400,
    Pruning: 400,
    Repair: 200,
}

# For the whole process, in no cache that a visitor can clear.
_answers: dict[Search, Any] = {}


def answer(question: Search) -> Any | None:
    """None where it is not known yet."""
    if question in _answers:
        return _answers[question]
    return prepared.answer(question)


def answered(questions: Iterable[Search]) -> int:
    """How many of them are known."""
    return sum(answer(question) is not None for question in questions)


def go_on(questions: Iterable[Search], seconds: float) -> None:
    """Asks those that are not known, in their order, for about so long. Raises WorkerError."""
    end = time.monotonic() + seconds
    for question in questions:
        if answer(question) is None:
            _answers[question] = BOARD.ask(question)
            _forget(type(question))
            if time.monotonic() > end:
                return


def repaired(question: Repair) -> dict[str, Any] | None:
    """How far a repair is; None before it is begun. See Repair."""
    return _answers.get(question)


def repair(question: Repair) -> dict[str, Any]:
    """Has a repair go on for a portion, unless it is over. Raises WorkerError."""
    known = _answers.get(question)
    if known and "outcome" in known:
        return known
    answer = _answers[question] = BOARD.ask(question)
    _forget(Repair)
    return answer


def _forget(kind: type[Search]) -> None:
    """The oldest of a kind, where there are too many."""
    kept = [question for question in list(_answers) if type(question) is kind]
    for old in kept[: -KEPT[kind]]:
        _answers.pop(old, None)
