"""The jobs that all sessions share, and which of them this session is about."""

import streamlit as st

from core.attack import phrases
from core.attack.poison import Attack
from core.model.recipe import Recipe
from core.work.jobs import BOARD, Job
from core.work.tasks import Train, Work

MINE, BEFORE = "train.job", "train.before"
VIEW = "train.view"
IMAGES, STAGE = "The poisoned images", "The training"
JOB = "job"  # in the URL


def mine() -> Job | None:
    """This session's last job; after a reload of the browser, the URL's."""
    return BOARD.job(st.session_state.get(MINE) or st.query_params.get(JOB))


def busy() -> bool:
    """Whether this session's job goes on."""
    job = mine()
    return job is not None and job.active


def shown() -> Job | None:
    """The job that the page is about: this session's, or else whichever is going on."""
    return mine() or BOARD.running


def before(job: Job | None) -> Job | None:
    """The training before this job, to compare with."""
    earlier = BOARD.job(st.session_state.get(BEFORE))
    return None if earlier is job else earlier


def start(work: Work) -> None:
    last = mine()
    if last and last.progress.run:
        st.session_state[BEFORE] = last.id
    st.session_state[MINE] = BOARD.start(work).id
    st.session_state[VIEW] = STAGE


def train(recipe: Recipe, attack: Attack) -> None:
    start(Train(recipe=recipe, attack=attack, title=phrases.title(attack)))


def cancel() -> None:
    if job := mine():
        BOARD.cancel(job)
        job.over.wait(1)


def address(job: Job | None) -> dict[str, str]:
    """What the URL is to say: one's own job, nobody else's."""
    return {JOB: job.id} if job and job is mine() else {}
