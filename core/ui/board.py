"""The board of jobs that all sessions share, and which of them this session is about."""

import time

import streamlit as st

from core.jobs import Board, Job, State

MINE, BEFORE = "train.job", "train.before"
JOB = "job"  # in the URL


@st.cache_resource(show_spinner=False)
def board() -> Board:
    return Board()


def mine() -> Job | None:
    """This session's job: its last one, or the URL's, or whichever is going on."""
    number = st.session_state.get(MINE)
    if number is None and (given := st.query_params.get(JOB, "")).isdecimal():
        number = int(given)
    job = board().job(number)
    return job or next((other for other in board().jobs() if other.active), None)


def before() -> Job | None:
    """The training before this one, to compare with."""
    return board().job(st.session_state.get(BEFORE))


def start(what: str, **given: object) -> None:
    last = mine()
    if last and last.what == "train" and last.state == State.DONE:
        st.session_state[BEFORE] = last.id
    st.session_state[MINE] = board().start(what, **given).id


def waiting(job: Job) -> str:
    """Where a job stands in the queue, in words."""
    ahead = board().ahead(job)
    return f"Waiting: {ahead} ahead of you." if ahead else "Starting."


def time_left(job: Job, share: float) -> str:
    """How long a job still takes, in words, from the share of it that is done."""
    if job.started is None or share < 0.03:
        return ""
    passed = time.monotonic() - job.started
    return f"about {max(1, round(passed * (1 - share) / share))} s left"


def cancel() -> None:
    job = mine()
    if job:
        board().cancel(job)
        job.over.wait(1)
