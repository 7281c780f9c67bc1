"""What the defences have found, kept for everybody: the worker searches, the app keeps the answers.

No search is made twice, and one goes on as long as somebody looks at it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from core.ui import cards
from core.work import prepared
from core.work.jobs import BOARD, WorkerError
from core.work.searches import Repair, Search

TICK = 0.1  # seconds between two portions
PORTION = 0.4  # seconds that a portion takes
AWAY = 5.0  # seconds after which somebody has looked away, so that the pace is taken anew
LONG = 100  # seconds from which on minutes are said
PACES, STOPPED = "searches.paces", "searches.stopped"  # in the session

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


def watch(key: str, questions: Sequence[Search], show: Callable[[], None]) -> None:
    """Shows what is known, and has the rest be searched for as long as somebody looks.

    key: of the part of the page. show: draws what is known by now, in the place of the whole; it
    may raise ValueError. How far it is, and Cancel, lie over the lower end of that place. Once all
    is known, the whole page runs again.
    """
    going = answered(questions) < len(questions) and not _is_stopped(key, questions)
    with st.container(key=f"lead.{key}"):
        tick = TICK if going else None
        st.fragment(_watch, run_every=tick, key=key)(key, questions, show, going)


def _watch(key: str, questions: Sequence[Search], show: Callable[[], None], going: bool) -> None:
    if going and _is_stopped(key, questions):
        st.rerun()
    try:
        done, total = answered(questions), len(questions)
        if done < total:
            left = _left(key, questions[0], done, total)
            _show_progress(key, questions, done / total, left, going)
        show()  # first, so that the place of the whole is there at once
        if going:
            go_on(questions, PORTION)
            _seen(key)
    except (ValueError, WorkerError) as error:
        st.error(cards.literal(f"could not go on: {error}"))
        return
    if going and answered(questions) == total:
        st.rerun()


def _show_progress(
    key: str, questions: Sequence[Search], share: float, left: str, going: bool
) -> None:
    """left: how long it still takes, in words."""

    def turn() -> None:
        st.session_state.setdefault(STOPPED, {})[key] = questions[0] if going else None

    with st.container(key=f"going.{key}", horizontal=True, vertical_alignment="center"):
        said = f"{share:.0%}".replace("%", " %")
        st.progress(share, f"Looking: {said}, {left}" if going else f"Stopped at {said}")
        st.button("Cancel" if going else "Go on", on_click=turn, key=f"{key}.turn")


def _is_stopped(key: str, questions: Sequence[Search]) -> bool:
    """Whether somebody has cancelled this very search."""
    return bool(questions) and st.session_state.get(STOPPED, {}).get(key) == questions[0]


class Pace(NamedTuple):
    """Since when a session looks at a search."""

    first: Search  # of its questions
    begun: float  # time.monotonic()
    done: int  # questions that were answered then
    seen: float  # time.monotonic() of the last look


def _left(key: str, first: Search, done: int, total: int) -> str:
    """How long a search still takes, in words."""
    paces, now = st.session_state.setdefault(PACES, {}), time.monotonic()
    pace = paces.get(key)
    if pace is None or pace.first != first or now - pace.seen > AWAY:
        pace = paces[key] = Pace(first, now, done, now)
    return time_left(now - pace.begun, done - pace.done, total - done)


def _seen(key: str) -> None:
    paces = st.session_state[PACES]
    paces[key] = paces[key]._replace(seen=time.monotonic())


def time_left(passed: float, done: float, left: float) -> str:
    """In words. passed: seconds in which so much of the work was done; left: of the same."""
    if not done:
        return "just begun"
    seconds = passed * left / done
    if seconds > LONG:
        return f"about {seconds / 60:.0f} min left"
    return f"about {max(1, round(seconds))} s left"


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
