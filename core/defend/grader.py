"""Findings held against the truth, which no defence is told."""

from collections.abc import Iterator
from dataclasses import replace

from core.attack.poison import Poisoned, poison
from core.defend.data import Found, Inspected, inspect
from core.defend.evidence import Evidence, clean_digits
from core.defend.finding import Grade
from core.digits.mnist import DataSet
from core.runs.run import Run


def evidence(run: Run, data: DataSet) -> tuple[Evidence, Poisoned]:
    """What a defender of a run has, and the truth. The set is poisoned as the run's was."""
    training = poison(data.training, run.card.attack)
    known = Evidence(
        network=run.network,
        clean=clean_digits(data.test),
        labels=training.labels,
        learnt=lambda rows: training.learnt(rows).images,
    )
    return known, training


def inspect_graded(known: Evidence, truth: Poisoned, label: int) -> Iterator[str | Found]:
    """Yields what data.inspect does; what is found, last, is held against the truth.

    Raises ValueError where hardly a row bears the label.
    """
    bears = truth.bears[known.labels == label]
    for step in inspect(known, label):
        if isinstance(step, Inspected):
            grades = {name: Grade.of(rows, bears) for name, rows in step.chosen.items()}
            yield replace(step.found, grades=grades)
        else:
            yield step
