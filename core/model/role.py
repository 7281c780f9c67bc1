"""The two models that everything here compares, and what belongs to each."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
Other = TypeVar("Other")


class Role(StrEnum):
    """One of the two models, as a word; with the colour and the hatch that it has everywhere."""

    CLEAN = "clean", "#0072B2", ""
    BACKDOORED = "backdoored", "#D55E00", "/"

    colour: str  # #rrggbb
    hatch: str  # of its bars, as Plotly names it, so that it is never told by colour alone

    def __new__(cls, name: str, colour: str, hatch: str) -> "Role":
        role = str.__new__(cls, name)
        role._value_, role.colour, role.hatch = name, colour, hatch
        return role


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
