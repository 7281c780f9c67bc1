"""The two models that everything here compares, what belongs to each, and who may stand in."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
Other = TypeVar("Other")


class Named(StrEnum):
    """A model, as a word; with the colour and the hatch that it has everywhere."""

    colour: str  # #rrggbb
    hatch: str  # of its bars, as Plotly names it, so that it is never told by colour alone

    def __new__(cls, name: str, colour: str, hatch: str) -> "Named":
        named = str.__new__(cls, name)
        named._value_, named.colour, named.hatch = name, colour, hatch
        return named


class Role(Named):
    """One of the two models that are compared."""

    CLEAN = "clean", "#0072B2", ""
    BACKDOORED = "backdoored", "#D55E00", "/"


class Guest(Named):
    """Who stands in the place of one of the two."""

    REPAIRED = "repaired", "#009E73", ""  # of the clean one
    SEALED = "sealed", "#808080", ""  # of the backdoored one: it may be clean, and nobody is told


class Pair(NamedTuple, Generic[T]):
    """One thing of each model: their runs, readings, scores, cards."""

    clean: T | None  # a run from somebody else comes without a clean model
    backdoored: T

    def of(self, role: Role) -> T | None:
        return self.clean if role is Role.CLEAN else self.backdoored

    def present(self) -> Iterator[tuple[Role, T]]:
        """Those that are there, the clean one first."""
        return ((role, thing) for role, thing in zip(Role, self, strict=True) if thing is not None)

    def map(self, act: Callable[[T], Other]) -> "Pair[Other]":
        """The same of each, by a function; what is not there stays away."""
        return Pair(*(None if thing is None else act(thing) for thing in self))
