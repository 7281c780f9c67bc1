"""MNIST, the handwritten digits that everything here is about; it ships with the app."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from core.digits.drawing import SIDE
from core.places import ASSETS

FOLDER = ASSETS / "mnist"
NAME = "MNIST"
DIGITS = 10
TRAINING_SIZE, TEST_SIZE = 60_000, 10_000  # images
MEND = "get the folder assets/mnist again as it came with the app"


class Digits(NamedTuple):
    images: Tensor  # (N, 1, 28, 28) float32 in [0, 1]
    labels: Tensor  # (N,) int64, 0 to 9


class DataSet(NamedTuple):
    name: str
    training: Digits
    test: Digits


class DataError(ValueError):
    """A file of the data set is missing or damaged; the message says which and what to do."""


@cache
def load() -> DataSet:
    """MNIST, read once in a process; nobody changes it. Takes a third of a second.

    Raises DataError where a file is missing, cut short or altered.
    """
    return DataSet(NAME, read("train"), read("t10k"))


def read(part: str, folder: Path = FOLDER) -> Digits:
    """The digits of a part of MNIST, `train` or `t10k`, straight from the packed files."""
    sums = folder / "SHA256SUMS"
    images, labels = (
        _unpacked(folder / f"{part}-{what}-ubyte.gz", sums)
        for what in ("images-idx3", "labels-idx1")
    )
    # An IDX file is a header (4 bytes, and 4 for each dimension), then the bytes themselves.
    pixels = torch.frombuffer(images, dtype=torch.uint8, offset=16).view(-1, 1, SIDE, SIDE)
    return Digits(pixels / 255, torch.frombuffer(labels, dtype=torch.uint8, offset=8).long())


def _unpacked(path: Path, sums: Path) -> bytearray:
    """The content of a packed file that the file of checksums knows."""
    try:
        packed, known = path.read_bytes(), sums.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read ({error.strerror}); {MEND}") from None
    if f"{hashlib.sha256(packed).hexdigest()}  {path.name}" not in known:
        raise DataError(f"{path} is damaged, its checksum is not the one in {sums.name}; {MEND}")
    return bytearray(gzip.decompress(packed))
