"""The file of a picture: checked and bounded, and shrunk before anything else is done with it."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

Gray = NDArray[np.float32]  # (H, W) brightness in [0, 1]

# Megapixels of a picture of three channels, at most; of four it is three quarters. Decoding one of
# these takes up to 150 MB: Pillow makes a PNG once, a WebP or AVIF several times.
MEGAPIXELS = {"JPEG": 24, "PNG": 25, "WEBP": 9, "AVIF": 9, "GIF": 9, "TIFF": 12}
FORMATS = list(MEGAPIXELS)
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")  # brands of its files
LEAST = 10  # pixels of either side, at least
FINE = 1920  # pixels; the longer side that a picture is shrunk to
ORIENTATION = 0x0112  # the Exif tag
# One picture is decoded at a time, and by one thread: each thread keeps some memory for its next.
_DECODER = ThreadPoolExecutor(1, "picture")


class PictureError(ValueError):
    """An upload cannot be read as a digit; the message says what was expected and what came."""


def decode(data: bytes) -> Image.Image:
    """Return the picture, upright, "L" or "RGB", its longer side at most FINE pixels.

    Transparent parts become paper: white under dark ink, black under light ink. Takes up to 150 MB
    of memory for a moment. Raises PictureError.
    """
    if not data:
        raise PictureError("expected a picture, got an empty file")
    try:
        small, size = _DECODER.submit(_opened, data).result()
    except Image.DecompressionBombError:
        raise PictureError("expected a picture of fewer pixels, got a far larger one") from None
    except UnidentifiedImageError:
        raise PictureError(_of_another_kind(data)) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"expected a whole picture, got a damaged one ({error})") from None
    if min(small.size) < LEAST:
        raise PictureError(
            f"expected a picture of at least {LEAST}x{LEAST} pixels and no narrow strip, "
            f"got {size[0]}x{size[1]}"
        )
    small = ImageOps.exif_transpose(small)
    return _on_contrast(small) if small.mode == "RGBA" else small


def _opened(data: bytes) -> tuple[Image.Image, tuple[int, int]]:
    """Return the picture shrunk, as it lies, and its size; the large one is then let go."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        _check(image)
        image.draft(None, (FINE // 2, FINE // 2))  # JPEG is decoded smaller at once
        small = _shrunk(image)
        small.getexif()[ORIENTATION] = image.getexif().get(ORIENTATION, 1)
        return small, image.size


def _of_another_kind(data: bytes) -> str:
    if data[4:8] == b"ftyp" and data[8:12] in HEIC:
        return (
            "expected a JPEG or PNG picture, got a HEIC photo; "
            "open it, save or export it as JPEG, and upload that"
        )
    return "expected a JPEG, PNG, WebP, AVIF, GIF or TIFF picture, got a file of another kind"


def _check(image: Image.Image) -> None:
    """Raise PictureError where an image, not yet decoded, is too large or moves."""
    size = image.width * image.height / 1e6
    # A phone's JPEG may hold a preview as a second frame (MPO); the first is the picture.
    kind = "JPEG" if image.format == "MPO" else image.format
    most = MEGAPIXELS[kind] * min(1, 3 / len(image.getbands()))
    if size > most:
        raise PictureError(
            f"expected a {kind} picture of at most {most:g} megapixels, got {size:.1f}"
        )
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise PictureError("expected a still picture, got several frames or pages")


def _shrunk(image: Image.Image) -> Image.Image:
    """Return the image in 8 bits, "L", "RGB" or "RGBA", each side divided by a whole number.

    Works through bands of rows, so that the large image is never copied whole.
    """
    image.load()
    factor = -(-max(image.size) // FINE)
    full, clear = _full_scale(image), image.info.get("transparency")
    height = factor * 64
    bands = []
    for top in range(0, image.height, height):
        band = image.crop((0, top, image.width, min(top + height, image.height)))
        bands.append(_in_eight_bits(band, full, clear).reduce(factor))
    whole = Image.new(bands[0].mode, (bands[0].width, sum(band.height for band in bands)))
    for i, band in enumerate(bands):
        whole.paste(band, (0, i * 64))
    return whole


def _full_scale(image: Image.Image) -> float | None:
    """Return what white is in an image of more than 8 bits a channel; None in one of 8."""
    if image.mode != "F" and not image.mode.startswith("I"):
        return None
    _, most = image.getextrema()
    return next((full for full in (1, 255, 4095, 65535) if most <= full), most)


def _in_eight_bits(band: Image.Image, full: float | None, clear: object) -> Image.Image:
    """Return a band of rows as "L", "RGB" or, where a part of it can be transparent, "RGBA".

    Pillow 13 clips "I;16" to 255 where it converts to "L", so that grey becomes white.
    """
    if full is None:
        if band.has_transparency_data:
            return band.convert("RGBA")
        return band.convert("L" if band.mode in ("1", "L") else "RGB")
    values = np.asarray(band, np.float32)
    gray = Image.fromarray(np.uint8(np.rint(255 * np.nan_to_num(values / full).clip(0, 1))))
    if not isinstance(clear, int):
        return gray
    alpha = Image.fromarray(np.uint8(255 * (values != clear)))
    return Image.merge("RGBA", (gray, gray, gray, alpha))


def _on_contrast(image: Image.Image) -> Image.Image:
    """Return the image on white where its ink is dark, on black where it is light."""
    gray, alpha = (
        np.asarray(part, np.uint32) for part in (image.convert("L"), image.getchannel(3))
    )
    dark = 2 * (gray * alpha).sum() < 255 * alpha.sum()
    paper = Image.new("RGBA", image.size, "white" if dark else "black")
    return Image.alpha_composite(paper, image).convert("RGB")
