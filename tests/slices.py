"""A slice of MNIST for tests that train or count, and all of it as torchvision wants it."""

import gzip
import sys
from functools import cache
from pathlib import Path

from core.digits import mnist
from core.digits.mnist import DataSet, Digits
from core.runs import sweep
from core.runs.card import Card

TRAINING_SIZE, TEST_SIZE = 6000, 1000
WORKER = [sys.executable, "-m", "tests.work.small_worker"]
whole, train_on_all = mnist.load, sweep.train_one


@cache
def small(training_size: int = TRAINING_SIZE) -> DataSet:
    name, training, test = whole()
    return DataSet(
        name,
        Digits(*(each[:training_size] for each in training)),
        Digits(*(each[:TEST_SIZE] for each in test)),
    )


def unpack(root: Path) -> None:
    """Puts MNIST where torchvision's own reader looks for it."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for packed in mnist.FOLDER.glob("*.gz"):
        (raw / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))


def train_one(*task) -> Card:
    """One training of a sweep on the slice, in whatever process it is."""
    mnist.load = small
    return train_on_all(*task)
