"""Pictures of MNIST's digits, pens and forms are read as well as the ink itself.

A thousand digits a group, of more groups: tests/benchmarks/uploads.py.
"""

import numpy as np
import pytest
import torch
from PIL import Image

from core.digits.drawing import centre, from_strokes
from core.digits.picture import PictureError, from_picture
from core.digits.samples import sample
from core.model.network import predict
from core.runs import ladder
from tests.benchmarks.uploads import SAVED, digits, kinds, measure, with_margin
from tests.digits.test_picture_file import saved

N = 60  # test digits of a group


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("28x28", "dark on light"),
        ("28x28", "16 bits"),
        ("10x, cropped", "dark on light"),
        ("10x, margin 5", "light on dark"),
        ("pen 12, margin 0", "dark on light"),
        ("pen 30, margin 15", "light on dark"),
    ],
)
def test_pictures_of_test_digits_are_read_as_their_ink_is(kind, way):
    images, labels = digits(N)
    result = measure([kinds()[kind](image) for image in images], labels, SAVED[way])
    assert result.right >= result.direct - 1.5 / N, result


def said(pictures: list[bytes]) -> list[int]:
    """What the clean model reads."""
    batch = torch.from_numpy(np.stack([centre(from_picture(data)) for data in pictures]))
    return predict([ladder.load().clean.network], batch[:, None])[0].argmax(dim=1).tolist()


def drawn(digit: int, pen: float = 22) -> np.ndarray:
    """A sample's ink, cropped."""
    return with_margin(from_strokes(sample(digit).strokes, side=280, width=pen), 0)


def in_box(digit: int, room: int, turn: float) -> bytes:
    """A digit in a form's box, with so many pixels between them."""
    ink = drawn(digit)
    side = max(ink.shape) + 2 * room
    page = np.zeros((side + 120, side + 120), np.uint8)
    page[60:-60, 60:-60] = 255
    page[64:-64, 64:-64] = 0
    top, left = ((side + 120 - length) // 2 for length in ink.shape)
    page[top : top + ink.shape[0], left : left + ink.shape[1]] |= ink
    image = Image.fromarray(255 - page)
    return saved(image.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255))


@pytest.mark.parametrize(("room", "turn"), [(40, 0), (15, 0), (40, 3)])
def test_a_forms_box_is_no_ink(room, turn):
    assert said([in_box(digit, room, turn) for digit in range(10)]) == list(range(10))


def test_a_small_digit_in_the_corner_of_a_large_photo_is_read():
    pictures = []
    for digit in range(10):
        photo = np.full((2000, 3000), 250, np.uint8)
        photo[1500:1900, 2500:2800] = 255
        ink = np.asarray(Image.fromarray(drawn(digit)).resize((70, 100)))
        photo[1620:1720, 2610:2680] -= ink // 20 * 19
        pictures.append(saved(photo, "JPEG"))
    assert sum(a == b for a, b in enumerate(said(pictures))) >= 9


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [((255, 0, 0), (0, 130, 0)), ((255, 255, 0), (255, 255, 255))],
    ids=["red on green", "yellow on white"],
)
def test_colours_of_the_same_brightness_are_told_apart(ink, paper, kind):
    shares = [np.pad(drawn(digit), 40)[..., None] / 255 for digit in range(10)]
    pixels = [np.uint8(share * ink + (1 - share) * np.array(paper)) for share in shares]
    assert said([saved(each, kind) for each in pixels]) == list(range(10))


@pytest.mark.parametrize("gap", [15, 60, 300])
@pytest.mark.parametrize("pair", [(4, 2), (1, 0)])
def test_two_digits_are_said_to_be_two(pair, gap):
    left, right = (np.pad(drawn(digit, 12), 40) for digit in pair)
    tall = max(left.shape[0], right.shape[0])
    left, right = (np.pad(ink, ((0, tall - ink.shape[0]), (0, 0))) for ink in (left, right))
    left, right = left[:, :-40], right[:, 40:]
    page = np.hstack([left, np.zeros((tall, gap), np.uint8), right])
    with pytest.raises(PictureError, match="expected one digit, got two"):
        from_picture(saved(255 - page))
