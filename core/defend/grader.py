"""Findings held against the truth, which no defence is told."""

from typing import NamedTuple

from torch import Tensor

from core.model.scores import Share


class Grade(NamedTuple):
    """How good a choice of rows is."""

    precision: Share  # of the rows found, those that bear the trigger
    recall: Share  # of those that bear it, the rows found


def grade(found: Tensor, bears: Tensor) -> Grade:
    """Both (N,) bool, of the same rows."""
    return Grade(Share.of(bears[found]), Share.of(found[bears]))
