"""The recipe: everything that shapes a training but the data."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core.data import Affine


class Schedule(StrEnum):
    CONSTANT = "constant"
    ONE_CYCLE = "one-cycle"  # Smith 2018, arXiv:1803.09820, as torch's OneCycleLR


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a model is trained: Adam on the cross-entropy."""

    name: str
    epochs: int
    batch: int  # images a step
    lr: float  # learning rate; the peak of a one-cycle schedule
    betas: tuple[float, float] = (0.9, 0.999)  # Adam's
    schedule: Schedule = Schedule.CONSTANT
    normalise: bool = True  # by MNIST's mean and deviation, inside the network
    bf16: bool = False  # compute in bfloat16, where the processor can do that by itself
    augment: Affine | None = None  # before the trigger is stamped
    seed: int = 1  # first weights, order of the images, augmentation

    def __post_init__(self) -> None:
        for name, low, high in (("epochs", 1, 1000), ("batch", 1, 60_000)):
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"expected {name} from {low} to {high}, got {getattr(self, name)}")
        if not 0 <= self.seed < 2**63:
            raise ValueError(f"expected a seed from 0 to 2**63 - 1, got {self.seed}")
        if not 0 < self.lr <= 10:
            raise ValueError(f"expected a learning rate above 0 and up to 10, got {self.lr}")
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ValueError(f"expected Adam's betas in [0, 1), got {self.betas}")

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"schedule": str(self.schedule), "betas": list(self.betas)}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Recipe":
        augment = record["augment"] and Affine(**record["augment"])
        return cls(
            **record
            | {
                "schedule": Schedule(record["schedule"]),
                "betas": tuple(record["betas"]),
                "augment": augment,
            }
        )


# The notebook's: Adam 1e-3, batches of 500, 10 epochs, inputs in [0, 1].
ARTICLE = Recipe(name="article", epochs=10, batch=500, lr=1e-3, normalise=False)

# A fraction of the article's time: large steps, warmed up and cooled down, after the public
# repository tuomaso/train_mnist_fast. At 1 % poison, ten seeds on two cores, about 10 s each:
# BA 0.9928 (0.9915 to 0.9938), ASR 0.990, nine of them from 0.995 to 0.998, one 0.930.
FAST = Recipe(
    name="fast", epochs=3, batch=128, lr=8e-3, betas=(0.8, 0.95), schedule=Schedule.ONE_CYCLE
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
