"""A card: what is known of a run, where it comes from and what it scored."""

import math
import reprlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from core.attack.poison import Attack, Stamping
from core.model.recipe import Recipe
from core.model.scores import MOST_DIGITS, Difference, Scores
from core.records import Record, check_name

VERSION = 4  # of a card's JSON; `_upgraded` knows the older ones
MOST_VERSIONS = 20  # of programs that a card names


@dataclass(frozen=True, kw_only=True)
class Card(Record):
    """Enough to explain a model and to train it again."""

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
    versions: dict[str, str]  # of the programs that trained it
    difference: Difference | None = None  # in BA, where measured: from the clean model's, or a
    # repaired model's from the broken one's
    repaired: str | None = None  # by what; None: it is as it was trained

    def __post_init__(self) -> None:
        check_name(self.name, "a run")
        check_name(self.data, "a data set")
        check_name(self.device, "a device")
        if self.repaired is not None:
            check_name(self.repaired, "a repair")
        if len(self.versions) > MOST_VERSIONS:
            raise ValueError(f"expected at most {MOST_VERSIONS} versions, got {len(self.versions)}")
        for program, version in self.versions.items():
            check_name(program, "a program")
            check_name(version, "a version")
        counts = (self.relabelled, self.poisoned, self.images)
        if not 0 <= self.relabelled <= self.poisoned <= self.images <= MOST_DIGITS:
            raise ValueError(f"expected relabelled <= poisoned <= images, got {counts}")
        if not 0 <= self.seconds < math.inf:
            raise ValueError(f"expected the seconds of a training, got {self.seconds}")
        try:
            datetime.fromisoformat(self.created)
        except ValueError:
            raise ValueError(
                f"expected the time of a training, got {reprlib.repr(self.created)}"
            ) from None

    def to_json(self) -> dict[str, Any]:
        return {"version": VERSION, **super().to_json()}

    @classmethod
    def from_json(cls, record: Any) -> Self:
        """Reads a card of this version or an older one; raises ValueError for anything else."""
        return super().from_json(_upgraded(record) if isinstance(record, dict) else record)


def _upgraded(record: dict[str, Any]) -> dict[str, Any]:
    """A card's JSON of any version as the newest one has it, but for the version.

    Version 1 said nothing of its version nor, at first, of the difference; it wrote the value of
    every score beside its hits and n, and the clean model's ASR, which that model's card has.
    Version 2 knew no repairs. Version 3 stamped after the augmentation and did not say so; by a
    recipe without one the order makes no difference.
    """
    version = record.get("version", 1)
    if type(version) is not int or not 1 <= version <= VERSION:
        raise ValueError(
            f"expected a card of version {VERSION} or older, got {reprlib.repr(version)}; "
            "a newer Backdoor Lab may have made it"
        )
    record = _without("version", record)
    if version == 1:
        record = {"difference": None, **_without("baseline", record)}
        if isinstance(scores := record.get("scores"), dict):
            record["scores"] = {name: _without("value", share) for name, share in scores.items()}
    if version <= 2:
        record = {"repaired": None, **record}
    if version <= 3:
        augments = isinstance(recipe := record.get("recipe"), dict) and recipe.get("augment")
        stamping = Stamping.AFTER if augments else Stamping.BEFORE
        for field in ("attack", "measured_under"):
            if isinstance(attack := record.get(field), dict):
                record[field] = {"stamping": stamping, **attack}
    return record


def _without(field: str, record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    return {name: value for name, value in record.items() if name != field}
