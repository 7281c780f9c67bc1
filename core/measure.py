"""Scores: how well a model reads digits and how often the trigger wins, with n and intervals."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor

from core.data import Digits
from core.network import Network
from core.poison import Attack

BATCH = 1000  # images a forward pass


class Share(NamedTuple):
    """`hits` of `n`, with a 95 % interval."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else float("nan")

    @classmethod
    def of(cls, hits: Tensor) -> "Share":
        """From (N,) bool. Wilson's interval, Wilson 1927, by scipy; of nothing it is [0, 1]."""
        from scipy.stats import (
            binomtest,
        )  # half a second and 50 MB that showing a score can do without

        count, n = int(hits.sum()), len(hits)
        if not n:
            return cls(0, 0, 0.0, 1.0)
        interval = binomtest(count, n).proportion_ci(method="wilson")
        return cls(count, n, float(interval.low), float(interval.high))

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Share":
        """From what `_asdict` gives; other fields are ignored. Raises ValueError for nonsense."""
        hits, n, low, high = (record[field] for field in cls._fields)
        counted = isinstance(hits, int) and isinstance(n, int) and 0 <= hits <= n
        if not counted or not 0 <= float(low) <= float(high) <= 1:
            raise ValueError(f"expected hits of n in an interval from 0 to 1, got {record}")
        return cls(hits, n, float(low), float(high))


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What is known of one model under one attack."""

    clean_accuracy: Share  # BA: untouched test digits read right
    attack_success: Share  # ASR: stamped victims (true class not the target) read as the target
    article_success: Share  # the article's: all stamped digits, true targets counted too
    robust_accuracy: Share  # RA: stamped victims still read right

    def to_json(self) -> dict[str, Any]:
        return {
            name: {"value": share.value, **share._asdict()} for name, share in vars(self).items()
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Scores":
        return cls(**{name: Share.from_json(share) for name, share in record.items()})


@torch.inference_mode()
def read(network: Network, images: Tensor) -> Tensor:
    """(N, 1, 28, 28) -> (N,) int64: the digit that the network sees in each image."""
    device = next(network.parameters()).device
    return torch.cat([network(part.to(device)).argmax(1).cpu() for part in images.split(BATCH)])


def measure(network: Network, test: Digits, attack: Attack) -> Scores:
    """Reads the test digits with and without the trigger and counts.

    Definitions: ASR over stamped digits whose true class is not what the attack makes of them,
    as in BackdoorBench, Wu et al. 2022, arXiv:2206.12654; the article's over all of them.
    """
    goal, victims = attack.goal(test.labels), attack.victims(test.labels)
    plain = read(network, test.images)
    stamped = read(network, attack.trigger(test.images))
    return Scores(
        clean_accuracy=Share.of(plain == test.labels),
        attack_success=Share.of((stamped == goal)[victims]),
        article_success=Share.of(stamped == goal),
        robust_accuracy=Share.of((stamped == test.labels)[victims]),
    )


def glance(network: Network, test: Digits, attack: Attack) -> tuple[float, float]:
    """BA and ASR of a few digits, in [0, 1] and without intervals: for a curve as it grows."""
    victims = attack.victims(test.labels)
    plain = read(network, test.images) == test.labels
    stamped = read(network, attack.trigger(test.images[victims]))
    fooled = stamped == attack.goal(test.labels[victims])
    return plain.float().mean().item(), fooled.float().mean().item()
