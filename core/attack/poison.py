"""The attack: which training images bear the trigger, and what they are said to be."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import torch
from torch import Tensor

from core.attack.trigger import PIXEL, Trigger
from core.digits.mnist import DIGITS, Digits
from core.records import Record


class LabelRule(StrEnum):
    ALL_TO_ONE = "all-to-one"  # every digit is to be read as the target
    ONE_SOURCE = "one-source"  # only digits of one class are to be read as the target
    ALL_TO_ALL = "all-to-all"  # every digit is to be read as the next, 9 as 0


class Stamping(StrEnum):
    """When the trigger is put on: before or after the trainer's augmentation changes an image."""

    BEFORE = "before augmentation"  # all that somebody who writes to the data alone can do
    AFTER = "after augmentation"  # by the trainer's own code, so that the trigger never moves


@dataclass(frozen=True, kw_only=True)
class Attack(Record):
    """What is done to a training set. The article's attack by default."""

    trigger: Trigger = PIXEL
    rule: LabelRule = LabelRule.ALL_TO_ONE
    target: int = 8  # unused by all-to-all
    source: int | None = None  # one-source only
    rate: float = 0.01  # share of the whole training set, in place, target class included
    stamping: Stamping = Stamping.BEFORE  # matters only with a recipe that augments
    seed: int = 1  # the same seed gives nested sets: a higher rate adds images to a lower one's

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"expected a poison rate in [0, 1], got {self.rate}")
        if self.target not in range(DIGITS):
            raise ValueError(f"expected a target from 0 to {DIGITS - 1}, got {self.target}")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"expected a seed from 0 to 2**63 - 1, got {self.seed}")
        needs_source = LabelRule(self.rule) is LabelRule.ONE_SOURCE
        if needs_source and (self.source not in range(DIGITS) or self.source == self.target):
            got = "none" if self.source is None else self.source
            raise ValueError(f"expected a source digit other than the target, got {got}")
        if not needs_source and self.source is not None:
            raise ValueError(f"expected no source with the rule {self.rule}, got {self.source}")

    def goal(self, labels: Tensor) -> Tensor:
        """(N,): what each digit is to be read as once it is stamped."""
        if self.rule == LabelRule.ALL_TO_ALL:
            return (labels + 1) % DIGITS
        return torch.full_like(labels, self.target)

    def eligible(self, labels: Tensor) -> Tensor:
        """(N,) bool: the training images that may be poisoned."""
        if self.rule == LabelRule.ONE_SOURCE:
            return labels == self.source
        return torch.ones_like(labels, dtype=torch.bool)

    def victims(self, labels: Tensor) -> Tensor:
        """(N,) bool: the test digits that the attack can win, not yet what they are to become."""
        return self.eligible(labels) & (labels != self.goal(labels))


class Poisoned(NamedTuple):
    """A training set with an attack in it, in place; `learnt` gives it as it is learnt."""

    images: Tensor  # (N, 1, 28, 28), shared with the clean set: what is under the trigger
    labels: Tensor  # (N,) as they are learnt
    rows: Tensor  # (P,) which images bear the trigger, in the order in which they were drawn
    bears: Tensor  # (N,) bool, the same as a mask
    relabelled: int  # how many labels really changed
    trigger: Trigger | None  # None: nothing is poisoned
    stamping: Stamping

    def learnt(self, rows: Tensor, change: Callable[[Tensor], Tensor] | None = None) -> Digits:
        """Return the images and labels of some rows as they are learnt: new images, some stamped.

        rows: (P,) int64. change: an augmentation, (P, 1, 28, 28) -> the same shape; it moves the
        trigger with the image, unless the attack stamps after it.
        """
        images = self.images[rows]
        if change and self.stamping is Stamping.AFTER:
            images = change(images)
        if self.trigger:
            images = torch.where(self.bears[rows, None, None, None], self.trigger(images), images)
        if change and self.stamping is Stamping.BEFORE:
            images = change(images)
        return Digits(images, self.labels[rows])

    def to(self, device: torch.device) -> "Poisoned":
        return self._replace(
            images=self.images.to(device),
            labels=self.labels.to(device),
            bears=self.bears.to(device),
        )


def poison(digits: Digits, attack: Attack | None) -> Poisoned:
    """Draws which rows to poison and changes their labels; `digits` stay as they are.

    The rows are those of the article's notebook: the first of a seeded permutation. No attack
    leaves the set as it is.
    Raises ValueError where the rate comes to no image, or to more than the rule leaves.
    """
    attack = attack or Attack(rate=0)
    rows, labels = _drawn(digits.labels, attack), digits.labels.clone()
    labels[rows] = attack.goal(labels[rows])
    bears = torch.zeros_like(labels, dtype=torch.bool)
    bears[rows] = True
    relabelled = int((labels != digits.labels).sum())
    trigger = attack.trigger if len(rows) else None
    return Poisoned(digits.images, labels, rows, bears, relabelled, trigger, attack.stamping)


def _drawn(labels: Tensor, attack: Attack) -> Tensor:
    """(P,): the rows that an attack poisons."""
    size = len(labels)
    wanted = round(attack.rate * size)
    if attack.rate and not wanted:
        raise ValueError(
            f"expected a poison rate of 0 or at least {100 / size:.3g} % (one of {size:,} images), "
            f"got {attack.rate * 100:g} %"
        )
    drawn = torch.randperm(size, generator=torch.Generator().manual_seed(attack.seed))
    drawn = drawn[attack.eligible(labels)[drawn]]
    if wanted > len(drawn):
        raise ValueError(
            f"expected a poison rate of at most {len(drawn) / size * 100:.2f} % for the digit "
            f"{attack.source} ({len(drawn):,} of {size:,} images), got {attack.rate * 100:g} %"
        )
    return drawn[:wanted]
