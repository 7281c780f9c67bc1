"""What a defence says of a model."""

from dataclasses import dataclass

from core.records import Record


@dataclass(frozen=True, kw_only=True)
class Finding(Record):
    """A verdict, and what it rests on."""

    method: str
    statistic: float
    threshold: float  # what it is to exceed for a verdict of "backdoored"
    source: str  # where the threshold comes from, in a sentence
    target: int | None = None  # the digit that the trigger is to stand for
    place: tuple[int, int] | None = None  # row and column of the trigger

    @property
    def backdoored(self) -> bool:
        return self.statistic > self.threshold
