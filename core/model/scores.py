"""Scores: how well a model reads digits and how often the trigger wins, with n and intervals."""

from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import NamedTuple

import torch
from torch import Tensor

from core.attack.poison import Attack
from core.attack.trigger import Trigger
from core.digits.mnist import DIGITS, Digits
from core.model.network import Network
from core.records import Record

BATCH = 250  # images a forward pass; fits the cache, twice as fast as 1000
NOT_LEARNT = 0.1  # ASR up to which a backdoor counts as not learnt
LEARNT = 0.9  # ASR from which it counts as learnt
MOST_DIGITS = 10**9  # more than any data set has
Z = NormalDist().inv_cdf(0.975)  # of a 95 % interval


@dataclass(frozen=True)
class Share(Record):
    """`hits` of `n`, with a 95 % interval."""

    hits: int
    n: int
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.n <= MOST_DIGITS or not 0 <= self.low <= self.high <= 1:
            raise ValueError(f"expected hits of n in an interval from 0 to 1, got {self}")

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else float("nan")

    @classmethod
    def of(cls, hits: Tensor) -> "Share":
        """From (N,) bool. Wilson's interval, Wilson 1927, by scipy; of nothing it is [0, 1]."""
        # Imported here: half a second and 50 MB that showing a score can do without.
        from scipy.stats import binomtest

        count, n = int(hits.sum()), len(hits)
        if not n:
            return cls(0, 0, 0.0, 1.0)
        interval = binomtest(count, n).proportion_ci(method="wilson")
        return cls(count, n, float(interval.low), float(interval.high))


@dataclass(frozen=True)
class Difference(Record):
    """How much more a second model reads right than a first, digit by digit, with a 95 % interval.

    Both read the same digits, so only those count that one of them reads right and the other not.
    """

    gained: int  # digits that only the second model reads right
    lost: int  # digits that only the first one does
    n: int
    low: float
    high: float

    def __post_init__(self) -> None:
        changed = self.gained + self.lost
        counted = min(self.gained, self.lost) >= 0 and changed <= self.n <= MOST_DIGITS
        if not counted or not -1 <= self.low <= self.high <= 1:
            raise ValueError(f"expected counts of n and an interval from -1 to 1, got {self}")

    @property
    def value(self) -> float:
        return (self.gained - self.lost) / self.n if self.n else float("nan")

    @property
    def within_noise(self) -> bool:
        return self.low <= 0 <= self.high

    @classmethod
    def of(cls, first: Tensor, second: Tensor) -> "Difference":
        """From (N,) bool each: whether the model reads the digit right.

        The adjusted Wald interval of Bonett and Price 2012, doi:10.3102/1076998611411915, for the
        table that McNemar's test looks at; unlike a bootstrap it does not shrink to nothing where
        the models agree on every digit. No library here has it.
        """
        gained, lost, n = int((second & ~first).sum()), int((first & ~second).sum()), len(first)
        if not n:
            return cls(0, 0, 0, -1.0, 1.0)
        up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
        middle, spread = up - down, Z * ((up + down - (up - down) ** 2) / (n + 2)) ** 0.5
        return cls(gained, lost, n, max(-1.0, middle - spread), min(1.0, middle + spread))


@dataclass(frozen=True, kw_only=True)
class Scores(Record):
    """What is known of one model under one attack."""

    clean_accuracy: Share  # BA: untouched test digits read right
    attack_success: Share  # ASR: stamped victims (true class not the target) read as the target
    article_success: Share  # the article's: all stamped digits, true targets counted too
    robust_accuracy: Share  # RA: stamped victims still read right

    def named(self) -> dict[str, Share]:
        """Each by its name above."""
        return dict(vars(self))


class Definition(StrEnum):
    """What counts as a success of the trigger, with its words."""

    # stamped digits whose true class is not what the attack wants
    STANDARD = "standard", "The standard definition", "ASR", "Attack success (ASR)", ""
    # all stamped digits, true targets too
    ARTICLE = (
        "article",
        "The article's",
        "article's ASR",
        "ASR, article's definition",
        ", by the article's definition: true targets count too",
    )

    choice: str  # among the definitions
    short: str  # of the attack success rate by it
    heading: str  # of the same, in a table
    tail: str  # of a caption

    def __new__(cls, value: str, *words: str) -> "Definition":
        definition = str.__new__(cls, value)
        definition._value_ = value
        definition.choice, definition.short, definition.heading, definition.tail = words
        return definition

    def success(self, scores: Scores) -> Share:
        """The attack success rate by this definition."""
        return scores.article_success if self is Definition.ARTICLE else scores.attack_success


@torch.inference_mode()
def read(network: Network, images: Tensor) -> Tensor:
    """(N, 1, 28, 28) -> (N,) int64: the digit that the network sees in each image."""
    device = next(network.parameters()).device
    return torch.cat([network(part.to(device)).argmax(1).cpu() for part in images.split(BATCH)])


class Reading(NamedTuple):
    """The digits that one model sees in N images, int64 in (N,) each."""

    plain: Tensor  # in the untouched images
    stamped: Tensor  # once they bear the trigger


def examine(network: Network, images: Tensor, trigger: Trigger) -> Reading:
    """Shows (N, 1, 28, 28) to a model, with and without the trigger."""
    return Reading(read(network, images), read(network, trigger(images)))


def score(reading: Reading, labels: Tensor, attack: Attack) -> Scores:
    """Counts what a model made of digits with these true labels, (N,).

    Definitions: ASR over stamped digits whose true class is not what the attack makes of them,
    as in BackdoorBench, Wu et al. 2022, arXiv:2206.12654; the article's over all of them.
    """
    goal, victims = attack.goal(labels), attack.victims(labels)
    return Scores(
        clean_accuracy=Share.of(reading.plain == labels),
        attack_success=Share.of((reading.stamped == goal)[victims]),
        article_success=Share.of(reading.stamped == goal),
        robust_accuracy=Share.of((reading.stamped == labels)[victims]),
    )


def by_class(reading: Reading, labels: Tensor, attack: Attack) -> list[Scores]:
    """The same for the digits of each true class by themselves."""
    of_class = [labels == digit for digit in range(DIGITS)]
    return [
        score(Reading(reading.plain[rows], reading.stamped[rows]), labels[rows], attack)
        for rows in of_class
    ]


def confusion(labels: Tensor, readings: Tensor) -> Tensor:
    """(10, 10) int64: how many digits of each true class, row, were read as what, column."""
    counts = torch.bincount(labels * DIGITS + readings, minlength=DIGITS * DIGITS)
    return counts.view(DIGITS, DIGITS)


def quick_scores(network: Network, test: Digits, attack: Attack) -> tuple[float, float]:
    """BA and ASR of a few digits, in [0, 1] and without intervals: for a curve as it grows."""
    victims = attack.victims(test.labels)
    plain = read(network, test.images) == test.labels
    stamped = read(network, attack.trigger(test.images[victims]))
    fooled = stamped == attack.goal(test.labels[victims])
    return plain.float().mean().item(), fooled.float().mean().item()
