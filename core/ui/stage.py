"""What the session's job is at: live curves while it runs, and what came out of it."""

import streamlit as st

from core.model.role import Pair
from core.runs.card import Card
from core.runs.run import MODELS
from core.show import figures, words
from core.ui import address, board, cards
from core.ui.plot import plot
from core.work.jobs import Job, State

TICK = 0.4  # seconds between two looks
CANCELLED = {"sweep": "Cancelled; the models that were ready need not be trained again."}
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
    if job and job.what == "sweep":
        _sweep(job)
    else:
        _training(job)


def _say(shares: dict[str, float], job: Job | None, running: str, done: str) -> None:
    """Bars and a sentence on where the job stands."""
    words = EMPTY
    if job and job is not board.mine():
        running = f"In another window: {running}"
    if job:
        words = {
            State.WAITING: board.waiting(job),
            State.RUNNING: running,
            State.DONE: done,
            State.CANCELLED: CANCELLED.get(job.what, "Cancelled; nothing of it was kept."),
            State.FAILED: f"It failed: {job.words}.",
        }[job.state]
    st.html(cards.progress(shares, words))


def _points(job: Job | None) -> dict[str, list[dict[str, float]]]:
    news = job.news if job else []
    return {
        model: [each["point"] for each in news if each.get("model") == model and each["point"]]
        for model in MODELS
    }


def _training(job: Job | None) -> None:
    last = {model: {"seen": 0, "total": 1} for model in MODELS}
    for news in job.news if job else []:
        if "model" in news:
            last[news["model"]] = news
    found = job and job.told("cards")
    shares = {
        model: 1.0 if found else last[model]["seen"] / last[model]["total"] for model in MODELS
    }
    share = sum(shares.values()) / len(shares)
    running = "Measuring both on the test digits."
    if job and job.what == "save":
        running = "Saving."
    elif job and share < 1:
        running = f"Training, {board.time_left(job, share) or 'just begun'}."
    result = {model: Card.from_json(found[model]) for model in MODELS} if found else {}
    done = words.learnt(Pair(**result)) if result else ""
    _say(shares, job, running, done)

    own = job is not None and job is board.mine()
    before = board.before()
    points, earlier = _points(job), _points(before if before is not job else None)
    total = max(last[model]["total"] for model in MODELS)
    for column, what in zip(st.columns(len(figures.CURVES)), figures.CURVES, strict=True):
        with column:
            plot(
                figures.learning_curve(what, points, earlier, max(total, 2)),
                key=f"train.{what}",
                alt=figures.CURVES[what][0],
                before=cards.caption(figures.CURVES[what][0]),
                address=board.address(job),
            )
    if own and job.state == State.FAILED and job.told("unsaved"):
        token = job.told("unsaved")
        st.button(
            "Try to save it again", on_click=board.start, args=["save"], kwargs={"token": token}
        )
    if own and job.told("run") and result:
        with st.container(horizontal=True):
            if st.button("Draw with these models", icon=":material/draw:"):
                address.draw_with(job.told("run"))
            if st.button("Measure them", icon=":material/straighten:"):
                address.measure(job.told("run"))
        if earlier_cards := before and before is not job and before.told("cards"):
            last = Card.from_json(earlier_cards["backdoored"])
            st.html(cards.compared(result["backdoored"], last))


def _sweep(job: Job) -> None:
    found = [Card.from_json(news["card"]) for news in job.news]
    wanted = len(job.given["rates"]) * job.given["seeds"]
    left = board.time_left(job, len(found) / wanted)
    count = f"{len(found)} of {wanted} models trained"
    _say(
        {"sweep": len(found) / wanted},
        job,
        f"{count}, {left}." if left else f"{count}.",
        f"{count}.",
    )
    if found:
        plot(
            figures.rate_curve({"": found}, planned=job.given["rates"], height=340),
            key="train.sweep",
            alt="Clean accuracy and attack success against the poison rate",
            address=board.address(job),
        )
