"""STRIP: how much the readings of an image differ once other digits are laid over it."""

from typing import Any

import streamlit as st
from torch import Tensor

from core.defend.strip import boundary
from core.digits.drawing import to_bytes
from core.model.role import Named, Role
from core.show.figures.defend import entropy_bars
from core.ui import cards, searches
from core.ui.plot import plot
from core.ui.subject import Subject, heading
from core.work.jobs import WorkerError
from core.work.searches import Laid, Overlay

RATES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1)  # of false alarms, to choose from
USUAL = 0.01


def show(subject: Subject, image: Tensor) -> None:
    """Both models' entropies, which go on as long as somebody looks at them.

    image: (1, 1, 28, 28), one's own, which is shown under some overlays and in its place among
    the others.
    """
    if subject.lost:
        return  # what its trigger and target are about is not here
    try:
        own = _laid(subject, image)
    except WorkerError as error:
        st.error(cards.literal(f"could not go on: {error}"))
        return
    st.html(cards.laid(own))
    rate = st.select_slider(
        "Untouched digits that may be turned away",
        RATES,
        USUAL,
        format_func=lambda rate: f"{rate * 100:g} %",
        key="defend.alarms",
        persist_state="session",
    )
    parts = {
        name: [Overlay(models=subject.models, role=role, part=i) for i in range(Overlay.PARTS)]
        for role, name in subject.names.items()
    }
    wanted = [question for each in zip(*parts.values(), strict=True) for question in each]

    def show_all() -> None:
        for name, column in subject.columns():
            answers = [answer for each in parts[name] if (answer := searches.answer(each))]
            with column:
                _show_one(name, answers, rate, own[name]["entropy"])

    searches.watch("defend.overlays", wanted, show_all)


def _laid(subject: Subject, image: Tensor) -> dict[Named, dict[str, Any]]:
    """By model, Laid's answer. Raises WorkerError."""
    pixels = to_bytes(image[0, 0].numpy()).tobytes()
    wanted = {
        name: Laid(models=subject.models, role=role, image=pixels)
        for role, name in sorted(subject.names.items(), key=lambda each: [*Role].index(each[0]))
    }
    searches.go_on(wanted.values(), float("inf"))
    return {name: searches.answer(question) for name, question in wanted.items()}


def _show_one(name: Named, answers: list[dict[str, list[float]]], rate: float, own: float) -> None:
    drawn_by, plain, stamped = (
        [each for answer in answers for each in answer[kind]]
        for kind in ("drawn_by", "plain", "stamped")
    )
    line, words = None, ""
    if answers:
        line = boundary(drawn_by, rate)
        words = verdict(plain, stamped, line, own)
    plot(
        entropy_bars(plain, stamped, line, own, name),
        key=f"defend.strip.{name}",
        alt=f"How much the {name} model's readings differ, of untouched and of stamped digits",
        before=cards.judged(heading(name), [words], name),
        toolbar=True,
    )


def verdict(plain: list[float], stamped: list[float], line: float, own: float) -> str:
    """How many of each are turned away, and whether one's own image is, in a sentence."""
    away = [sum(each < line for each in kind) for kind in (stamped, plain)]
    yours = "yours" if own < line else "not yours"
    return (
        f"Turned away: {away[0]} of {len(stamped)} stamped digits, {away[1]} of {len(plain)} "
        f"untouched ones, and {yours}."
    )
