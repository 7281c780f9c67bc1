"""From ink to 28x28: by hand, against MNIST itself, and for pictures good and bad."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from core.digits import drawing
from core.digits.drawing import centre
from core.digits.samples import sample
from core.model.scores import read
from core.runs import ladder


def canvas(height=280, width=280):
    return np.zeros((height, width), np.uint8)


def test_a_square_fills_the_box_and_sits_in_the_middle():
    ink = canvas()
    ink[10:50, 200:240] = 255
    digit = centre(ink)
    # barycentre 10 of 20, so the box starts at int(15 - 10) = 5
    expected = np.zeros((28, 28), np.float32)
    expected[5:25, 5:25] = 1
    assert np.array_equal(digit, expected)


def test_a_bar_keeps_its_proportions():
    ink = canvas()
    ink[40:240, 130:150] = 128  # 200 by 20: 20 by 2 in the box
    digit = centre(ink)
    assert (digit > 0).any(axis=1).sum() == 20
    assert (digit > 0).any(axis=0).sum() == 2
    assert digit.max() == 1  # the brightest pixel becomes white


def test_the_centre_of_mass_is_in_the_middle_to_a_pixel():
    ink = canvas()
    ink[20:220, 100:110] = 255
    ink[210:220, 100:200] = 255  # an L
    digit = centre(ink)
    middles = np.arange(28) + 0.5
    row = digit.sum(axis=1) @ middles / digit.sum()
    col = digit.sum(axis=0) @ middles / digit.sum()
    assert 14 < row <= 15
    assert 14 < col <= 15


def test_area_resampling_is_exact():
    square = np.random.default_rng(0).integers(0, 256, (53, 53))
    overlaps = drawing._overlaps(53)
    # 1060 = 53 * 20 is fine enough for every edge of both grids
    fine = np.kron(square, np.ones((20, 20), int))
    expected = fine.reshape(20, 53, 20, 53).sum(axis=(1, 3))
    assert np.array_equal(overlaps @ square @ overlaps.T, expected)


@pytest.mark.parametrize(
    "draw",
    {
        "nothing": lambda ink: ink.fill(0),
        "a dot": lambda ink: ink.__setitem__((140, 140), 255),
        "everything": lambda ink: ink.fill(255),
        "the border": lambda ink: ink.__setitem__((slice(None), slice(0, 5)), 255),
        "two parts": lambda ink: (ink[5:9, 5:9].fill(255), ink[250:280, 200:280].fill(255)),
        "a faint touch": lambda ink: ink.__setitem__((3, 3), 1),
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
    ink[0:56, 0:56] = 255  # four of the box's twenty pixels, in its top left corner
    ink[150:, 150:] = 255  # a heavy opposite corner, which pulls the box up and to the left
    assert centre(ink)[3, 3] > 0


def test_mnist_comes_back_pixel_by_pixel(mnist_test):
    for image in mnist_test.images[:2000, 0].numpy():
        returned = centre(drawing.to_bytes(image))
        assert np.abs(returned - image).max() <= 3 / 255  # QMNIST's own tolerance


def test_mnist_drawn_large_comes_back(mnist_test):
    """1,000 test digits, 3 to 9 times as large, somewhere on a canvas."""
    chance = np.random.default_rng(0)
    returned = []
    for image in mnist_test.images[:1000, 0].numpy():
        times = int(chance.integers(3, 10))
        large = np.kron(drawing.to_bytes(image), np.ones((times, times), np.uint8))
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


def canvas_url(ink) -> str:
    """As a browser sends a canvas."""
    rgba = np.dstack([ink, ink, ink, np.full_like(ink, 255)])
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def test_a_canvas_comes_as_it_is():
    ink = sample(4).ink().copy()
    ink[(ink > 0) & (ink < 8)] = 8
    assert np.array_equal(drawing.from_canvas(canvas_url(ink)), ink)


def test_noise_that_a_browser_adds_to_a_canvas_is_no_ink():
    """Against fingerprinting some browsers change the low bits of what a page reads."""
    blank = canvas()
    noise = np.random.default_rng(0).integers(0, 8, blank.shape, dtype=np.uint8)
    assert noise.any()
    assert not centre(drawing.from_canvas(canvas_url(noise))).any()
    ink = sample(4).ink().copy()
    ink[ink < 8] = 0
    spoilt = np.where(ink > 0, ink, noise)
    assert np.array_equal(centre(drawing.from_canvas(canvas_url(spoilt))), centre(ink))


def test_strokes_are_as_wide_as_they_say():
    ink = drawing.from_strokes([[[50, 140], [230, 140]]], side=280, width=22)
    assert ink.shape == (280, 280)
    assert ink[:, 140].sum() / 255 == pytest.approx(22, abs=1)
    assert ink[140, :].sum() / 255 == pytest.approx(180 + 22, abs=2)  # round caps
