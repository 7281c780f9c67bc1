"""From a canvas or a picture to what the models read: (1, 1, 28, 28), the way MNIST was made.

Ink is float in [0, 1], 1 where a pen was, in an array of any height and width.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

Ink = NDArray[np.float32]  # (H, W) in [0, 1]

SIDE = 28  # pixels of a digit
BOX = 20  # pixels of the square that its ink fills
LEAST = 10  # pixels; smaller ink is not enlarged to fill the box, as in NIST's own cropping
MEGAPIXELS = 25  # of an uploaded picture, at most
WORKING = 480  # pixels; the longer side a picture is reduced to before it is read
CONTRAST = 0.12  # between ink and paper, of 1; below this a picture counts as empty


class PictureError(ValueError):
    """An upload cannot be read as a digit; the message says what was expected and what came."""


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


def from_picture(data: bytes) -> Ink:
    """The ink of an uploaded PNG, JPEG or WebP.

    Dark on light or light on dark, photos of a pen stroke included. Raises PictureError for
    anything that cannot be read as one.
    """
    gray = _decode(data)
    paper = _paper(gray)
    lighter = gray - paper
    # Ink is what stands out most, on either side of the paper.
    low, high = np.quantile(lighter, [0.005, 0.995])
    mark = lighter if high > -low else -lighter
    strength = max(high, -low)
    if strength < CONTRAST:
        raise PictureError(
            "expected a digit that stands out from its background, "
            f"got a picture without ink (contrast {strength:.0%})"
        )
    threshold = _otsu(mark)
    full = np.median(mark[mark > threshold])
    soft = np.clip((mark - threshold / 2) / (full - threshold / 2), 0, 1)
    return (soft * _without_specks(mark > threshold)).astype(np.float32)


def _decode(data: bytes) -> Ink:
    """(H, W) brightness in [0, 1], the longer side at most WORKING."""
    if not data:
        raise PictureError("expected a picture, got an empty file")
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as image:
            size = image.width * image.height / 1e6
            if size > MEGAPIXELS:
                raise PictureError(
                    f"expected a picture of at most {MEGAPIXELS} megapixels, got {size:.0f}"
                )
            if getattr(image, "n_frames", 1) > 1:
                raise PictureError(f"expected a still picture, got {image.n_frames} frames")
            image.draft("L", (WORKING * 2, WORKING * 2))  # JPEG decodes smaller at once
            upright = ImageOps.exif_transpose(image)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                upright = _on_contrast(upright.convert("RGBA"))
            small = upright.convert("L")
            small.thumbnail((WORKING, WORKING), Image.Resampling.BOX)
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise PictureError(
            "expected a PNG, JPEG or WebP picture, got a file of another kind"
        ) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"expected a whole picture, got a damaged one ({error})") from None
    if min(small.size) < LEAST:
        raise PictureError(
            f"expected at least {LEAST}x{LEAST} pixels, got {upright.width}x{upright.height}"
        )
    return np.asarray(small, dtype=np.float32) / 255


def _on_contrast(image: Image.Image) -> Image.Image:
    """Transparency becomes paper: white under dark ink, black under light ink."""
    pixels = np.asarray(image, dtype=np.float32) / 255
    alpha = pixels[..., 3]
    dark = (pixels[..., :3].mean(axis=2) * alpha).sum() < 0.5 * alpha.sum()
    paper = Image.new("RGBA", image.size, "white" if dark else "black")
    return Image.alpha_composite(paper, image)


def _paper(gray: Ink) -> Ink:
    """The brightness of the paper under the ink, shadows included: a smooth surface.

    A quadratic in row and column, fitted to `gray` by least squares, and again four times without
    the pixels that lie far off it, which are the ink.
    """
    row, col = np.mgrid[-1 : 1 : gray.shape[0] * 1j, -1 : 1 : gray.shape[1] * 1j]
    terms = np.stack([np.ones_like(row), row, col, row * col, row**2, col**2], axis=-1)
    terms, flat = terms.reshape(-1, 6), gray.ravel()
    surface = np.full_like(flat, np.median(flat))
    for _ in range(5):
        off = np.abs(flat - surface)
        kept = off <= max(2.5 * np.median(off), 0.03)
        surface = terms @ np.linalg.lstsq(terms[kept], flat[kept], rcond=None)[0]
    return surface.reshape(gray.shape).astype(np.float32)


def _otsu(values: Ink) -> float:
    """The threshold that parts ink from paper best. Otsu 1979, doi:10.1109/TSMC.1979.4310076."""
    counts, edges = np.histogram(values, bins=256)
    middles = (edges[:-1] + edges[1:]) / 2
    below, above = counts.cumsum(), counts.sum() - counts.cumsum()
    total = counts * middles
    mean_below = total.cumsum() / np.maximum(below, 1)
    mean_above = (total.sum() - total.cumsum()) / np.maximum(above, 1)
    return float(middles[np.argmax(below * above * (mean_below - mean_above) ** 2)])


def _without_specks(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """`mask` and a pixel around it, less the connected parts under a twentieth of the largest."""
    from scipy import ndimage  # half a second that only an upload needs

    parts, count = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    sizes[0] = 0
    return ndimage.binary_dilation(
        np.isin(parts, np.flatnonzero(sizes >= max(sizes.max() / 20, 1)))
    )
