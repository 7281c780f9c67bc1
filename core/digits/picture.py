"""The ink of an uploaded picture: a scan, a screenshot, a phone photo of a pen stroke."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from core.digits.drawing import Ink
from core.digits.picture_file import LEAST, Gray, PictureError, decode

__all__ = ["PictureError", "from_picture"]

Mask = NDArray[np.bool_]

WORKING = 480  # pixels; the longer side a picture is reduced to before it is read
CONTRAST = 0.12  # between ink and paper, of 1; below this a picture counts as empty
SMALL = 0.2  # of the picture; a digit that fills less is looked at again, enlarged
THIN = 0.08  # of the digit's size; thinner strokes are widened to it
STROKE = 0.3  # of the ink's size; MNIST's boldest is 0.28, a sheet on a desk is wider than 0.33
FRAME = 0.1  # of a form's box: how far from its sides its lines may run


class Mark(NamedTuple):
    """How much every pixel stands out from the paper."""

    soft: Gray  # 0 for paper, 1 for ink
    mask: Mask  # what counts as ink where its parts are told apart
    strength: float  # the contrast of ink and paper, of 1


def from_picture(data: bytes) -> Ink:
    """Return the ink of an uploaded JPEG, PNG, WebP, AVIF, GIF or TIFF.

    Dark on light or light on dark, photos of a pen stroke included. Raises PictureError for
    anything that cannot be read as one digit.
    """
    picture = decode(data)
    plane, mark = _best_plane(picture)
    mask = _digit(mark.mask)
    rows, cols = np.nonzero(mask)
    extent = max(np.ptp(rows), np.ptp(cols)) + 1
    if extent < SMALL * max(mask.shape) and max(picture.size) > WORKING:
        scale = max(picture.size) / max(mask.shape)
        box = (cols.min() - extent, rows.min() - extent, cols.max() + extent, rows.max() + extent)
        left, top, right, bottom = (round(float(side * scale)) for side in box)
        plane = plane.crop(
            (max(left, 0), max(top, 0), min(right, plane.width), min(bottom, plane.height))
        )
        mark = _mark(plane)
        mask = _digit(mark.mask)
    ink = _as_thick_as_mnist(mark.soft * mask)
    return np.uint8(np.rint(ink * 255))


def _best_plane(picture: Image.Image) -> tuple[Image.Image, Mark]:
    """Return the brightness of a picture, or the colour difference in which ink stands out.

    The second where brightness hardly differs, as of red ink on an equally dark green.
    """
    planes = picture.convert("YCbCr").split() if picture.mode == "RGB" else (picture,)
    marks = [_mark(planes[0])]
    if marks[0].strength < 2 * CONTRAST:
        marks += [_mark(plane) for plane in planes[1:]]
    best = int(np.argmax([marks[0].strength, *(mark.strength / 2 for mark in marks[1:])]))
    if marks[best].strength < CONTRAST:
        raise PictureError(
            "expected a digit that stands out from its background, "
            f"got a picture without ink (contrast {marks[best].strength:.0%}); "
            "a small digit is found once the picture is cropped to it"
        )
    return planes[best], marks[best]


def _mark(plane: Image.Image) -> Mark:
    plane = plane.copy()
    plane.thumbnail((WORKING, WORKING), Image.Resampling.BOX)
    gray = np.asarray(plane, np.float32) / 255
    gray = ndimage.gaussian_filter(gray, max(gray.shape) / 500)  # camera noise, about a pixel
    return _on_flat_paper(gray) or _on_any_paper(gray)


def _on_flat_paper(gray: Gray) -> Mark | None:
    """Return the mark of ink on paper of one brightness; None where the picture has more than two.

    The paper is what most of the picture's edge shows, however wide the strokes are.
    """
    levels = np.uint8(gray * 255)
    dark = levels < _threshold(levels)
    if dark.all() or not dark.any():
        return None
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    ink = dark if edge.mean() < 0.5 else ~dark
    paper = float(np.median(gray[~ink]))
    mark = (gray - paper) * (1 if np.median(gray[ink]) > paper else -1)
    strength = float(np.quantile(mark[ink], 0.75))
    if strength < CONTRAST:
        return None
    mark /= strength
    level = np.median(np.abs(mark[~ink])) < 0.1
    two = mark.max() < 1.5 and mark.min() > -0.5
    rows, cols = np.nonzero(ink)
    if not (level and two and _width(ink) < STROKE * (max(np.ptp(rows), np.ptp(cols)) + 1)):
        return None
    soft = np.where(mark > 0.1, mark.clip(0, 1), 0)
    return Mark(soft, soft > 0, strength)


def _threshold(levels: NDArray[np.uint8]) -> int:
    """Return the brightness that parts two kinds of pixels best. Source: Otsu 1979."""
    counts = np.bincount(levels.ravel(), minlength=256).astype(float)
    below = counts.cumsum()[:-1]
    sums = (counts * np.arange(256)).cumsum()
    above = counts.sum() - below
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (sums[:-1] / below - (sums[-1] - sums[:-1]) / above) ** 2 * below * above
    return int(np.nan_to_num(apart).argmax()) + 1


def _on_any_paper(gray: Gray) -> Mark:
    """Return the mark of ink on paper that may be shaded, or lie on a desk.

    The paper is what is left when everything thinner than a quarter of the picture is closed over
    by its surroundings: shadows and desks stay in it, ink does not.
    """
    window = min(gray.shape) // 4
    share = 1 / 4000  # of the picture, that the darkest ink covers at least
    low, high = np.quantile(gray - ndimage.uniform_filter(gray, window), [share, 1 - share])
    if -low > high:  # what stands out most from its surroundings is dark
        mark = ndimage.grey_closing(gray, window) - gray
    else:
        mark = gray - ndimage.grey_opening(gray, window)
    strength = float(np.quantile(mark, 1 - share))
    if not strength:
        return Mark(mark, mark > 0, 0)
    return Mark(((mark / strength - 0.35) / 0.45).clip(0, 1), mark > strength * 0.5, strength)


def _width(ink: Mask) -> float:
    """Return how wide the strokes are, pixels; the picture's edge ends them."""
    inside = ndimage.distance_transform_edt(np.pad(ink, 1))[1:-1, 1:-1]
    # Across a stroke the distance to its edge is a triangle. It is measured to the middle of the
    # next pixel outside, half a pixel too far.
    return 4 * (inside[ink].mean() - 0.5)


def _digit(mask: Mask) -> Mask:
    """Return the parts of `mask` that are the digit, and a pixel around them.

    The largest part that does not touch the picture's edge, as a desk or a finger would, and what
    lies near it and is not much smaller. A form's box is taken away. Raises PictureError where
    another digit stands beside.
    """
    mask = _without_box(mask)
    parts, count = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    sizes[0] = 0
    sides = (mask[0], mask[-1], mask[:, 0], mask[:, -1])
    if not all(side.any() for side in sides):  # or it is cropped to the digit
        inside = sizes.copy()
        inside[np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))] = 0
        if inside.max() >= max(2 * LEAST, sizes.max() / 20):
            sizes = inside
    largest, extents = int(sizes.argmax()), _extents(parts)
    comparable = np.flatnonzero(sizes >= sizes.max() / 20)
    kept = parts == largest
    if len(comparable) > 1:
        near = ndimage.distance_transform_edt(~kept) <= extents[largest] / 2
        close = [i for i in comparable if near[parts == i].any()]
        kept = np.isin(parts, close)
        others = (sizes >= sizes.max() / 4) & (extents >= extents[largest] / 2)
        others[close] = False
        if others.any() or _stand_side_by_side(kept):
            raise PictureError(
                "expected one digit, got two or more; crop the picture to one of them"
            )
    return ndimage.binary_dilation(kept)


def _extents(parts: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the longer side of every part, pixels; that of the paper, part 0, is 0."""
    boxes = ndimage.find_objects(parts)
    return np.array([0, *(max(side.stop - side.start for side in box) for box in boxes)])


def _stand_side_by_side(mask: Mask) -> bool:
    """Tell whether empty columns part the ink into figures that are about equally tall."""
    groups, count = ndimage.label(mask.any(axis=0))
    tall = [np.ptp(np.flatnonzero(mask[:, groups == i].any(axis=1))) for i in range(1, count + 1)]
    whole = np.ptp(np.flatnonzero(mask.any(axis=1)))
    return sum(each >= 0.6 * whole for each in tall) > 1


def _without_box(mask: Mask) -> Mask:
    """Return what stands in a form's box, or the mask as it is where there is none.

    A box has lines along all four of its sides, and something tall inside.
    """
    parts, count = ndimage.label(mask, structure=np.ones((3, 3)))
    if not count:
        return mask
    largest = int(_extents(parts).argmax())
    box = ndimage.find_objects(parts)[largest - 1]
    lines = parts[box] == largest
    height, width = (max(round(FRAME * side), 1) for side in lines.shape)
    sides = (lines[:height].any(0), lines[-height:].any(0))
    sides += (lines[:, :width].any(1), lines[:, -width:].any(1))
    if min(side.mean() for side in sides) < 0.95 or lines.mean() > 0.5:
        return mask
    rest = lines.copy()
    rest[:height] = rest[-height:] = rest[:, :width] = rest[:, -width:] = False
    within = np.zeros_like(mask)
    within[box] = mask[box] & ~lines | rest
    rows = np.flatnonzero(within.any(axis=1))
    if not len(rows) or np.ptp(rows) < 0.3 * lines.shape[0]:
        return mask
    return within


def _as_thick_as_mnist(ink: Gray) -> Gray:
    """Widen a thin stroke, a fine pen's on a large sheet, to what MNIST's are at the same size."""
    rows, cols = np.nonzero(ink > 0.5)
    if not len(rows):
        return ink
    size = max(np.ptp(rows), np.ptp(cols)) + 1
    lacking = round((THIN * size - _width(ink > 0.5)) / 2)
    if lacking < 1:
        return ink
    ink = np.pad(ink, lacking)
    row, col = np.mgrid[-lacking : lacking + 1, -lacking : lacking + 1]
    return ndimage.grey_dilation(ink, footprint=row**2 + col**2 <= lacking**2)
