"""What a phone sends is a drawing, or it is refused in a sentence."""

import json

import pytest
import torch

from core.digits import drawing, samples
from core.hall import sent
from core.hall.sent import MOST_POINTS, SentError
from core.runs import ladder
from tests.hall.phone import strokes

ID = "a" * 16


def body(**changes) -> bytes:
    return json.dumps({"phone": ID, "turn": 1, "strokes": strokes(3)} | changes).encode()


@pytest.mark.parametrize("digit", range(10))
def test_strokes_are_drawn_as_the_pages_draw_them(digit):
    """Its coordinates are whole pixels, by which a digit may lie a pixel beside."""
    found = sent.read(body(strokes=strokes(digit))).digit()
    assert ladder.load().clean.network(torch.from_numpy(found)[None, None]).argmax() == digit
    expected = drawing.centre(samples.sample(digit).ink())
    assert found.sum() == pytest.approx(expected.sum(), rel=0.05)


def test_a_dot_is_a_drawing():
    assert sent.read(body(strokes=[[140, 140]])).digit().max() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{" * 4000,
        body(phone="../../etc/passwd"),
        body(phone="A" * 16),
        body(phone=ID + "\n"),
        body(turn=0),
        body(turn=-1),
        body(turn=1.5),
        body(turn=10**30),
        body(strokes=[]),
        body(strokes=[[]]),
        body(strokes=[[1, 2, 3]]),
        body(strokes=[[-1, 2]]),
        body(strokes=[[1, 281]]),
        body(strokes=[[1.5, 2]]),
        body(strokes=[["1", "2"]]),
        body(strokes=[[1, None]]),
        body(strokes=[[1, 1] * (MOST_POINTS + 1)]),
        body(strokes=[[1, 1]] * (MOST_POINTS + 1)),
        body(strokes=[[1, 1] * MOST_POINTS, [2, 2]]),
        body(reads=[8, 8]),  # a phone's own reading is not believed
        body(asked=10),
    ],
)
def test_what_is_no_drawing_is_refused(wrong):
    with pytest.raises(SentError, match="expected"):
        sent.read(wrong)
