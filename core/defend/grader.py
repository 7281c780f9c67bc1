"""Findings held against the truth, which no defence is told."""

from dataclasses import replace

from core.attack.poison import poison
from core.defend.bucket import CLEAN
from core.defend.data import Found, inspect
from core.defend.finding import Grade
from core.digits.mnist import DataSet
from core.runs.run import Run


def inspect_run(run: Run, data: DataSet, label: int, threshold: float) -> Found:
    """What is found among the images of a label in the set that a run learnt from, graded.

    The set is poisoned as the run's was. Raises ValueError where hardly a row bears the label.
    """
    training = poison(data.training, run.card.attack)
    rows = (training.labels == label).nonzero()[:, 0]
    images, tried = training.learnt(rows).images, data.test.images[-CLEAN:]
    found, chosen = inspect(run.network, images, tried, label, threshold)
    bears = training.bears[rows]
    return replace(found, grades={name: Grade.of(rows, bears) for name, rows in chosen.items()})
