"""What the session's job is at: live curves while it runs, and what came out of it."""

import streamlit as st

from core.model.role import Role
from core.show import figures, words
from core.ui import address, board, cards
from core.ui.plot import plot
from core.work.jobs import Job
from core.work.messages import State
from core.work.progress import Progress
from core.work.tasks import SaveAgain, TrainMany

TICK = 0.4  # seconds between two looks
EMPTY = "Both models learn from the same images; only one of them gets the poisoned ones."


def show() -> None:
    """The stage; it looks again by itself as long as the job goes on."""
    job = board.shown()
    active = job is not None and job.active
    st.fragment(_stage, run_every=TICK if active else None, key="train.stage")(active)


def _stage(active: bool) -> None:
    job = board.shown()
    if active != (job is not None and job.active):
        st.rerun()  # the rest of the page changes too: buttons, the list of runs
    if job and isinstance(job.work, TrainMany):
        _sweep(job, job.work)
    else:
        _training(job)


def _training(job: Job | None) -> None:
    progress = job.progress if job else Progress()
    st.html(cards.progress(progress.shares, sentence(job)))
    earlier = board.before(job)
    _curves(job, progress, earlier.progress if earlier else Progress())
    if job is None or job.active or job is not board.mine():
        return
    if token := progress.unsaved:
        work = SaveAgain(token=token)
        st.button("Try to save it again", on_click=board.start, args=[work])
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
    for column, (curve, (title, _)) in zip(
        st.columns(len(figures.CURVES)), figures.CURVES.items(), strict=True
    ):
        with column:
            plot(
                figures.learning_curve(curve, points, before, max(progress.total, 2)),
                key=f"train.{curve}",
                alt=title,
                before=cards.caption(title),
                address=board.address(job),
            )


def _sweep(job: Job, work: TrainMany) -> None:
    trained = job.progress.swept
    st.html(cards.progress({"sweep": len(trained) / work.wanted}, sentence(job)))
    if trained:
        plot(
            figures.rate_curve({"": trained}, planned=work.rates, height=340),
            key="train.sweep",
            alt="Clean accuracy and attack success against the poison rate",
            address=board.address(job),
        )


def sentence(job: Job | None) -> str:
    """Where a job stands."""
    if job is None:
        return EMPTY
    match job.state:
        case State.WAITING:
            return board.waiting(job)
        case State.RUNNING:
            return _running(job) if job is board.mine() else f"In another window: {_running(job)}"
        case State.DONE:
            return _done(job)
        case State.FAILED:
            return f"It failed: {job.words}."
        case State.CANCELLED:
            return _cancelled(job)


def _running(job: Job) -> str:
    progress = job.progress
    if isinstance(job.work, SaveAgain):
        return "Saving."
    if isinstance(job.work, TrainMany):
        left = board.time_left(job, len(progress.swept) / job.work.wanted)
        return f"{_done(job).removesuffix('.')}, {left}." if left else _done(job)
    if progress.share < 1:
        return f"Training, {board.time_left(job, progress.share) or 'just begun'}."
    return "Measuring both on the test digits."


def _done(job: Job) -> str:
    if isinstance(job.work, TrainMany):
        return f"{len(job.progress.swept)} of {job.work.wanted} models trained."
    return words.learnt(job.progress.cards)


def _cancelled(job: Job) -> str:
    if run := job.progress.run:
        return f"Cancelled while it was being saved, so it was kept, as {run}."
    if isinstance(job.work, TrainMany):
        return "Cancelled; the models that were ready need not be trained again."
    if job.progress.unsaved:
        return "Cancelled; the models still wait to be saved."
    return "Cancelled; nothing of it was kept."
