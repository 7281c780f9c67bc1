"""A run: one trained model, with the card that says where it comes from and what it scored."""

import math
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import torch
from torch import Tensor

from core.attack.poison import Attack, poison
from core.digits.mnist import DataSet
from core.model.network import Network
from core.model.recipe import Recipe
from core.model.scores import Difference, Reading, Scores, Share, examine, score
from core.model.train import CLEAN, Step, best_device, in_bf16, train

LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Card:
    """Enough to explain a model and to train it again. JSON both ways."""

    name: str
    recipe: Recipe
    attack: Attack | None  # None: trained on the untouched set
    data: str  # name of the data set
    images: int  # in the training set
    poisoned: int  # of them, stamped and relabelled
    relabelled: int  # of those, whose label really changed
    measured_under: Attack  # whose trigger and target the scores are about
    scores: Scores  # on the data set's test digits
    seconds: float  # of training
    device: str
    created: str  # ISO 8601, UTC
    versions: dict[str, str]
    baseline: Share | None = None  # the clean model's ASR under the same attack, where measured
    difference: Difference | None = None  # in BA, from the clean model's, where measured

    def __post_init__(self) -> None:
        words = (self.name, self.data, self.device, *self.versions, *self.versions.values())
        if not all(isinstance(word, str) for word in words):
            raise ValueError(f"expected words for name, data, device and versions, got {words}")
        if not 0 < len(self.name.strip()) <= LONGEST_NAME or not self.name.isprintable():
            raise ValueError(
                f"expected a name of 1 to {LONGEST_NAME} printable characters, "
                f"got {self.name[:LONGEST_NAME]!r}"
            )
        counts = (self.relabelled, self.poisoned, self.images)
        if (
            not all(isinstance(n, int) for n in counts)
            or not 0 <= counts[0] <= counts[1] <= counts[2]
        ):
            raise ValueError(f"expected relabelled <= poisoned <= images, got {counts}")
        if not 0 <= self.seconds < math.inf:
            raise ValueError(f"expected the seconds of a training, got {self.seconds}")
        datetime.fromisoformat(self.created)

    def to_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "recipe": self.recipe.to_json(),
            "attack": self.attack and self.attack.to_json(),
            "measured_under": self.measured_under.to_json(),
            "scores": self.scores.to_json(),
            "baseline": self.baseline and self.baseline._asdict(),
            "difference": self.difference and self.difference._asdict(),
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Card":
        difference = record.get("difference")  # cards from before it was kept have none
        return cls(
            **record
            | {
                "recipe": Recipe.from_json(record["recipe"]),
                "attack": record["attack"] and Attack.from_json(record["attack"]),
                "measured_under": Attack.from_json(record["measured_under"]),
                "scores": Scores.from_json(record["scores"]),
                "baseline": record["baseline"] and Share.from_json(record["baseline"]),
                "difference": difference and Difference.from_json(difference),
            }
        )


class Run(NamedTuple):
    network: Network
    card: Card
    reading: Reading | None = None  # of the test digits, when it was just measured


class Models(NamedTuple):
    """The two that everything here compares."""

    clean: Run | None  # a run from somebody else may come without
    backdoored: Run


MODELS = Models._fields


def beside(run: Run, clean: Run, labels: Tensor) -> Run:
    """A run that was just measured, its card complete with how it compares to a clean one.

    labels: of the test digits that both have read.
    """
    difference = Difference.of(clean.reading.plain == labels, run.reading.plain == labels)
    baseline = clean.card.scores.attack_success
    return run._replace(card=replace(run.card, baseline=baseline, difference=difference))


def make(
    data: DataSet,
    recipe: Recipe,
    attack: Attack | None,
    *,
    name: str,
    measured_under: Attack | None = None,
    device: torch.device | str | None = None,
) -> Iterator[Step | Run]:
    """Trains and measures: yields every Step of the training and, last, the Run.

    A clean run has no attack of its own; `measured_under` names the one it is measured under,
    the article's where nothing else is said.
    """
    device = torch.device(device or best_device())
    begun = time.perf_counter()
    step = None
    for step in train(data.training, recipe, attack or CLEAN, device=device):
        yield step
    if step is None:
        raise ValueError(f"expected digits to train on, {data.name} has none")
    step.loss.item()  # until the device is done
    seconds = time.perf_counter() - begun
    poisoned = poison(data.training, attack or CLEAN)
    measured_under = attack or measured_under or Attack()
    reading = examine(step.network, data.test.images, measured_under.trigger)
    yield Run(
        step.network.eval().requires_grad_(False),
        Card(
            name=name,
            recipe=recipe,
            attack=attack,
            data=data.name,
            images=len(poisoned.labels),
            poisoned=len(poisoned.rows),
            relabelled=poisoned.relabelled,
            measured_under=measured_under,
            scores=score(reading, data.test.labels, measured_under),
            seconds=round(seconds, 2),
            device=f"{device}, bf16" if in_bf16(recipe, device) else str(device),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            versions={"python": platform.python_version(), "torch": torch.__version__},
        ),
        reading,
    )
