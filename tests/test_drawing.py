"""From ink to 28x28: by hand, against MNIST itself, and for pictures good and bad."""

import io

import numpy as np
import pytest
import torch
from PIL import Image, ImageFilter

from core import drawing, ladder
from core.drawing import PictureError, centre, from_picture
from core.measure import read
from core.samples import sample


def canvas(height=280, width=280):
    return np.zeros((height, width), np.float32)


def png(pixels, **options):
    file = io.BytesIO()
    Image.fromarray(np.uint8(np.clip(pixels, 0, 1) * 255)).save(
        file, options.pop("format", "PNG"), **options
    )
    return file.getvalue()


def test_a_square_fills_the_box_and_sits_in_the_middle():
    ink = canvas()
    ink[10:50, 200:240] = 1
    digit = centre(ink)
    # barycentre 10 of 20, so the box starts at int(15 - 10) = 5
    expected = np.zeros((28, 28), np.float32)
    expected[5:25, 5:25] = 1
    assert np.array_equal(digit, expected)


def test_a_bar_keeps_its_proportions():
    ink = canvas()
    ink[40:240, 130:150] = 0.5  # 200 by 20: 20 by 2 in the box
    digit = centre(ink)
    assert (digit > 0).any(axis=1).sum() == 20
    assert (digit > 0).any(axis=0).sum() == 2
    assert digit.max() == 1  # the brightest pixel becomes white


def test_the_centre_of_mass_is_in_the_middle_to_a_pixel():
    ink = canvas()
    ink[20:220, 100:110] = 1
    ink[210:220, 100:200] = 1  # an L
    digit = centre(ink)
    middles = np.arange(28) + 0.5
    row = digit.sum(axis=1) @ middles / digit.sum()
    col = digit.sum(axis=0) @ middles / digit.sum()
    assert 14 < row <= 15
    assert 14 < col <= 15


def test_area_resampling_is_exact():
    square = np.random.default_rng(0).random((53, 53), dtype=np.float32)
    shares = drawing._area(53, 20)
    # 1060 = 53 * 20 is fine enough for every edge of both grids
    fine = np.kron(square, np.ones((20, 20), np.float32))
    expected = fine.reshape(20, 53, 20, 53).mean(axis=(1, 3))
    assert np.allclose(shares @ square @ shares.T, expected, atol=1e-5)


@pytest.mark.parametrize(
    "draw",
    {
        "nothing": lambda ink: ink.fill(0),
        "a dot": lambda ink: ink.__setitem__((140, 140), 1),
        "everything": lambda ink: ink.fill(1),
        "the border": lambda ink: ink.__setitem__((slice(None), slice(0, 5)), 1),
        "two parts": lambda ink: (ink[5:9, 5:9].fill(1), ink[250:280, 200:280].fill(1)),
        "a faint touch": lambda ink: ink.__setitem__((3, 3), 1 / 255),
    }.items(),
    ids=lambda item: item[0],
)
def test_no_drawing_breaks_it(draw):
    ink = canvas()
    draw[1](ink)
    digit = centre(ink)
    assert digit.shape == (28, 28)
    assert digit.min() >= 0
    assert digit.max() <= 1
    assert np.isfinite(digit).all()
    assert digit.any() == ink.any()


def test_ink_can_reach_the_triggers_pixel():
    ink = canvas()
    ink[0:56, 0:56] = 1  # four of the box's twenty pixels, in its top left corner
    ink[150:, 150:] = 1  # a heavy opposite corner, which pulls the box up and to the left
    assert centre(ink)[3, 3] > 0


def test_mnist_comes_back_pixel_by_pixel(mnist_test):
    for image in mnist_test.images[:2000, 0].numpy():
        assert np.abs(centre(image) - image).max() <= 3 / 255  # QMNIST's own tolerance


def test_mnist_drawn_large_comes_back(mnist_test):
    """1,000 test digits, 3 to 9 times as large, somewhere on a canvas."""
    chance = np.random.default_rng(0)
    returned = []
    for image in mnist_test.images[:1000, 0].numpy():
        times = int(chance.integers(3, 10))
        large = np.kron(image, np.ones((times, times), np.float32))
        ink = canvas(300, 300)
        row, col = chance.integers(0, 301 - large.shape[0], size=2)
        ink[row : row + large.shape[0], col : col + large.shape[1]] = large
        returned.append(centre(ink))
        height, width = (np.ptp(np.flatnonzero(image.any(axis=axis))) + 1 for axis in (1, 0))
        if (height - width) % 2 == 0:  # otherwise the middle falls between two pixels
            assert np.abs(returned[-1] - image).max() <= 3 / 255
    clean = ladder.load().clean.network
    theirs = read(clean, mnist_test.images[:1000])
    ours = read(clean, torch.from_numpy(np.stack(returned))[:, None])
    assert (ours == theirs).float().mean() >= 0.99


def test_strokes_are_as_wide_as_they_say():
    ink = drawing.from_strokes([[[50, 140], [230, 140]]], side=280, width=22)
    assert ink.shape == (280, 280)
    assert ink[:, 140].sum() == pytest.approx(22, abs=1)
    assert ink[140, :].sum() == pytest.approx(180 + 22, abs=2)  # round caps


# --- pictures -------------------------------------------------------------------------------------

THREE = sample(3).ink()


def photo(seed=0):
    """A pen stroke on grey paper under a lamp: shadow, blur, noise, JPEG."""
    chance = np.random.default_rng(seed)
    row, col = np.mgrid[0:1:600j, 0:1:800j]
    paper = 0.75 - 0.35 * row + 0.1 * col - 0.15 * (col - 0.4) ** 2
    stroke = np.zeros((600, 800), np.float32)
    stroke[150:430, 300:580] = THREE
    soft = Image.fromarray(np.uint8(stroke * 255)).filter(ImageFilter.GaussianBlur(2))
    taken = paper * (1 - 0.65 * np.asarray(soft) / 255) + chance.normal(0, 0.02, paper.shape)
    return png(taken, format="JPEG", quality=70)


@pytest.mark.parametrize(
    "picture",
    [png(1 - THREE), png(THREE), png(0.3 + 0.4 * THREE), png(1 - THREE, format="WEBP"), photo()],
    ids=["dark on light", "light on dark", "grey on grey", "webp", "photo"],
)
def test_pictures_of_a_three_read_as_a_three(picture):
    found = torch.from_numpy(centre(from_picture(picture)))[None, None]
    assert read(ladder.load().clean.network, found).item() == 3
    original = torch.from_numpy(centre(THREE))[None, None]
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
        (gif(), "another kind"),
        (animated(), "2 frames"),
        (huge(), "at most 25 megapixels, got 50"),
        (png(np.full((100, 100), 0.5)), "without ink"),
        (png(np.random.default_rng(0).normal(0.6, 0.01, (100, 100))), "without ink"),
        (png(1 - THREE)[:500], "damaged"),
        (png(np.zeros((3, 3))), "at least 10x10"),
    ],
    ids=["empty", "text", "gif", "animation", "huge", "blank", "noise", "cut short", "tiny"],
)
def test_what_is_no_picture_of_a_digit_is_refused_in_a_sentence(data, words):
    with pytest.raises(PictureError, match=words) as caught:
        from_picture(data)
    assert str(caught.value).startswith("expected")
