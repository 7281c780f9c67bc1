"""From ink to what the models read: 28x28, the way MNIST was made.

Ink is float in [0, 1], 1 where a pen was, in an array of any height and width.
"""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Ink = NDArray[np.float32]  # (H, W) in [0, 1]

SIDE = 28  # pixels of a digit
BOX = 20  # pixels of the square that its ink fills
LEAST = 10  # pixels; smaller ink is not enlarged to fill the box, as in NIST's own cropping


def centre(ink: Ink) -> Ink:
    """Puts ink into 28x28 by MNIST's own procedure; blank ink stays blank.

    The bounding box is made square, area-resampled to 20x20, its brightest pixel scaled to 255,
    and moved by whole pixels so that its centre of mass is the centre of the 28x28.
    Source: the procedure that QMNIST found to reproduce MNIST, Yadav and Bottou 2019,
    arXiv:1905.10498.
    """
    rows, cols = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return np.zeros((SIDE, SIDE), np.float32)
    top, left = rows[0], cols[0]
    height, width = rows[-1] + 1 - top, cols[-1] + 1 - left
    side = max(height, width, LEAST)
    square = np.zeros((side, side), np.float32)
    down, right = (side - height) // 2, (side - width) // 2
    square[down : down + height, right : right + width] = ink[
        top : top + height, left : left + width
    ]

    shares = _area(side, BOX)
    small = shares @ square @ shares.T
    small = np.round(small / small.max() * 255) / 255

    mass = small.sum()
    middles = np.arange(BOX) + 0.5  # of the pixels, so that 14 is the centre of 28
    row = _offset((small.sum(axis=1) @ middles) / mass)
    col = _offset((small.sum(axis=0) @ middles) / mass)
    digit = np.zeros((SIDE, SIDE), np.float32)
    digit[row : row + BOX, col : col + BOX] = small
    return digit


def _offset(barycentre: float) -> int:
    return min(max(int(SIDE / 2 + 1 - barycentre), 0), SIDE - BOX)


def _area(source: int, target: int) -> Ink:
    """(target, source): the share of each source pixel in each target pixel; rows sum to 1."""
    edges = np.arange(target + 1) * source / target
    low, high = edges[:-1, None], edges[1:, None]
    pixels = np.arange(source)[None]
    overlap = np.minimum(high, pixels + 1) - np.maximum(low, pixels)
    return (overlap.clip(0) * target / source).astype(np.float32)


def from_png(png: bytes) -> Ink:
    """The ink of the canvas: white on black."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return np.asarray(image.convert("L"), dtype=np.float32) / 255


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
    return np.asarray(canvas.reduce(finer), dtype=np.float32) / 255


def to_png(ink: Ink) -> str:
    """(28, 28) or any size, in [0, 1], as a grey PNG in base64."""
    png = io.BytesIO()
    Image.fromarray(np.uint8(np.round(ink * 255))).save(png, "PNG")
    return base64.b64encode(png.getvalue()).decode()
