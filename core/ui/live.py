"""The answer to a drawing: Python's, and what a browser needs to answer by itself."""

from collections.abc import Callable
from typing import Any

import torch

from core.attack.poison import Attack
from core.digits import drawing, samples
from core.digits.drawing import Digit
from core.digits.mnist import DIGITS
from core.model.role import Role
from core.model.usual import Usual
from core.runs.run import Run
from core.show import live, talk
from core.show.outline import outline
from core.ui import drawn, models, web, weights

_answer = web.component("draw/draw", css="", isolate_styles=False)  # the page has it


def describe(
    run: str | None, clean: Run | None, backdoored: dict[float, Run], usual: Usual | None
) -> live.JSON:
    """What the browser is told of these models: `live.describe`, and where their weights are.

    run: the id of a run of this machine, None for the ladder. usual: of the clean model, where it
    is known.
    """
    told = live.describe(clean and clean.card, [each.card for each in backdoored.values()])
    for percent, rung in zip(backdoored, told["rungs"], strict=True):
        rung["weights"] = weights.url(f"{run}-{Role.BACKDOORED}" if run else f"{percent:g}")
    attack = next(iter(backdoored.values())).card.attack
    return told | {
        "repaired": clean is not None and clean.card.repaired is not None,  # it is no clean model
        "clean": clean and weights.url(f"{run}-{Role.CLEAN}" if run else weights.CLEAN),
        "logit": usual and usual.to_json(),
        "outline": outline(attack.trigger),
        "first": first(attack),
        "samples": weights.samples_url(),
    }


def read(
    clean: Run | None,
    backdoored: dict[float, Run],
    digit: Digit | None,
    only: int | None = None,
) -> live.JSON:
    """A digit and what these models make of it, as the browser takes both.

    only: the place of the backdoored model to be asked, beside which the others stay None; without
    it all are asked.
    """
    if digit is None:
        return {"digit": None, "reading": None}
    rungs, image = list(backdoored.values()), torch.from_numpy(digit)[None, None]
    asked = range(len(rungs)) if only is None else [only]
    trigger = rungs[0].card.attack.trigger
    reading = live.reading(models.ask(clean, [rungs[i] for i in asked], image, trigger))
    answers = dict(zip(asked, reading["rungs"], strict=True))
    reading["rungs"] = [answers.get(i) for i in range(len(rungs))]
    return {"digit": live.digit(digit), "reading": reading}


def first(attack: Attack) -> int:
    """The sample that shows an attack where nothing is drawn yet."""
    if attack.source is not None:
        return attack.source
    return talk.SAMPLE if talk.SAMPLE != attack.target else (talk.SAMPLE + 1) % DIGITS


def own_digit(attack: Attack) -> Digit:
    """What is drawn, or the sample that shows an attack where nothing is."""
    digit = drawn.content().digit
    return drawing.centre(samples.sample(first(attack)).ink()) if digit is None else digit


def opening(clean: Run | None, backdoored: dict[float, Run], only: int) -> live.JSON:
    """The sample that an opened page draws by itself, and what these models make of it."""
    attack = next(iter(backdoored.values())).card.attack
    sample = samples.sample(first(attack))
    digit = drawing.centre(sample.ink())
    return {**sample._asdict(), **read(clean, backdoored, digit, only)}


def answer(
    *, key: str, on_live: Callable[[], None], on_lost: Callable[[], None], **data: Any
) -> None:
    """Shows the answer to a drawing.

    on_live: called once the browser answers by itself. on_lost: called where the canvas does not
    show what was drawn on it.
    """
    _answer(key=key, data=data, on_live_change=on_live, on_lost_change=on_lost)
