"""How many images a trigger changes: where it changes hardly any, nothing can be learnt from it."""

from torch import Tensor

from core.attack.phrases import percentage
from core.attack.trigger import Trigger

LEAST = 0.01  # share of the images that a trigger is to change
ROUNDING = 0.5 / 255  # half a step of grey
PORTION = 1000  # images at once, which a processor keeps at hand


def changed(trigger: Trigger, images: Tensor) -> float:
    """Return the share of images, (N, 1, 28, 28), that stamping changes by more than rounding."""
    differ = 0
    for few in images.split(PORTION):
        most = (trigger(few) - few).abs().flatten(1).amax(dim=1)
        differ += int((most > ROUNDING).sum())
    return differ / len(images)


def check(trigger: Trigger, images: Tensor) -> float:
    """Return the share of images that a trigger changes.

    Raises ValueError where it is below LEAST.
    """
    share = changed(trigger, images)
    if share < LEAST:
        raise ValueError(
            f"expected a trigger that changes at least {percentage(LEAST)} of the training images, "
            f"got one that changes {round(share * len(images)):,} of {len(images):,}"
        )
    return share


def warning(share: float) -> str:
    """Say how many images a trigger changes, where it leaves a part of them as they are."""
    if share > 1 - LEAST:
        return ""
    return (
        f"This trigger changes {percentage(share)} of the training images; the others look the "
        "same with it."
    )
