"""What a defence finds, what it says of a model, and how right it is about rows."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from torch import Tensor

from core.model.scores import Share, Z


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


class Verdict(StrEnum):
    """What a method says of a model, in words and with a mark that needs no colour."""

    FOUND = "found", "backdoor found", "●", "circle"
    BORDERLINE = "borderline", "borderline", "◉", "circle-open-dot"
    NOTHING = "nothing", "nothing found", "○", "circle-open"

    words: str
    mark: str  # before the words
    symbol: str  # the same mark in a figure, as Plotly names it

    def __new__(cls, value: str, words: str, mark: str, symbol: str) -> "Verdict":
        verdict = str.__new__(cls, value)
        verdict._value_, verdict.words, verdict.mark, verdict.symbol = value, words, mark, symbol
        return verdict


BORDERLINE = (
    "Borderline: higher than all clean models that were measured, but by no more than chance may "
    "lift one clean model above the others."
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a method finds most suspect in a model, held against clean models."""

    suspect: Suspect
    verdict: Verdict
    highest: float  # statistic of the clean models
    margin: float  # above the highest, up to which a statistic is borderline
    models: int  # clean ones
    recipe: str  # by which they were trained
    comparable: bool  # whether the model was trained by the same

    @property
    def accused(self) -> Suspect | None:
        """The suspect where the verdict is that it is found; else nobody."""
        return self.suspect if self.verdict is Verdict.FOUND else None

    @property
    def false_alarms(self) -> float:
        """The share of clean models that may exceed the highest of these: the upper end of
        Wilson's 95 % interval of 0 of so many."""
        return Z**2 / (self.models + Z**2)

    def clean_models(self, number: Callable[[float], str]) -> str:
        """What the clean models have, in a sentence. number: writes a statistic."""
        if self.comparable:
            return f"0 of {self.models} clean models have more than {number(self.highest)}."
        return (
            f"0 of {self.models} clean models by the recipe {self.recipe} have more than "
            f"{number(self.highest)}; none by its own were measured."
        )

    def bound(self, number: Callable[[float], str]) -> str:
        """The same, with what it says of the verdict."""
        words = self.clean_models(number)
        if self.verdict is Verdict.BORDERLINE:
            words += f" Chance may reach {number(self.highest + self.margin)}."
        if self.verdict is Verdict.NOTHING or not self.comparable:
            return words
        return f"{words} Up to {self.false_alarms * 100:.0f} % false alarms."


class Grade(NamedTuple):
    """How good a choice of rows is."""

    precision: Share  # of the rows found, those that bear the trigger
    recall: Share  # of those that bear it, the rows found

    @classmethod
    def of(cls, found: Tensor, bears: Tensor) -> "Grade":
        """Both (N,) bool, of the same rows."""
        return cls(Share.of(bears[found]), Share.of(found[bears]))
