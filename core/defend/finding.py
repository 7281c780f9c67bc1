"""What a defence finds, what it says of a model, and how right it is about rows."""

from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor

from core.model.scores import Share
from core.records import Record


class Pattern(NamedTuple):
    """A trigger as a defence makes it out: (1, 28, 28) each, in [0, 1]."""

    mask: Tensor  # how much of a pixel is replaced
    values: Tensor  # what replaces it

    def __call__(self, images: Tensor) -> Tensor:
        """Stamps (N, 1, 28, 28) images."""
        return images + self.mask * (self.values - images)


class Suspect(NamedTuple):
    """What a defence finds most suspect in a model, be it clean or not."""

    statistic: float  # the higher the more suspect
    target: int  # the digit that a trigger is to stand for
    place: tuple[int, int] | None = None  # row and column of the trigger
    rows: Tensor | None = None  # (N,) bool: those of the training set that are to be poisoned
    published: float | None = None  # the statistic of the published rule, where ours is another
    pattern: Pattern | None = None  # what turns digits into the target

    @property
    def statistics(self) -> "Suspect":
        """The same without what is as large as a training set or an image."""
        return self._replace(rows=None, pattern=None)


@dataclass(frozen=True, kw_only=True)
class Finding(Record):
    """A verdict, and what it rests on."""

    method: str
    statistic: float
    threshold: float  # what it is to exceed for a verdict of "backdoored"
    source: str  # where the threshold comes from, in a sentence
    target: int
    place: tuple[int, int] | None = None  # row and column of the trigger

    @property
    def backdoored(self) -> bool:
        return self.statistic > self.threshold


class Grade(NamedTuple):
    """How good a choice of rows is."""

    precision: Share  # of the rows found, those that bear the trigger
    recall: Share  # of those that bear it, the rows found

    @classmethod
    def of(cls, found: Tensor, bears: Tensor) -> "Grade":
        """Both (N,) bool, of the same rows."""
        return cls(Share.of(bears[found]), Share.of(found[bears]))
