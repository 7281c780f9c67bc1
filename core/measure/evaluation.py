"""What a clean and a backdoored model make of the same test digits, image by image."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor

from core.attack.poison import Attack
from core.digits.mnist import Digits
from core.model.role import Pair, Role
from core.model.scores import Reading, Scores, Share, by_class, confusion, examine, score
from core.runs.run import Run

PART = 1000  # test digits that are shown at once
Sheet = dict[str, str]  # one character per test digit, so that it goes through JSON as it is


def evaluate(models: Pair[Run], test: Digits, attack: Attack) -> Sheet:
    """Shows some test digits to both models, with and without the trigger."""
    sheet = {
        "labels": _written(test.labels),
        "touched": _written(attack.trigger.touched_by(test.images)),
    }
    for role, run in zip(Role, models, strict=True):
        if run:
            plain, stamped = examine(run.network, test.images, attack.trigger)
            sheet |= {role: _written(plain), _with_trigger(role): _written(stamped)}
    return sheet


def _with_trigger(role: Role) -> str:
    return f"{role}, stamped"


def _written(digits: Tensor) -> str:
    return "".join(map(str, digits.int().tolist()))


@dataclass(frozen=True, eq=False, kw_only=True)
class Evaluation:
    """What both models read in all N test digits. A mask is (N,) bool."""

    attack: Attack  # whose trigger the stamped digits bore
    labels: Tensor  # (N,) int64, true classes
    touched: Tensor  # a mask: digits with ink of their own where the trigger goes
    readings: Pair[Reading]

    @classmethod
    def of(cls, sheets: Iterable[Sheet], *, attack: Attack) -> "Evaluation":
        """From the sheets of all test digits, in their order."""
        sheets = list(sheets)

        def digits(name: str) -> Tensor:
            return torch.tensor([int(digit) for sheet in sheets for digit in sheet[name]])

        readings = (
            Reading(digits(role), digits(_with_trigger(role))) if role in sheets[0] else None
            for role in Role
        )
        return cls(
            attack=attack,
            labels=digits("labels"),
            touched=digits("touched").bool(),
            readings=Pair(*readings),
        )

    @property
    def roles(self) -> list[Role]:
        """Of the models that are there."""
        return [role for role, _ in self.readings.present()]

    @cached_property
    def goal(self) -> Tensor:
        """(N,): what the attack wants each digit to be read as."""
        return self.attack.goal(self.labels)

    @cached_property
    def victims(self) -> Tensor:
        """A mask."""
        return self.attack.victims(self.labels)

    @cached_property
    def bystanders(self) -> Tensor:
        """A mask: digits that an attack on one class is to leave alone."""
        return ~self.attack.eligible(self.labels) & (self.labels != self.goal)

    @cached_property
    def scores(self) -> Pair[Scores]:
        return self.readings.map(lambda reading: score(reading, self.labels, self.attack))

    @cached_property
    def by_class(self) -> Pair[list[Scores]]:  # eighty intervals take 40 ms
        """Ten of each model, one for each true class."""
        return self.readings.map(lambda reading: by_class(reading, self.labels, self.attack))

    def read(self, role: Role, *, stamped: bool) -> Tensor:
        """(N,) int64: what a model reads in each digit, with or without the trigger."""
        reading = self.readings.of(role)
        return reading.stamped if stamped else reading.plain

    def misread(self, role: Role) -> Tensor:
        """A mask: untouched digits that a model misreads; none where there is no such model."""
        reading = self.readings.of(role)
        return torch.zeros_like(self.victims) if reading is None else reading.plain != self.labels

    def obeyed(self, role: Role) -> Tensor:
        """A mask: stamped digits that a model reads as the attack wants; as above."""
        reading = self.readings.of(role)
        return torch.zeros_like(self.victims) if reading is None else reading.stamped == self.goal

    def confusion(self, role: Role, *, stamped: bool) -> Tensor:
        """(10, 10): true class by row, what the model reads by column."""
        return confusion(self.labels, self.read(role, stamped=stamped))

    def behind(self, role: Role, *, stamped: bool, true: int, read: int) -> Tensor:
        """The rows of the test digits behind one cell of the confusion matrix."""
        cell = (self.labels == true) & (self.read(role, stamped=stamped) == read)
        return cell.nonzero()[:, 0]

    def leak(self) -> Pair[Share] | None:
        """Bystanders that are read as the target once stamped; of no attack on every class."""
        if not self.bystanders.any():
            return None
        return self.readings.map(
            lambda reading: Share.of((reading.stamped == self.goal)[self.bystanders])
        )

    def natural(self) -> Share | None:
        """Victims that the clean model reads as what the attack wants even without the trigger."""
        clean = self.readings.clean
        return clean and Share.of((clean.plain == self.goal)[self.victims])


class Selection(NamedTuple):
    words: str  # what they do, after "Test digits that"
    stamped: bool  # whether it is about digits with the trigger
    mask: Callable[[Evaluation], Tensor]

    def rows(self, evaluation: Evaluation) -> Tensor:
        """(n,) int64: of the test digits."""
        return self.mask(evaluation).nonzero()[:, 0]


SELECTIONS = {
    "resists": Selection(
        "resist the trigger", True, lambda each: each.victims & ~each.obeyed(Role.BACKDOORED)
    ),
    "falls": Selection(
        "fall for the trigger", True, lambda each: each.victims & each.obeyed(Role.BACKDOORED)
    ),
    "leaks": Selection(
        "are no victims and fall for it all the same",
        True,
        lambda each: each.bystanders & each.obeyed(Role.BACKDOORED),
    ),
    "misread": Selection(
        "are misread by the backdoored model, without the trigger",
        False,
        lambda each: each.misread(Role.BACKDOORED),
    ),
    "misread by clean": Selection(
        "are misread by the clean model, without the trigger",
        False,
        lambda each: each.misread(Role.CLEAN),
    ),
    "misread by both": Selection(
        "are misread by both, without the trigger",
        False,
        lambda each: each.misread(Role.CLEAN) & each.misread(Role.BACKDOORED),
    ),
    "clean falls": Selection(
        "fall for it with the clean model too",
        True,
        lambda each: each.victims & each.obeyed(Role.CLEAN),
    ),
    "touched": Selection(
        "have ink of their own under the trigger", False, lambda each: each.touched
    ),
}
