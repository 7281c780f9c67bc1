"""A card: what is known of a run, where it comes from and what it scored."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.attack.poison import Attack
from core.model.recipe import Recipe
from core.model.scores import Difference, Scores, Share

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
