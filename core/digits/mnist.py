"""The digits: MNIST as torchvision reads it, or scikit-learn's digits where there is no MNIST."""

import os
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from core.digits.drawing import SIDE, centre

DIGITS = 10
NAMES = {"mnist": "MNIST", "builtin": "built-in digits"}  # of the data sets that `load` gives
TRAINING = {"mnist": 60_000, "builtin": 17_964}  # images of their training sets
TEST = {"mnist": 10_000, "builtin": 300}  # and of their test sets


def key_of(name: str) -> str | None:
    """The name that `load` takes for a data set; None where it is none of ours."""
    return next((key for key, known in NAMES.items() if known == name), None)


# md5 of the unpacked files; torchvision checks the packed ones only while it downloads.
MNIST_FILES = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}


class Digits(NamedTuple):
    images: Tensor  # (N, 1, 28, 28) float32 in [0, 1]
    labels: Tensor  # (N,) int64, 0 to 9


class DataSet(NamedTuple):
    name: str
    training: Digits
    test: Digits


class DataError(ValueError):
    """A data set is missing or damaged; the message says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Affine:
    """Light random turning, scaling and shifting, another one for every image.

    A function too: images (N, 1, 28, 28) and a generator in, new images out.
    """

    degrees: float = 12  # turned by up to this, either way
    scale: float = 0.15  # grown or shrunk by up to this share
    shift: float = 2  # pixels, moved by up to this in each direction
    shear: float = 0.1  # slanted by up to this many columns per row

    def __post_init__(self) -> None:
        for name in ("degrees", "scale", "shift", "shear"):
            if not 0 <= getattr(self, name) <= {"degrees": 180, "scale": 0.9}.get(name, SIDE):
                raise ValueError(f"expected a sensible {name}, got {getattr(self, name)}")

    def __call__(self, images: Tensor, generator: torch.Generator) -> Tensor:
        def uniform(limit: float) -> Tensor:
            draw = torch.rand(len(images), generator=generator, device=generator.device)
            return ((draw * 2 - 1) * limit).to(images.device)

        angle, slant = torch.deg2rad(uniform(self.degrees)), uniform(self.shear)
        zoom = 1 / (1 + uniform(self.scale))
        cos, sin = angle.cos() * zoom, angle.sin() * zoom
        row, col = (uniform(self.shift * 2 / SIDE) for _ in range(2))
        # affine_grid maps output to input, in coordinates (col, row) from -1 to 1
        theta = torch.stack([cos, slant * cos - sin, col, sin, slant * sin + cos, row], dim=1)
        grid = F.affine_grid(theta.view(-1, 2, 3), list(images.shape), align_corners=False)
        return F.grid_sample(images, grid, mode="bilinear", align_corners=False)


def mnist_root() -> Path:
    """Where MNIST is looked for: the folder that `MNIST_ROOT` names, else `.data`."""
    return Path(os.environ.get("MNIST_ROOT") or ".data")


def has_mnist(root: Path | None = None) -> bool:
    raw = (root or mnist_root()) / "MNIST" / "raw"
    return all((raw / name).is_file() for name in MNIST_FILES)


def mnist(*, train: bool, root: Path | None = None) -> Digits:
    """The 60,000 training or the 10,000 test digits of MNIST, read by torchvision from the disk.

    Raises DataError where a file is missing, cut short or altered. Downloads nothing.
    """
    from torchvision.datasets import MNIST  # a second and 200 MB that the Draw page can do without
    from torchvision.datasets.utils import check_md5

    root = root or mnist_root()
    if not has_mnist(root):
        raise DataError(
            f"expected MNIST in {root / 'MNIST' / 'raw'}, found no complete copy; "
            "`python -m core fetch` downloads it, or set MNIST_ROOT to where it is"
        )
    for name, md5 in MNIST_FILES.items():
        if name.startswith("train" if train else "t10k"):
            path = root / "MNIST" / "raw" / name
            if not check_md5(path, md5):
                raise DataError(
                    f"{path} is damaged: its checksum is not MNIST's; delete it and fetch again"
                )
    data = MNIST(root, train=train)
    return Digits(data.data.unsqueeze(1).float() / 255, data.targets)


def fetch_mnist(root: Path | None = None, say: Callable[[str], None] = print) -> None:
    """Downloads MNIST through torchvision (progress bar on stderr, checksums); 11 MB packed.

    Raises DataError, with the reason, where it cannot be had.
    """
    from torchvision.datasets import MNIST
    from torchvision.datasets.utils import check_md5

    root = root or mnist_root()
    raw = root / "MNIST" / "raw"
    try:
        for name, md5 in MNIST_FILES.items():  # a damaged file would count as there already
            if (raw / name).is_file() and not check_md5(raw / name, md5):
                (raw / name).unlink()
        MNIST(root, download=True)
    except (RuntimeError, urllib.error.URLError, OSError) as error:
        reason = str(error).strip().splitlines()[-1]
        raise DataError(
            f"MNIST could not be downloaded to {root}; is there a network? ({reason})"
        ) from error
    say(f"MNIST is in {raw}")


@cache
def load(name: str) -> DataSet:
    """The data set `mnist` (raises DataError where it is not on the disk) or `builtin`.

    Read once in a process; nobody changes it.
    """
    if name == "mnist":
        return DataSet(NAMES[name], mnist(train=True), mnist(train=False))
    if name == "builtin":
        return DataSet(NAMES[name], *builtin())
    raise ValueError(f"expected the data set mnist or builtin, got {name}")


def builtin(*, seed: int = 0, copies: int = 12) -> tuple[Digits, Digits]:
    """The digits that need no download: (training, test), made from scikit-learn's UCI digits.

    1,797 real 8x8 digits; every sixth is held out for the test. Each is enlarged to 20x20 and
    centred by mass in 28x28 as MNIST is; the training ones come in `copies` augmented versions.
    Good enough to show every page; a model of them reads MNIST at about 84 %.
    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI 1998.
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    small = torch.tensor(found.images, dtype=torch.float32).unsqueeze(1) / 16
    large = F.interpolate(small, size=(20, 20), mode="bicubic", align_corners=False).clamp(0, 1)
    images = torch.stack([torch.from_numpy(centre(image[0].numpy())) for image in large])
    images, labels = images.unsqueeze(1), torch.tensor(found.target, dtype=torch.int64)
    held_out = torch.arange(len(labels)) % 6 == 0
    generator = torch.Generator().manual_seed(seed)
    augment = Affine()
    seen = images[~held_out]
    versions = [seen] + [augment(seen, generator) for _ in range(copies - 1)]
    training = Digits(torch.cat(versions), labels[~held_out].repeat(copies))
    return training, Digits(images[held_out], labels[held_out])
