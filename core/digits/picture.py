"""The ink of an uploaded picture: a scan, a screenshot, a phone photo of a pen stroke."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from scipy import ndimage

from core.digits.drawing import Ink

Gray = NDArray[np.float32]  # (H, W) brightness in [0, 1]

MEGAPIXELS = 25  # of a picture, at most
WORKING = 480  # pixels; the longer side a picture is reduced to before it is read
LEAST = 10  # pixels of either side, at least
CONTRAST = 0.12  # between ink and paper, of 1; below this a picture counts as empty
THIN = 0.08  # of the digit's size; thinner strokes are widened to it


class PictureError(ValueError):
    """An upload cannot be read as a digit; the message says what was expected and what came."""


def from_picture(data: bytes) -> Ink:
    """The ink of an uploaded PNG, JPEG or WebP.

    Dark on light or light on dark, photos of a pen stroke included. Raises PictureError for
    anything that cannot be read as one.
    """
    gray = _decode(data)
    side = max(gray.shape)
    gray = ndimage.gaussian_filter(gray, side / 500)  # camera noise, about a pixel
    # The paper is what is left when everything thinner than a quarter of the picture is closed
    # over by its surroundings: shadows and desks stay in it, ink does not.
    window = min(gray.shape) // 4
    low, high = np.quantile(gray - ndimage.uniform_filter(gray, window), [0.001, 0.999])
    if -low > high:  # what stands out most from its surroundings is dark
        mark = ndimage.grey_closing(gray, window) - gray
    else:
        mark = gray - ndimage.grey_opening(gray, window)
    strength = float(np.quantile(mark, 0.999))
    if strength < CONTRAST:
        raise PictureError(
            "expected a digit that stands out from its background, "
            f"got a picture without ink (contrast {strength:.0%})"
        )
    low, full = strength * 0.35, strength * 0.8
    soft = np.clip((mark - low) / (full - low), 0, 1)
    ink = _as_thick_as_mnist(soft * _digit(mark > strength * 0.5))
    return np.uint8(np.rint(ink * 255))


def _digit(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The parts of `mask` that are the digit, and a pixel around them.

    The largest part that does not touch the picture's edge, as a desk or a finger would, and what
    lies near it and is not much smaller.
    """
    parts, count = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    sizes[0] = 0
    edge = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    inside = sizes.copy()
    inside[edge] = 0
    if inside.max() >= 2 * LEAST:
        sizes = inside
    largest = int(sizes.argmax())
    near = ndimage.distance_transform_edt(parts != largest)
    reach = np.ptp(np.argwhere(parts == largest), axis=0).max() / 2
    boxes = ndimage.minimum(near, parts, index=np.arange(count + 1))
    kept = (sizes >= sizes.max() / 20) & (boxes <= reach)
    kept[0] = False
    return ndimage.binary_dilation(kept[parts])


def _as_thick_as_mnist(ink: Gray) -> Gray:
    """Widens a thin stroke, a fine pen's on a large sheet, to what MNIST's are at the same size."""
    rows, cols = np.nonzero(ink > 0.5)
    if not len(rows):
        return ink
    size = max(np.ptp(rows), np.ptp(cols)) + 1
    inside = ndimage.distance_transform_edt(ink > 0.5)
    width = 4 * inside[ink > 0.5].mean()  # across a stroke the distance to its edge is a triangle
    lacking = round((THIN * size - width) / 2)
    if lacking < 1:
        return ink
    ink = np.pad(ink, lacking)
    row, col = np.mgrid[-lacking : lacking + 1, -lacking : lacking + 1]
    return ndimage.grey_dilation(ink, footprint=row**2 + col**2 <= lacking**2)


def _decode(data: bytes) -> Gray:
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
            # A phone's JPEG may hold a preview as a second frame (MPO); the first is the picture.
            if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
                raise PictureError(f"expected a still picture, got {image.n_frames} frames")
            image.draft("L", (WORKING * 2, WORKING * 2))  # JPEG decodes smaller at once
            upright = ImageOps.exif_transpose(image)
            if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
                upright = _on_contrast(upright.convert("RGBA"))
            small = upright.convert("L")
            small.thumbnail((WORKING, WORKING), Image.Resampling.BOX)
    except Image.DecompressionBombError:
        raise PictureError(
            f"expected a picture of at most {MEGAPIXELS} megapixels, got a far larger one"
        ) from None
    except UnidentifiedImageError:
        raise PictureError(
            "expected a PNG, JPEG or WebP picture, got a file of another kind"
        ) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"expected a whole picture, got a damaged one ({error})") from None
    if min(small.size) < LEAST:
        raise PictureError(
            f"expected a picture of at least {LEAST}x{LEAST} pixels and no narrow strip, "
            f"got {upright.width}x{upright.height}"
        )
    return np.asarray(small, dtype=np.float32) / 255


def _on_contrast(image: Image.Image) -> Image.Image:
    """Transparency becomes paper: white under dark ink, black under light ink."""
    pixels = np.asarray(image, dtype=np.float32) / 255
    alpha = pixels[..., 3]
    dark = (pixels[..., :3].mean(axis=2) * alpha).sum() < 0.5 * alpha.sum()
    paper = Image.new("RGBA", image.size, "white" if dark else "black")
    return Image.alpha_composite(paper, image)
