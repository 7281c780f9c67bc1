"""Why it fires: the way of the trigger through both models, for one's own drawing."""

import streamlit as st
import torch
from torch import Tensor

from core.attack.phrases import a
from core.defend.why import Path, trace
from core.model.scores import read
from core.show.figures.repair import CHANGE, LOGITS, change_bars, place_map
from core.ui import cards, live
from core.ui import models as loaded
from core.ui.plot import plot
from core.ui.subject import Subject, heading

NOTHING = 1e-6  # up to which a change is the sums' own
STRONG = 0.5  # of the largest change, from which on a channel is counted


def show(subject: Subject) -> None:
    if subject.sealed:
        st.info("A sealed model is judged first: why it fires would tell what it is.")
        return
    runs = loaded.named(subject.models)
    attack = runs.backdoored.card.attack
    image = torch.from_numpy(live.own_digit(attack))[None, None]
    stamped = attack.trigger(image)
    for role, run in reversed([*runs.present()]):
        path = trace(run.network, image, stamped)
        readings = [read(run.network, each).item() for each in (image, stamped)]
        st.html(cards.judged(heading(role, turned(readings)), [verdict(path)], role, whole=True))
        figures = {
            "place": place_map(path, role),
            "channel": change_bars(
                _listed(path.channels), role, of="channel", title="channel, there", most=CHANGE
            ),
            "class": change_bars(
                _listed(path.logits), role, of="class", title="class: its logit", most=LOGITS
            ),
        }
        for (of, figure), column in zip(figures.items(), st.columns([2, 4, 4]), strict=True):
            with column:
                plot(
                    figure,
                    key=f"defend.why.{role}.{of}",
                    alt=f"How much the trigger changes, by {of}, {role} model",
                    toolbar=True,
                )


def _listed(values: Tensor) -> list[float]:
    return values.double().numpy().round(3).tolist()


def turned(readings: list[int]) -> str:
    """What is read without the trigger and with it, in words."""
    before, after = readings
    if before == after:
        return f"still reads {a(after)}"
    return f"{a(before)} turns into {a(after)}"


def verdict(path: Path) -> str:
    """The way in a sentence."""
    reached = int((path.cells > NOTHING).sum())
    strong = int((path.channels.abs() >= STRONG * path.channels.abs().max()).sum())
    most = path.logits.argmax().item()
    return (
        f"The trigger reaches {reached} of 16 places and goes there mainly through {strong} of 32 "
        f"channels; the logit of {most} gains {path.logits[most]:.1f}."
    )
