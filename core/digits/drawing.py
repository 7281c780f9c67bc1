"""From ink to what the models read: 28x28, the way MNIST was made.

The browser draws the same way while the pen moves, in core/web/live/ink.js. Both count in whole
numbers, so that they agree to the last bit.
"""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Ink = NDArray[np.uint8]  # (H, W) of any size: 0 where no pen was, 255 where one was
Digit = NDArray[np.float32]  # (28, 28) in [0, 1], as the models read it

SIDE = 28  # pixels of a digit
BOX = 20  # pixels of the square that its ink fills
LEAST = 10  # pixels; smaller ink is not enlarged to fill the box, as in NIST's own cropping
PEN = 22  # pixels of a canvas: its pen, as wide as MNIST's strokes where a digit fills the pad
THINNEST = 3  # pixels that are left of its stroke where a digit is small
CORE = 200  # of 255: what is darker is the stroke's edge
FAINTEST = 8  # of 255: what is below on a canvas is a browser's noise against fingerprinting


def centre(ink: Ink) -> Digit:
    """Puts ink into 28x28 by MNIST's own procedure; blank ink stays blank.

    The bounding box is made square, area-resampled to 20x20, its brightest pixel scaled to 255,
    and moved by whole pixels so that its centre of mass is the centre of the 28x28.
    Source: the procedure that QMNIST found to reproduce MNIST, Yadav and Bottou 2019,
    arXiv:1905.10498.
    """
    digit = np.zeros((SIDE, SIDE), np.float32)
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return digit
    top, left = rows[0], cols[0]
    height, width = rows[-1] + 1 - top, cols[-1] + 1 - left
    side = max(height, width, LEAST)
    square = np.zeros((side, side))
    down, right = (side - height) // 2, (side - width) // 2
    square[down : down + height, right : right + width] = ink[
        top : top + height, left : left + width
    ]

    overlaps = _overlaps(side)
    sums = overlaps @ square @ overlaps.T  # whole numbers, which float64 adds exactly
    small = np.rint(255 * sums / sums.max())
    row, col = _offset(small.sum(axis=1)), _offset(small.sum(axis=0))
    digit[row : row + BOX, col : col + BOX] = small / 255
    return digit


def _offset(masses: NDArray[np.float64]) -> int:
    """Where the box begins, so that the barycentre of its rows (or columns) comes to the middle.

    masses: (20,), whole numbers. The middle of pixel i is at i + 1/2, so that 14 is that of 28.
    """
    doubled = int((SIDE + 2) * masses.sum() - masses @ (2 * np.arange(BOX) + 1))
    return min(max(doubled, 0) // int(2 * masses.sum()), SIDE - BOX)


def _overlaps(side: int) -> NDArray[np.float64]:
    """(20, side): how much of each source pixel lies in each target pixel, in twentieths of it."""
    low, pixels = side * np.arange(BOX)[:, None], BOX * np.arange(side)[None]
    return (np.minimum(low + side, pixels + BOX) - np.maximum(low, pixels)).clip(0).astype(float)


def from_png(png: bytes) -> Ink:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return np.asarray(image.convert("L"))


def from_canvas(url: str) -> Ink:
    """The ink of a canvas, white on black, from its data URL, thinned where the digit is small.

    What no pen can have left is none.
    """
    ink = from_png(base64.b64decode(url.partition(";base64,")[2]))
    return thin(np.where(ink < FAINTEST, np.uint8(0), ink))


def thin(ink: Ink) -> Ink:
    """Takes from the edges of a small digit what its pen is too wide for, as if drawn by a finer.

    One that is enlarged has its strokes enlarged too, until its loops are closed. Half a pad needs
    nothing; below, 24 hundredths of every pixel. Distances are Euclidean. Of digits drawn at a
    quarter of the pad 98.9 % are read right, 68.9 % without: tests/digits/test_small.py.
    """
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return ink
    side = max(rows[-1] + 1 - rows[0], cols[-1] + 1 - cols[0])
    width = max(24 * (side - 46), 100 * THINNEST)  # hundredths of a pixel, of the stroke
    if width >= 100 * PEN:
        return ink
    depth = PEN / 2 - width / 200  # pixels that go on each side
    box = np.s_[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    core, thinned = ink[box] >= CORE, np.zeros_like(ink)
    share = (np.sqrt(_inside(core)) - depth + 0.5).clip(0, 1)
    thinned[box] = np.where(core, np.rint(255 * share), 0)
    return thinned if thinned.any() else ink


def _inside(core: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The squared distance, in pixels, to the next pixel outside, up to the pen's radius."""
    reach = PEN // 2
    padded = np.pad(core, reach)
    upright = np.where(padded, reach, 0)
    for step in range(1, reach):
        out = ~(np.roll(padded, step, axis=0) & np.roll(padded, -step, axis=0))
        upright[out] = np.minimum(upright[out], step)
    squares = np.pad(upright**2, ((0, 0), (reach, reach)))
    width = upright.shape[1]
    near = [
        squares[:, reach + step : reach + step + width] + step**2
        for step in range(-reach, reach + 1)
    ]
    return np.min(near, axis=0)[reach:-reach, reach:-reach]


def from_strokes(strokes: list[list[list[float]]], *, side: int, width: float) -> Ink:
    """Draws pen strokes, each a list of [x, y] canvas pixels, with round caps and soft edges."""
    finer = 4  # drawn this much larger, then reduced, since Pillow's lines have hard edges
    canvas = Image.new("L", (side * finer, side * finer))
    pen = ImageDraw.Draw(canvas)
    radius = width * finer / 2
    for stroke in strokes:
        points = [(x * finer, y * finer) for x, y in stroke]
        pen.line(points, fill=255, width=round(width * finer), joint="curve")
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(canvas.reduce(finer))


def to_bytes(image: Digit) -> Ink:
    """An image in [0, 1] in whole 255ths."""
    return np.uint8(np.rint(image * 255))


def from_bytes(content: bytes) -> Digit:
    """The image of 784 bytes."""
    return np.frombuffer(content, np.uint8).reshape(SIDE, SIDE) / np.float32(255)


def to_png(image: Digit) -> str:
    """(28, 28) or any size, in [0, 1], as a grey PNG in base64."""
    png = io.BytesIO()
    Image.fromarray(to_bytes(image)).save(png, "PNG")
    return base64.b64encode(png.getvalue()).decode()
