"""The stage: which job this session is about, how far it is, and what came out of it."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st
import torch

from core.attack import phrases
from core.attack.poison import Attack
from core.digits import drawing
from core.model.recipe import Recipe
from core.model.role import Role
from core.runs.run import Point
from core.show import words
from core.show.figures.train import CURVES, learning_curve, rate_curve
from core.ui import address, cards, live
from core.ui.address import KEEP
from core.ui.plot import plot
from core.work.jobs import BOARD, Job
from core.work.messages import State
from core.work.tasks import Progress, SaveAgain, Train, TrainMany, Work

MINE, BEFORE = "train.job", "train.before"
VIEW, TURNED = "train.view", "train.turned"  # what is looked at; whether the stage is to be
ATTACK, STAGE = "The attack", "The training"
JOB = "job"  # in the URL
TICK = 0.4  # seconds between two looks
EMPTY = "Both models learn from the same images; only one of them gets the poisoned ones."
LOST = (
    "The training that this page was about is not known any more: the app has been started anew "
    "since. What had been saved is among your runs."
)


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


def is_lost() -> bool:
    """Whether the URL is about a job that nobody knows."""
    return JOB in st.query_params and mine() is None


def before(job: Job | None) -> Job | None:
    """The training before this job, to compare with."""
    earlier = BOARD.job(st.session_state.get(BEFORE))
    return None if earlier is job else earlier


def start(work: Work) -> None:
    last = mine()
    if last and last.progress.run:
        st.session_state[BEFORE] = last.id
    st.session_state[MINE] = BOARD.start(work).id
    st.session_state[TURNED] = True


def train(recipe: Recipe, attack: Attack) -> None:
    watched = drawing.to_bytes(live.own_digit(attack)).tobytes()
    start(Train(recipe=recipe, attack=attack, title=words.title(attack, recipe), watched=watched))


def cancel() -> None:
    st.session_state[TURNED] = True  # to where it is said what became of it
    if job := mine():
        BOARD.cancel(job)
        job.over.wait(1)


def in_url(job: Job | None) -> dict[str, str]:
    """What the URL is to say: one's own job, nobody else's."""
    return {JOB: job.id} if job and job is mine() else {}


def choose_view() -> str:
    """What the page is about: the attack, or the training of both models."""
    if st.session_state.pop(TURNED, False):
        st.session_state[VIEW] = STAGE
    if st.session_state.get(VIEW) not in (ATTACK, STAGE):
        st.session_state[VIEW] = STAGE if shown() or is_lost() else ATTACK
    return st.segmented_control(
        "Look at", (ATTACK, STAGE), key=VIEW, required=True, label_visibility="collapsed", **KEEP
    )


def show(attack: Attack | None, recipe: Recipe) -> None:
    """The stage; it looks again by itself as long as the job goes on.

    attack and recipe: of the training that can be begun.
    """
    job = shown()
    active = job is not None and job.active
    work = job.work if active else None
    if isinstance(work, TrainMany):
        st.html(cards.planned_row(work.attack, work.recipe, work.rates))
    elif isinstance(work, Train):
        st.html(cards.planned(work.attack, work.recipe))
    elif attack:
        st.html(cards.planned(attack, recipe))
    st.fragment(_stage, run_every=TICK if active else None, key="train.stage")(active)


def _stage(active: bool) -> None:
    job = shown()
    if active != (job is not None and job.active):
        st.rerun()  # the rest of the page changes too: buttons, the list of runs
    progress = job.progress if job else Progress()
    st.html(cards.progress(progress.shares, sentence(job)))
    if job and isinstance(job.work, TrainMany):
        plot(
            rate_curve({"": progress.swept}, planned=job.work.rates, height=340),
            key="train.sweep",
            alt="Clean accuracy and attack success against the poison rate",
            address=in_url(job),
        )
        return
    earlier = before(job)
    _show(job, progress, earlier.progress if earlier else Progress())
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


def _show(job: Job | None, progress: Progress, earlier: Progress) -> None:
    """The attack's success, large, beside what both models read in a digit; the rest below.

    The curves of an earlier training stand thin behind them.
    """
    points, before = (
        {role: [point._asdict() for point in each.points[role]] for role in Role}
        for each in (progress, earlier)
    )
    chart, digit = st.columns([5, 2], gap="medium")
    with digit:
        _watched(job, progress)
    places = (chart, *st.columns(len(CURVES) - 1))
    for place, (curve, (title, _)) in zip(places, CURVES.items(), strict=True):
        with place:
            plot(
                learning_curve(
                    curve,
                    points,
                    before,
                    max(progress.total, 2),
                    height=262 if place is chart else 190,
                ),
                key=f"train.{curve}",
                alt=title,
                before=cards.caption(title),
                address=in_url(job),
            )


def _watched(job: Job | None, progress: Progress) -> None:
    """What both models read in the digit of a training, once it is stamped."""
    work = job and job.work
    if not isinstance(work, Train) or not work.watched:
        return
    image = torch.from_numpy(drawing.from_bytes(work.watched))[None, None]
    png = drawing.to_png(work.attack.trigger(image)[0, 0].numpy())
    sights = {role.value: _sight(progress.points[role]) for role in Role}
    st.html(cards.watched(png, work.attack.trigger, sights))


def _sight(points: Sequence[Point]) -> dict[str, Any]:
    """What a model read when it was last asked, and whether that is news."""
    if not points:
        return {"reads": None, "sure": None, "turned": False}
    last, before = points[-1], points[-2] if len(points) > 1 else None
    turned = before is not None and before.reads != last.reads
    return {"reads": last.reads, "sure": last.sure, "turned": turned}


def sentence(job: Job | None) -> str:
    """Where a job stands."""
    if job is None:
        return LOST if is_lost() else EMPTY
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
    wanted = job.work.wanted
    return f"{len(job.progress.swept)} of {wanted} {phrases.plural('model', wanted)} trained"


def _time_left(job: Job) -> str:
    """How long a job still takes, from the share of it that is done; nothing at its beginning."""
    share = job.progress.share
    if job.started is None or share < 0.1:
        return ""
    passed = time.monotonic() - job.started
    return f"about {max(1, round(passed * (1 - share) / share))} s left"
