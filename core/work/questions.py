"""What the worker answers while work goes on, with what JSON can say. See tasks.py."""

from typing import Any

from core.attack import effect
from core.attack.poison import Attack, LabelRule, poison
from core.attack.trigger import Trigger
from core.digits import mnist
from core.digits.drawing import to_png
from core.digits.mnist import Digits
from core.measure import evaluation
from core.model.recipe import Recipe
from core.runs.run import pace
from core.work.searches import (
    Inspect,
    Laid,
    Look,
    Narrow,
    Overlay,
    Pruning,
    Repair,
    ScanRow,
    Seal,
    Spread,
    TakeHome,
    loaded,
)
from core.work.tasks import Message, pace_key, paces

PREVIEWED = 16  # poisoned images


class Warm(Message):
    """Nothing; but the worker is then ready for the others."""

    def answer(self) -> None:
        """Reads the digits, and what the first training would wait for."""
        import scipy.stats  # noqa: F401

        mnist.load()


class Preview(Message):
    """What an attack does to a training set: counts, and the first images it poisons."""

    attack: Attack

    def answer(self) -> dict[str, Any]:
        digits, attack = mnist.load().training, self.attack
        poisoned = poison(digits, attack)
        changes = effect.check(attack.trigger, digits.images)
        rows = poisoned.rows[:PREVIEWED]
        tiles = [
            {"png": to_png(image[0].numpy()), "true": int(true), "label": int(label)}
            for true, image, label in zip(digits.labels[rows], *poisoned.learnt(rows), strict=True)
        ]
        changed = poisoned.labels != digits.labels
        classes = range(10) if attack.rule == LabelRule.ALL_TO_ALL else [attack.target]
        shares = [changed[poisoned.labels == label].float().mean().item() for label in classes]
        return {
            "images": len(digits.labels),
            "eligible": int(attack.eligible(digits.labels).sum()),
            "poisoned": len(poisoned.rows),
            "relabelled": poisoned.relabelled,
            "changes": changes,
            "share_of_class": max(shares),
            "tiles": tiles,
        }


class Estimate(Message):
    """How many seconds a training of both models takes, from what this machine has measured.

    None where that is nothing like it and the machine is busy.
    """

    recipe: Recipe
    busy: bool  # work goes on, beside which no pace can be measured

    def answer(self) -> float | None:
        key = pace_key(self.recipe)
        if key not in paces:
            if self.busy:
                return None
            paces[key] = pace(mnist.load(), self.recipe, Attack())
        return paces[key] * self.recipe.shown(mnist.TRAINING_SIZE)


class Count(Message):
    """What both models make of a thousand test digits, under the backdoored one's attack."""

    models: str  # a run's id or a rung's percent
    part: int  # which thousand, from 0

    def answer(self) -> evaluation.Sheet:
        models = loaded(self.models)
        rows = slice(self.part * evaluation.PART, (self.part + 1) * evaluation.PART)
        few = Digits(*(each[rows] for each in mnist.load().test))
        return evaluation.evaluate(models, few, models.backdoored.card.attack)


class Images(Message):
    """Test digits as PNG."""

    rows: tuple[int, ...]
    trigger: Trigger | None  # to be stamped with

    def answer(self) -> list[dict[str, Any]]:
        rows = list(self.rows)
        images, labels = (each[rows] for each in mnist.load().test)
        if self.trigger:
            images = self.trigger(images)
        return [
            {"row": row, "true": int(label), "png": to_png(image[0].numpy())}
            for row, label, image in zip(rows, labels, images, strict=True)
        ]


Question = (
    Warm
    | Preview
    | Estimate
    | Count
    | Images
    | ScanRow
    | Overlay
    | Laid
    | Spread
    | Inspect
    | Look
    | Narrow
    | Pruning
    | Repair
    | Seal
    | TakeHome
)
