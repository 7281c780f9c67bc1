"""An exam: what a clean and a backdoored model make of the same test digits, image by image."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from core.attack.poison import Attack
from core.digits.mnist import Digits
from core.model.scores import Reading, Scores, Share, by_class, confusion, examine, score
from core.runs.run import MODELS, Models

PART = 1000  # test digits that are shown at once
Sheet = dict[str, str]  # one character per test digit, so that it goes through JSON as it is

# Which digits a person may want to look at
SELECTIONS = {
    "resists": "resist the trigger",
    "falls": "fall for the trigger",
    "leaks": "are no victims and fall for it all the same",
    "misread": "are misread by the backdoored model, without the trigger",
    "misread by clean": "are misread by the clean model, without the trigger",
    "misread by both": "are misread by both, without the trigger",
    "clean falls": "fall for it with the clean model too",
    "touched": "have ink of their own under the trigger",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Exam:
    data: str  # name of the data set
    attack: Attack  # whose trigger the stamped digits bore
    labels: Tensor  # (N,) int64, true classes
    touched: Tensor  # (N,) bool: it has ink of its own where the trigger goes
    clean: Reading | None
    backdoored: Reading

    @classmethod
    def of(cls, sheets: Iterable[Sheet], *, data: str, attack: Attack) -> "Exam":
        """From the sheets of all test digits, in their order."""
        sheets = list(sheets)

        def digits(name: str) -> Tensor:
            return torch.tensor([int(digit) for sheet in sheets for digit in sheet[name]])

        readings = {
            model: Reading(digits(model), digits(f"{model}, stamped"))
            for model in MODELS
            if model in sheets[0]
        }
        return cls(
            data=data,
            attack=attack,
            labels=digits("labels"),
            touched=digits("touched").bool(),
            clean=readings.get("clean"),
            backdoored=readings["backdoored"],
        )

    def reading(self, model: str) -> Reading | None:
        """Of one of run.MODELS."""
        return getattr(self, model)

    def scores(self, model: str) -> Scores | None:
        reading = self.reading(model)
        return reading and score(reading, self.labels, self.attack)

    @property
    def models(self) -> list[str]:
        """Those of run.MODELS that sat it."""
        return [model for model in MODELS if self.reading(model)]

    def by_class(self, model: str) -> list[Scores] | None:
        """Ten, one for each true class."""
        return self._by_class.get(model)

    @cached_property
    def _by_class(self) -> dict[str, list[Scores]]:  # eighty intervals take 40 ms
        return {
            model: by_class(self.reading(model), self.labels, self.attack) for model in self.models
        }

    def confusion(self, model: str, *, stamped: bool) -> Tensor:
        """(10, 10): true class by row, what the model reads by column."""
        return confusion(self.labels, self.reading(model)[stamped])

    def behind(self, model: str, *, stamped: bool, true: int, read: int) -> Tensor:
        """The rows of the test digits behind one cell of the confusion matrix."""
        found = self.reading(model)[stamped]
        return ((self.labels == true) & (found == read)).nonzero()[:, 0]

    def _bystanders(self) -> Tensor:
        """(N,) bool: digits that an attack on one class is to leave alone."""
        goal = self.attack.goal(self.labels)
        return ~self.attack.eligible(self.labels) & (self.labels != goal)

    def leak(self) -> dict[str, Share]:
        """By model: bystanders that are read as the target once stamped; of no attack on all."""
        goal, others = self.attack.goal(self.labels), self._bystanders()
        if not others.any():
            return {}
        return {
            model: Share.of((self.reading(model).stamped == goal)[others]) for model in self.models
        }

    def natural(self) -> Share | None:
        """Victims that the clean model reads as what the attack wants even without the trigger."""
        goal, victims = self.attack.goal(self.labels), self.attack.victims(self.labels)
        return self.clean and Share.of((self.clean.plain == goal)[victims])

    def selected(self, selection: str) -> Tensor:
        """The rows of the test digits of one of SELECTIONS; of none where there is no clean one."""
        goal, victims = self.attack.goal(self.labels), self.attack.victims(self.labels)
        wrong = self.backdoored.plain != self.labels
        fallen = victims & (self.backdoored.stamped == goal)
        wrong_too, fallen_too = torch.zeros(2, len(self.labels)).bool()
        if self.clean:
            wrong_too = self.clean.plain != self.labels
            fallen_too = victims & (self.clean.stamped == goal)
        chosen = {
            "resists": victims & ~fallen,
            "falls": fallen,
            "leaks": self._bystanders() & (self.backdoored.stamped == goal),
            "misread": wrong,
            "misread by clean": wrong_too,
            "misread by both": wrong & wrong_too,
            "clean falls": fallen_too,
            "touched": self.touched,
        }[selection]
        return chosen.nonzero()[:, 0]


def sit(models: Models, test: Digits, attack: Attack) -> Sheet:
    """Shows some test digits to both models, with and without the trigger."""
    sheet = {
        "labels": _written(test.labels),
        "touched": _written(attack.trigger.touched_by(test.images)),
    }
    for model, run in zip(MODELS, models, strict=True):
        if run:
            plain, stamped = examine(run.network, test.images, attack.trigger)
            sheet |= {model: _written(plain), f"{model}, stamped": _written(stamped)}
    return sheet


def _written(digits: Tensor) -> str:
    return "".join(map(str, digits.int().tolist()))
