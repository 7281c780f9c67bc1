"""Which test digits a person may want to look at."""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from core.measure.evaluation import Evaluation
from core.model.role import Role


class Selection(NamedTuple):
    words: str  # what they do, after "Test digits that"
    stamped: bool  # whether it is about digits with the trigger
    mask: Callable[[Evaluation], Tensor]

    def rows(self, evaluation: Evaluation) -> Tensor:
        """(n,) int64: of the test digits."""
        return self.mask(evaluation).nonzero()[:, 0]


SELECTIONS = {
    "resists": Selection(
        "resist the trigger", True, lambda each: each.victims & ~each.obeyed(Role.BACKDOORED)
    ),
    "falls": Selection(
        "fall for the trigger", True, lambda each: each.victims & each.obeyed(Role.BACKDOORED)
    ),
    "leaks": Selection(
        "are no victims and fall for it all the same",
        True,
        lambda each: each.bystanders & each.obeyed(Role.BACKDOORED),
    ),
    "misread": Selection(
        "are misread by the backdoored model, without the trigger",
        False,
        lambda each: each.misread(Role.BACKDOORED),
    ),
    "misread by clean": Selection(
        "are misread by the clean model, without the trigger",
        False,
        lambda each: each.misread(Role.CLEAN),
    ),
    "misread by both": Selection(
        "are misread by both, without the trigger",
        False,
        lambda each: each.misread(Role.CLEAN) & each.misread(Role.BACKDOORED),
    ),
    "clean falls": Selection(
        "fall for it with the clean model too",
        True,
        lambda each: each.victims & each.obeyed(Role.CLEAN),
    ),
    "touched": Selection(
        "have ink of their own under the trigger", False, lambda each: each.touched
    ),
}
