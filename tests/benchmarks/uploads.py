"""How many uploads of test digits are read right: prints a table, by how the picture was made.

python tests/benchmarks/uploads.py [DIGITS]

Each group shows the first DIGITS test digits (else 1,000) to the ladder's clean model: as pictures,
and the same ink directly.
"""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from scipy import ndimage

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from core.digits import mnist
from core.digits.drawing import SIDE, Ink, centre, to_bytes
from core.digits.picture import PictureError, from_picture
from core.model.network import predict
from core.runs import ladder

TALL = 190  # pixels of the longer side of a digit that a pen has drawn
PENS = (6, 12, 18, 24, 30, 36)  # pixels
DEEP = ("28x28", "10x", "10x, cropped")  # which are saved with 16 bits too
MARGINS = (0, 5, 10, 20, 30, 60)  # pixels around the ink
BAR, FAIR = 0.985, 0.99  # of the pictures, where of the same ink read directly are read right


Save = Callable[[Ink], bytes]


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def light_on_dark(ink: Ink) -> bytes:
    return png(ink)


def dark_on_light(ink: Ink) -> bytes:
    return png(255 - ink)


def of_sixteen_bits(ink: Ink) -> bytes:
    return png((255 - ink).astype(np.uint16) * 257)


def enlarged(ink: Ink) -> Ink:
    """Ten times."""
    image = Image.fromarray(ink)
    return np.asarray(image.resize((image.width * 10, image.height * 10), Image.Resampling.BICUBIC))


def with_margin(ink: Ink, margin: int) -> Ink:
    """Crops to the ink and adds a margin, pixels."""
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return np.pad(ink[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1], margin)


def thinned(mask: np.ndarray) -> np.ndarray:
    """The middle lines of strokes, (H, W) bool. Source: Zhang and Suen 1984."""
    mask = np.pad(mask, 1)
    around = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
    changed = True
    while changed:
        changed = False
        for first, second in (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6))):
            near = np.stack([np.roll(mask, (-row, -col), (0, 1)) for row, col in around])
            count = near.sum(axis=0)
            steps = (~near & np.roll(near, -1, axis=0)).sum(axis=0)
            gone = mask & (count >= 2) & (count <= 6) & (steps == 1)
            gone &= ~near[list(first)].all(axis=0) & ~near[list(second)].all(axis=0)
            mask = mask & ~gone
            changed |= bool(gone.any())
    return mask[1:-1, 1:-1]


def penned(ink: Ink, pen: int) -> Ink:
    """The digit as a pen of this width draws it, TALL pixels high or wide."""
    ink = with_margin(ink, 0)
    scale = (TALL - pen) / max(ink.shape)
    size = [max(round(side * scale), 1) for side in reversed(ink.shape)]
    large = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC))
    smooth = ndimage.gaussian_filter(np.pad(large, pen).astype(float), scale / 2)
    line = thinned(smooth > 96)
    depth = pen / 2 + 0.5 - ndimage.distance_transform_edt(~line)
    return np.uint8(255 * depth.clip(0, 1))


def kinds() -> dict[str, Callable[[Ink], Ink]]:
    """What is made of an MNIST digit before it is saved as a picture."""
    made = {"28x28": lambda ink: ink, "10x": enlarged}
    for margin in MARGINS:
        name = f"10x, margin {margin}" if margin else "10x, cropped"
        made[name] = lambda ink, margin=margin: with_margin(enlarged(ink), margin)
    for pen in PENS:
        for margin in (0, 15):
            made[f"pen {pen}, margin {margin}"] = lambda ink, pen=pen, margin=margin: with_margin(
                penned(ink, pen), margin
            )
    return made


SAVED: dict[str, Save] = {
    "dark on light": dark_on_light,
    "light on dark": light_on_dark,
    "16 bits": of_sixteen_bits,
}


class Result(NamedTuple):
    n: int
    right: float  # shares of n
    direct: float
    wrong: list[int]  # which pictures of digits that are read right directly
    refused: list[str]  # why, of those that were

    def is_good(self) -> bool:
        return self.right >= BAR or self.direct < FAIR


def measure(inks: list[Ink], labels: torch.Tensor, save: Save) -> Result:
    """What the clean model reads in pictures of these inks; a refused one counts as read wrong."""
    found, refused = [], []
    for ink in inks:
        try:
            found.append(centre(from_picture(save(ink))))
        except PictureError as error:
            found.append(np.full((SIDE, SIDE), np.nan, np.float32))
            refused.append(str(error))
    batch = torch.from_numpy(np.stack([*found, *map(centre, inks)]))[:, None]
    missing = batch.isnan().flatten(1).any(dim=1)
    said = predict([ladder.load().clean.network], batch.nan_to_num())[0].argmax(dim=1)
    right, direct = (said.masked_fill(missing, -1) == labels.repeat(2)).split(len(inks))
    return Result(
        len(inks),
        right.float().mean().item(),
        direct.float().mean().item(),
        (~right & direct).nonzero().flatten().tolist(),
        refused,
    )


def digits(n: int) -> tuple[list[Ink], torch.Tensor]:
    """The first test digits and what they are."""
    test = mnist.load().test
    return [to_bytes(image[0].numpy()) for image in test.images[:n]], test.labels[:n]


def main(n: str = "1000") -> None:
    images, labels = digits(int(n))
    print("| group | saved | n | right, % | directly, % | |\n|---|---|---|---|---|---|")
    for name, make in kinds().items():
        inks = [make(image) for image in images]
        for way, save in SAVED.items():
            if way == "16 bits" and name not in DEEP:
                continue
            result = measure(inks, labels, save)
            print(
                f"| {name} | {way} | {result.n} | {100 * result.right:.1f} | "
                f"{100 * result.direct:.1f} | {'' if result.is_good() else 'below the bar'} |",
                flush=True,
            )
            print(result.wrong, result.refused, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2])
