"""The stage: which job this session is about, how far it is, and what came out of it."""

import time

import streamlit as st

from core.attack import phrases
from core.attack.poison import Attack
from core.model.recipe import Recipe
from core.model.role import Role
from core.show import words
from core.show.figures.train import CURVES, learning_curve, rate_curve
from core.ui import address, cards
from core.ui.plot import plot
from core.work.jobs import BOARD, Job
from core.work.messages import State
from core.work.tasks import Progress, SaveAgain, Train, TrainMany, Work

MINE, BEFORE = "train.job", "train.before"
VIEW = "train.view"
IMAGES, STAGE = "The poisoned images", "The training"
JOB = "job"  # in the URL
TICK = 0.4  # seconds between two looks
EMPTY = "Both models learn from the same images; only one of them gets the poisoned ones."


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


def in_url(job: Job | None) -> dict[str, str]:
    """What the URL is to say: one's own job, nobody else's."""
    return {JOB: job.id} if job and job is mine() else {}


def show() -> None:
    """The stage; it looks again by itself as long as the job goes on."""
    job = shown()
    active = job is not None and job.active
    st.fragment(_stage, run_every=TICK if active else None, key="train.stage")(active)


def _stage(active: bool) -> None:
    job = shown()
    if active != (job is not None and job.active):
        st.rerun()  # the rest of the page changes too: buttons, the list of runs
    progress = job.progress if job else Progress()
    st.html(cards.progress(progress.shares, sentence(job)))
    if job and isinstance(job.work, TrainMany):
        if progress.swept:
            plot(
                rate_curve({"": progress.swept}, planned=job.work.rates, height=340),
                key="train.sweep",
                alt="Clean accuracy and attack success against the poison rate",
                address=in_url(job),
            )
        return
    earlier = before(job)
    _curves(job, progress, earlier.progress if earlier else Progress())
    if job and not job.active and job is mine():
        _what_next(progress, earlier)


def _what_next(progress: Progress, earlier: Job | None) -> None:
    """What can be done with a training that is over, and how it differs from the one before."""
    if token := progress.unsaved:
        work = SaveAgain(token=token)
        st.button("Try to save it again", on_click=start, args=[work])
    if run := progress.run:
        with st.container(horizontal=True):
            if st.button("Draw with these models", icon=":material/draw:"):
                address.draw_with(run)
            if st.button("Measure them", icon=":material/straighten:"):
                address.measure(run)
        if earlier and earlier.progress.cards:
            now, then = progress.cards.backdoored, earlier.progress.cards.backdoored
            st.html(cards.compared(now, then))


def _curves(job: Job | None, progress: Progress, earlier: Progress) -> None:
    """The live curves; those of an earlier training thin behind them."""
    points, before = (
        {role: [point._asdict() for point in each.points[role]] for role in Role}
        for each in (progress, earlier)
    )
    for column, (curve, (title, _)) in zip(st.columns(len(CURVES)), CURVES.items(), strict=True):
        with column:
            plot(
                learning_curve(curve, points, before, max(progress.total, 2)),
                key=f"train.{curve}",
                alt=title,
                before=cards.caption(title),
                address=in_url(job),
            )


def sentence(job: Job | None) -> str:
    """Where a job stands."""
    if job is None:
        return EMPTY
    progress, where = job.progress, "" if job is mine() else "In another window: "
    match job.state, job.work:
        case State.WAITING, _:
            ahead = BOARD.ahead(job)
            return f"Waiting: {ahead} ahead of you." if ahead else "Starting."
        case State.RUNNING, TrainMany():
            return where + ", ".join(filter(None, [_trained(job), _time_left(job)])) + "."
        case State.RUNNING, Train() if progress.share < 1:
            return f"{where}Training, {_time_left(job) or 'just begun'}."
        case State.RUNNING, Train():
            return f"{where}Measuring both on the test digits."
        case State.RUNNING, SaveAgain():
            return f"{where}Saving."
        case State.DONE, TrainMany():
            return f"{_trained(job)}."
        case State.DONE, _:
            return words.learnt(progress.cards)
        case State.FAILED, _:
            return f"It failed: {job.words}."
        case State.CANCELLED, TrainMany():
            return "Cancelled; the models that were ready need not be trained again."
        case State.CANCELLED, _ if progress.run:
            return f"Cancelled while it was being saved, so it was kept, as {progress.run}."
        case State.CANCELLED, _ if progress.unsaved:
            return "Cancelled; the models still wait to be saved."
        case State.CANCELLED, _:
            return "Cancelled; nothing of it was kept."


def _trained(job: Job) -> str:
    return f"{len(job.progress.swept)} of {job.work.wanted} models trained"


def _time_left(job: Job) -> str:
    """How long a job still takes, from the share of it that is done; nothing at its beginning."""
    share = job.progress.share
    if job.started is None or share < 0.1:
        return ""
    passed = time.monotonic() - job.started
    return f"about {max(1, round(passed * (1 - share) / share))} s left"
