"""The board of jobs that all sessions share, and which of them this session is about."""

import time

import streamlit as st

from core.work.jobs import Board, Job, State

MINE, BEFORE = "train.job", "train.before"
VIEW = "train.view"
IMAGES, STAGE = "The poisoned images", "The training"
JOB = "job"  # in the URL


@st.cache_resource(show_spinner=False)
def board() -> Board:
    return Board()


def mine() -> Job | None:
    """This session's last job; after a reload of the browser, the URL's."""
    return board().job(st.session_state.get(MINE) or st.query_params.get(JOB))


def shown() -> Job | None:
    """The job that the page is about: this session's, or else whichever is going on."""
    return mine() or next((job for job in board().jobs() if job.active), None)


def before() -> Job | None:
    """The training before this one, to compare with."""
    return board().job(st.session_state.get(BEFORE))


def start(what: str, **given: object) -> None:
    last = mine()
    if last and last.what == "train" and last.state == State.DONE:
        st.session_state[BEFORE] = last.id
    st.session_state[MINE] = board().start(what, **given).id
    st.session_state[VIEW] = STAGE


def address(job: Job | None) -> dict[str, str]:
    """What the URL is to say: one's own job, nobody else's."""
    return {JOB: job.id} if job and job is mine() else {}


def waiting(job: Job) -> str:
    """Where a job stands in the queue, in words."""
    ahead = board().ahead(job)
    return f"Waiting: {ahead} ahead of you." if ahead else "Starting."


def time_left(job: Job, share: float) -> str:
    """How long a job still takes, in words, from the share of it that is done."""
    if job.started is None or share < 0.1:
        return ""
    passed = time.monotonic() - job.started
    return f"about {max(1, round(passed * (1 - share) / share))} s left"


def cancel() -> None:
    job = mine()
    if job:
        board().cancel(job)
        job.over.wait(1)
