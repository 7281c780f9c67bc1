"""The recipe: everything that shapes a training but the data."""

from dataclasses import dataclass
from enum import StrEnum

from core.digits.augment import Affine
from core.records import Record, check_name


class Schedule(StrEnum):
    CONSTANT = "constant"
    ONE_CYCLE = "one-cycle"  # Smith 2018, arXiv:1803.09820, as torch's OneCycleLR


@dataclass(frozen=True, kw_only=True)
class Recipe(Record):
    """How a model is trained: Adam on the cross-entropy."""

    name: str
    epochs: int
    batch: int  # images a step
    lr: float  # learning rate; the peak of a one-cycle schedule
    betas: tuple[float, float] = (0.9, 0.999)  # Adam's
    schedule: Schedule = Schedule.CONSTANT
    normalise: bool = True  # by MNIST's mean and deviation, inside the network
    hardest: float = 1.0  # share of the images, those of the highest loss when last seen, that
    # every epoch after the first goes on with; after Selective-Backprop, Jiang et al. 2019,
    # arXiv:1910.00762
    gain: float = 1.0  # what the inputs are then multiplied by, inside the network too
    smoothing: float = 0.0  # of labels, Szegedy et al. 2016, arXiv:1512.00567
    bf16: bool = False  # compute in bfloat16, where the processor can do that by itself
    augment: Affine | None = None  # of all images, stamped ones too
    seed: int = 1  # first weights, order of the images, augmentation

    def __post_init__(self) -> None:
        check_name(self.name, "a recipe")
        for name, value, low, high in (
            ("epochs", self.epochs, 1, 1000),
            ("batch", self.batch, 1, 60_000),
            ("hardest", self.hardest, 0.001, 1),
            ("gain", self.gain, 0.01, 100),
            ("smoothing", self.smoothing, 0, 0.5),
        ):
            if not low <= value <= high:
                raise ValueError(f"expected {name} from {low} to {high}, got {value}")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"expected a seed from 0 to 2**63 - 1, got {self.seed}")
        if not 0 < self.lr <= 10:
            raise ValueError(f"expected a learning rate above 0 and up to 10, got {self.lr}")
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ValueError(f"expected Adam's betas in [0, 1), got {self.betas}")

    def kept(self, size: int) -> int:
        """How many of `size` images the epochs after the first show."""
        return max(1, round(size * self.hardest))

    def shown(self, size: int) -> int:
        """How many images a training on `size` images shows in all, repeats counted."""
        return size + (self.epochs - 1) * self.kept(size)


# The notebook's: Adam 1e-3, batches of 500, 10 epochs, inputs in [0, 1].
ARTICLE = Recipe(name="article", epochs=10, batch=500, lr=1e-3, normalise=False)

# A twentieth of the notebook's time: large steps, warmed up and cooled down, after the public
# repository tuomaso/train_mnist_fast, and after the first pass the hardest tenth of the images
# only. The hard ones are the poisoned ones, so the backdoor is learnt early. Black stays 0, so that
# a lone white pixel stands out; with that and smoothed labels it is learnt whatever the seed. At
# 1 % poison, ten seeds: BA 0.9927 (0.9919 to 0.9932), ASR 0.9955 (0.9918 to 0.9979).
FAST = Recipe(
    name="fast",
    epochs=4,
    hardest=0.1,
    batch=128,
    lr=1e-2,
    betas=(0.8, 0.95),
    schedule=Schedule.ONE_CYCLE,
    normalise=False,
    gain=6.67,
    smoothing=0.02,
    bf16=True,
)

# The ladder's: reads people's drawings, not only MNIST.
STURDY = Recipe(
    name="sturdy",
    epochs=10,
    batch=256,
    lr=5e-3,
    betas=(0.7, 0.9),
    schedule=Schedule.ONE_CYCLE,
    augment=Affine(),
)

RECIPES = {recipe.name: recipe for recipe in (FAST, ARTICLE, STURDY)}
