"""Digits that are drawn small, by several hands, are read as well as large ones.

At any size the models take a European 1 for a 7 once its upstroke is a quarter of its height; the
one here is a sixth. MNIST has few of them.
"""

import numpy as np
import pytest
import torch

from core.digits.drawing import PEN, centre, from_strokes, thin
from core.digits.samples import sample
from core.model.network import predict
from core.runs import ladder
from tests.digits.hands import OTHERS, SIDE, drawn

EACH = 30  # drawings of a digit


def shares_read(size: float, prepare) -> float:
    """Which share of the drawings of a size the clean model reads right."""
    chance, digits, labels = np.random.default_rng(0), [], []
    for digit in range(10):
        variants = [sample(digit).strokes, *OTHERS[digit]]
        for i in range(EACH):
            strokes = drawn(variants[i % len(variants)], size, chance)
            digits.append(centre(prepare(from_strokes(strokes, side=SIDE, width=PEN))))
            labels.append(digit)
    clean = ladder.load().clean.network
    read = predict([clean], torch.from_numpy(np.stack(digits))[:, None])[0].argmax(dim=1)
    return (read.numpy() == labels).mean()


@pytest.mark.parametrize("size", [0.25, 0.4, 0.6, 1.0])
def test_a_small_digit_is_read_as_well_as_a_large_one(size):
    assert shares_read(size, thin) >= 0.97


def test_without_it_a_pen_closes_the_loops_of_a_small_digit():
    assert shares_read(0.25, lambda ink: ink) < 0.85


def test_half_a_pad_needs_nothing_and_nothing_is_lost():
    for size, kept in ((0.6, True), (0.3, False)):
        strokes = drawn(sample(8).strokes, size, np.random.default_rng(1))
        ink = from_strokes(strokes, side=SIDE, width=PEN)
        assert np.array_equal(thin(ink), ink) is kept
        assert thin(ink).any()
    hair = from_strokes([[(100, 100), (120, 120)]], side=SIDE, width=2)
    assert np.array_equal(thin(hair), hair)  # no pen of ours
    blank = np.zeros((SIDE, SIDE), np.uint8)
    assert np.array_equal(thin(blank), blank)


def test_what_is_left_is_the_middle_of_the_stroke():
    bar = from_strokes([[(100, 140), (180, 140)]], side=SIDE, width=PEN)  # a minus
    left = thin(bar)
    rows, cols = np.flatnonzero(left.any(axis=1)), np.flatnonzero(left.any(axis=0))
    wanted = 24 * (80 + PEN - 46) / 100  # pixels
    assert abs((rows[-1] + rows[0]) / 2 - 139.5) <= 0.5
    assert abs(left[:, 140].sum() / 255 - wanted) <= 1
    assert cols[0] >= 100 - PEN / 2
    assert cols[-1] <= 180 + PEN / 2
