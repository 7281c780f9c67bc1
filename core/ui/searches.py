"""What the defences have found, kept for everybody: the worker searches, the app keeps the answers.

No search is made twice, and one goes on as long as somebody looks at it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import streamlit as st

from core.ui import cards
from core.work import prepared
from core.work.jobs import BOARD, WorkerError
from core.work.searches import Repair, Search

TICK = 0.1  # seconds between two portions
PORTION = 0.4  # seconds that a portion takes

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


def watch(key: str, questions: Sequence[Search], unit: str, show: Callable[[], None]) -> None:
    """Shows what is known, and has the rest be searched for as long as somebody looks.

    key: of the part of the page. unit: what is counted, such as rows. show: draws what is known by
    now; it may raise ValueError. Once all is known, the whole page runs again.
    """
    going = answered(questions) < len(questions)
    tick = TICK if going else None
    st.fragment(_watch, run_every=tick, key=key)(questions, unit, show, going)


def _watch(questions: Sequence[Search], unit: str, show: Callable[[], None], going: bool) -> None:
    try:
        if going:
            go_on(questions, PORTION)
            done, total = answered(questions), len(questions)
            st.progress(done / total, f"{done} of {total} {unit}. Leave the page to stop.")
        show()
    except (ValueError, WorkerError) as error:
        st.error(cards.literal(f"could not go on: {error}"))
        return
    if going and answered(questions) == len(questions):
        st.rerun()


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
    for old in kept[: -kind.KEPT]:
        _answers.pop(old, None)
