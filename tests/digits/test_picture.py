"""Uploads: pictures of digits are read, whatever else comes is refused in a sentence."""

import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from core.digits.drawing import centre, from_strokes
from core.digits.picture import PictureError, from_picture
from core.digits.samples import sample
from core.model.scores import read
from core.runs import ladder


def png(pixels, **options):
    file = io.BytesIO()
    Image.fromarray(np.uint8(np.clip(pixels, 0, 1) * 255)).save(
        file, options.pop("format", "PNG"), **options
    )
    return file.getvalue()


THREE = sample(3).ink() / 255


def photo(digit, *, share=0.5, pen=10, light=None, desk=False, ruled=False, seed=0):
    """A pen stroke on paper, as a phone sees it: 900 by 1200, blurred, noisy, JPEG.

    share: of the width that the drawing takes. light: brightness from row and column in [0, 1].
    """
    chance = np.random.default_rng(seed)
    row, col = np.mgrid[0:1:1200j, 0:1:900j]
    paper = np.full((1200, 900), 0.85)
    if ruled:
        paper[60::75] = paper[61::75] = 0.65
    side = round(900 * share)
    drawn = sample(digit)
    ink = from_strokes(drawn.strokes, side=280, width=pen)
    ink = Image.fromarray(ink).resize((side, side), Image.Resampling.BICUBIC)
    top, left = (1200 - side) // 2, (900 - side) // 2
    window = (slice(top, top + side), slice(left, left + side))
    paper[window] *= 1 - 0.85 * np.asarray(ink) / 255
    if light is not None:
        paper *= light(row, col)
    if desk:
        paper = np.where((row > 0.12) & (row < 0.9) & (col > 0.1) & (col < 0.92), paper, 0.25)
    taken = np.clip(paper + chance.normal(0, 0.015, paper.shape), 0, 1)
    soft = Image.fromarray(np.uint8(taken * 255)).filter(ImageFilter.GaussianBlur(1))
    file = io.BytesIO()
    soft.save(file, "JPEG", quality=80)
    return file.getvalue()


PHOTOS = {
    "plain": {},
    "a thin pen": {"pen": 3},
    "a thick pen": {"pen": 30},
    "small on the sheet": {"share": 0.2},
    "ruled paper": {"ruled": True},
    "light from one side": {"light": lambda _, col: 0.4 + 0.6 * col},
    "a hard shadow": {"light": lambda row, col: np.where(col + 0.3 * row < 0.55, 0.55, 1)},
    "a desk around it": {"desk": True},
}


@pytest.mark.parametrize("kind", PHOTOS.values(), ids=PHOTOS)
def test_phone_photos_of_all_ten_digits_are_read(kind):
    found = [centre(from_picture(photo(digit, **kind))) for digit in range(10)]
    said = read(ladder.load().clean.network, torch.from_numpy(np.stack(found))[:, None])
    assert (said == torch.arange(10)).sum() >= 9


def test_a_preview_inside_a_phones_jpeg_is_no_animation():
    file = io.BytesIO()
    whole = Image.fromarray(np.uint8(255 - 255 * THREE)).convert("RGB")
    whole.save(file, "MPO", save_all=True, append_images=[whole.resize((60, 60))])
    found = torch.from_numpy(centre(from_picture(file.getvalue())))[None, None]
    assert read(ladder.load().clean.network, found).item() == 3


@pytest.mark.parametrize(
    "picture",
    [png(1 - THREE), png(THREE), png(0.3 + 0.4 * THREE), png(1 - THREE, format="WEBP")],
    ids=["dark on light", "light on dark", "grey on grey", "webp"],
)
def test_pictures_of_a_three_read_as_a_three(picture):
    found = torch.from_numpy(centre(from_picture(picture)))[None, None]
    assert read(ladder.load().clean.network, found).item() == 3
    original = torch.from_numpy(centre(sample(3).ink()))[None, None]
    assert (found - original).abs().mean() < 0.05


def test_transparency_is_paper():
    pixels = np.zeros((280, 280, 4), np.float32)
    pixels[..., 3] = THREE  # black ink on nothing
    found = torch.from_numpy(centre(from_picture(png(pixels))))[None, None]
    assert read(ladder.load().clean.network, found).item() == 3


def test_a_photo_taken_sideways_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    turned = png(np.rot90(1 - THREE), format="JPEG", exif=exif)
    found = torch.from_numpy(centre(from_picture(turned)))[None, None]
    assert read(ladder.load().clean.network, found).item() == 3


def animated():
    file = io.BytesIO()
    frames = [Image.new("L", (50, 50), shade) for shade in (0, 255)]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    return file.getvalue()


def gif():
    file = io.BytesIO()
    Image.new("L", (50, 50)).save(file, "GIF")
    return file.getvalue()


def huge():
    file = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty file"),
        (b"hello, I am no picture", "another kind"),
        (gif(), "without ink"),
        (animated(), "still picture"),
        (huge(), "at most 25 megapixels, got 50"),
        (png(np.full((100, 100), 0.5)), "without ink"),
        (png(np.random.default_rng(0).normal(0.6, 0.01, (100, 100))), "without ink"),
        (png(1 - THREE)[:500], "damaged"),
        (png(np.zeros((3, 3))), "at least 10x10"),
    ],
    ids=["empty", "text", "blank gif", "animation", "huge", "blank", "noise", "cut short", "tiny"],
)
def test_what_is_no_picture_of_a_digit_is_refused_in_a_sentence(data, words):
    with pytest.raises(PictureError, match=words) as caught:
        from_picture(data)
    assert str(caught.value).startswith("expected")
