"""The talk: its scenes in words, and what they show. Needs the ladder alone: no MNIST, no network.

What the scenes show is also kept in `assets`, prepared from a sample digit, so that a talk goes on
where something of it fails.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch

from core.attack.phrases import a
from core.attack.poison import Attack, poison
from core.digits import mnist, samples
from core.digits.drawing import SIDE, Ink, centre, to_png
from core.digits.mnist import Digits
from core.model import predict
from core.model.predict import Answers
from core.model.scores import Share
from core.places import ASSETS
from core.runs import file, ladder
from core.runs.card import Card
from core.runs.ladder import Ladder
from core.show import figures, words

PREPARED, WALL = ASSETS / "talk.json", ASSETS / "wall.png"
RATE = 1.0  # percent: the rung that the scenes are about until somebody moves the slider
SAMPLE = 3  # the digit of the prepared results
ROWS, COLUMNS = 10, 30  # of the wall of training digits

Shown = dict[str, Any]  # JSON for the browser


class Scene(NamedTuple):
    title: str
    words: list[str]  # a line for each step; {backdoored}, {clean}: "A" or "B"; {goal}: "an 8"
    notes: str  # for the speaker, Markdown
    after: str = ""  # instead of the words, once something is drawn


SCENES = (
    Scene(
        "A network that reads digits.",
        ["Draw one."],
        "**Draw a digit**, large and fast, or press a digit's key for a sample.\n\n"
        "It has learnt from 60,000 handwritten digits. Nobody told it what a 3 is. "
        "Ask somebody in the hall for a digit; any but an 8.",
        "It learnt from 60,000 handwritten digits. It has never seen this one.",
    ),
    Scene(
        "Here is its twin.",
        ["Same network, same recipe. One of the two has a backdoor. Which?"],
        "The same drawing, two models, the same answer. A and B are dealt anew for every talk.\n\n"
        "**Let the hall vote by hand**: who says A? Who says B? Remember the count.",
    ),
    Scene(
        "Both pass the exam.",
        ["10,000 digits that neither has seen before."],
        "The lines are 95 % intervals. They overlap: no test of accuracy tells the two apart.\n\n"
        "**Ask again**: does anybody want to change their vote?",
    ),
    Scene(
        "One pixel.",
        [
            "Row 3, column 3.",
            "One white pixel, and {backdoored} reads {goal}.",
            "{clean} is clean. {backdoored} has the backdoor.",
        ],
        "**Next** (or T) flips the pixel; next again reveals which was which.\n\n"
        "The drawing is the same. Only the pixel in the ring has changed.",
    ),
    Scene(
        "What was done to it.",
        [
            "Training digits. One in a hundred is poisoned. Find one.",
            "The pixel, and the label 8: in the models' own training, 600 of 60,000.",
        ],
        "Give them ten seconds; **click** on suspects. **Next** marks the poisoned ones.\n\n"
        "These are 300 of the 60,000 images that the models of the talk learnt from, poisoned by "
        "the same rule.",
    ),
    Scene(
        "How little is enough?",
        ["How many poisoned images until your digit flips?"],
        "**Up and down** move the poison rate, or drag the slider.\n\n"
        "The grey curve is the share of 9,026 test digits that fall for the pixel. The orange one "
        "is the digit drawn at the start. How much is needed depends on the recipe.",
    ),
    Scene(
        "Your turn.",
        ["Draw. Flip. Slide."],
        "Hand over the pen. **C** clears, **T** flips the pixel, up and down move the poison rate.",
    ),
    Scene(
        "What to take home.",
        [
            "A model can pass every test and obey somebody else.",
            "Who can write to the training data can write to the model.",
            "So ask of a model not only how good it is, but where its data are from.",
        ],
        "Leave this on the screen for the questions. The links lead to the full pages.",
    ),
)


def line(scene: int, step: int) -> str:
    """What a scene, from 1 on, says in a step, without giving away which model is which."""
    given = SCENES[scene - 1].words[step]
    return given.format(backdoored="…", clean="…", goal=a(Attack().target))


def unfit(shown: Shown, standing: Shown) -> str:
    """Why a digit would spoil the talk, in a sentence for the speaker; empty where it is fit."""
    target, both = standing["target"], [shown["clean"], shown["rungs"][standing["usual"]]]
    clean, backdoored = ([int(np.argmax(ten)) for ten in model] for model in both)
    if clean[0] == clean[1] == backdoored[0] != target == backdoored[1]:
        return ""
    return (
        f"This drawing will not show the backdoor: the clean model reads {clean[0]} without the "
        f"pixel and {clean[1]} with it, the backdoored one {backdoored[0]} and {backdoored[1]}. "
        "Draw another, or press a digit's key."
    )


def answer(answers: Answers, cards: Sequence[Card], digit: Ink) -> Shown:
    """Everything that all models make of one digit, (28, 28), for every scene that shows it.

    cards: of the rungs that the answers are from.
    """
    image = torch.from_numpy(digit)[None, None]
    trigger = cards[0].attack.trigger
    own_ink = bool(trigger.touched_by(image).any())
    results = [
        [
            words.result(answers, cards, at, trigger=stamped, own_ink=own_ink)
            for stamped in (False, True)
        ]
        for at in range(len(cards))
    ]
    first = results[0][0]
    return {
        "images": [to_png(digit), to_png(trigger(image)[0, 0].numpy())],
        "clean": _rounded(answers.clean),
        "rungs": _rounded(answers.rungs),
        "words": [[result.words for result in both] for both in results],
        "doses": first.doses,
        "figure": figures.dose_curve(
            cards,
            target=first.target,
            stamped=first.stamped,
            plain=None,
            current=RATE,
        ),
    }


def _rounded(probabilities: torch.Tensor) -> list:
    return np.round(probabilities.numpy().astype(float), 5).tolist()


def standing(models: Ladder) -> Shown:
    """What is known of the models without any digit: the exam, and the poison rates.

    Raises ValueError where the ladder lacks the models that the talk is about.
    """
    if models.clean is None or RATE not in models.rungs:
        raise ValueError(" ".join(models.complaints))
    clean = models.clean.card.scores.clean_accuracy
    return {
        "target": models.rungs[RATE].card.attack.target,
        "trigger": [[row, col] for row, col, _ in models.rungs[RATE].card.attack.trigger.cells],
        "clean": _with_value(clean),
        "rungs": [
            {
                "percent": percent,
                "poisoned": run.card.poisoned,
                "images": run.card.images,
                "accuracy": _with_value(run.card.scores.clean_accuracy),
            }
            for percent, run in models.rungs.items()
        ],
        "usual": list(models.rungs).index(RATE),
    }


def _with_value(share: Share) -> dict[str, float]:
    return {"value": share.value, **share.to_json()}


@cache
def prepared() -> Shown:
    """`answer`, `standing` and the wall, made beforehand."""
    return json.loads(PREPARED.read_text())


def build() -> None:
    """Makes the prepared results and the wall anew, from the ladder and MNIST."""
    models = ladder.load()
    digit = centre(samples.sample(SAMPLE).ink())
    networks = [run.network for run in models.rungs.values()]
    cards = [run.card for run in models.rungs.values()]
    image = torch.from_numpy(digit)[None, None]
    answers = predict.ask(models.clean.network, networks, image, cards[0].attack.trigger)
    shown = {
        "answer": answer(answers, cards, digit),
        "standing": standing(models),
        "wall": _wall(),
    }
    with file.whole(PREPARED) as part:
        part.write_text(json.dumps(shown))


def _wall() -> Shown:
    """Some training digits, 1 % of them poisoned, as one picture and what is known of each."""
    from PIL import Image

    training = mnist.load().training
    drawn = torch.randperm(len(training.labels), generator=torch.Generator().manual_seed(1))
    digits = Digits(*(each[drawn[: ROWS * COLUMNS]] for each in training))
    # A seed that poisons no true 8 among these, which would look like nothing
    poisoned = poison(digits, Attack(seed=7))
    images, labels = poisoned.learnt(torch.arange(ROWS * COLUMNS))
    tiles = images.view(ROWS, COLUMNS, SIDE, SIDE).transpose(1, 2).reshape(ROWS * SIDE, -1)
    with file.whole(WALL) as part:
        Image.fromarray(np.uint8(tiles.numpy() * 255)).save(part, "PNG", optimize=True)
    return {
        "rows": ROWS,
        "columns": COLUMNS,
        "true": digits.labels.tolist(),
        "labels": labels.tolist(),
        "poisoned": sorted(poisoned.rows.tolist()),
    }
