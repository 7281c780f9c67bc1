"""Findings held against the truth, which no defence is told."""

from dataclasses import replace

from core.attack.poison import Poisoned, poison
from core.defend.data import Found, inspect
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


def inspect_graded(known: Evidence, truth: Poisoned, label: int) -> Found:
    """What is found among the images of a label, held against the truth.

    Raises ValueError where hardly a row bears the label.
    """
    found, chosen = inspect(known, label)
    bears = truth.bears[known.labels == label]
    return replace(found, grades={name: Grade.of(rows, bears) for name, rows in chosen.items()})
