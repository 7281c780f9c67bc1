"""Digits that are drawn small, by several hands, are read as well as large ones.

At any size the models take a European 1 for a 7 once its upstroke is a quarter of its height; the
one here is a sixth. MNIST has few of them.
"""

from itertools import pairwise

import numpy as np
import pytest
import torch

from core.digits.drawing import PEN, centre, from_strokes, thin
from core.digits.samples import sample
from core.model.network import predict
from core.runs import ladder

SIDE = 280  # pixels of the pad
EACH = 30  # drawings of a digit
Strokes = list[list[tuple[float, float]]]
OTHERS: dict[int, list[Strokes]] = {  # people's variants, beside the samples
    0: [[[(140, 45), (95, 80), (85, 150), (105, 220), (145, 238), (185, 205), (195, 130), (175, 65),
          (140, 45)]]],
    1: [[[(105, 80), (140, 45), (140, 240)]], [[(140, 40), (140, 240)]]],  # European; a bar
    2: [[[(85, 85), (110, 50), (160, 45), (185, 85), (160, 140), (80, 235), (200, 235)]]],
    3: [[[(90, 62), (140, 45), (185, 70), (170, 115), (128, 132)],
         [(128, 132), (185, 150), (195, 200), (150, 232), (88, 214)]]],
    4: [[[(110, 40), (80, 150), (200, 150)], [(165, 60), (160, 240)]],  # open
        [[(160, 40), (70, 170), (210, 170)], [(165, 40), (165, 240)]]],  # closed
    5: [[[(100, 50), (90, 130), (140, 115), (190, 150), (190, 200), (140, 235), (85, 220)],
         [(100, 50), (190, 48)]]],  # of two strokes
    6: [[[(170, 50), (115, 110), (95, 180), (120, 230), (170, 225), (185, 180), (150, 155),
          (105, 180)]]],
    7: [[[(80, 50), (200, 50), (120, 240)], [(100, 145), (185, 140)]],  # crossed
        [[(80, 70), (80, 50), (200, 50), (150, 130), (120, 240)]]],
    8: [[[(175, 70), (140, 45), (105, 65), (110, 105), (150, 135), (185, 180), (165, 230),
          (120, 232), (95, 195), (120, 145), (170, 105), (175, 70)]]],
    9: [[[(185, 90), (150, 50), (105, 60), (95, 105), (130, 135), (180, 110), (185, 80),
          (180, 240)]]],
}  # fmt: skip


def rounded(stroke) -> np.ndarray:
    """A stroke with its corners cut twice, as a hand takes them (Chaikin)."""
    points = np.array(stroke, float)
    for _ in range(2 if len(points) > 2 else 0):
        cut = [point for a, b in pairwise(points) for point in ((3 * a + b) / 4, (a + 3 * b) / 4)]
        points = np.array([points[0], *cut, points[-1]])
    return points


def drawn(strokes: Strokes, size: float, chance: np.random.Generator) -> list:
    """Strokes of another hand, so that their ink fills this share of the pad."""
    turn, slant, breadth = np.deg2rad(chance.uniform(-10, 10)), *chance.uniform(-0.15, 0.15, 2)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    hand = rotation @ np.array([[1 + breadth, slant], [0, 1]])
    lines = [rounded(stroke) @ hand.T for stroke in strokes]
    low, high = np.min(np.vstack(lines), axis=0), np.max(np.vstack(lines), axis=0)
    scale = (size * SIDE - PEN) / (high - low).max()
    room = SIDE * (1 - size) / 2
    place = SIDE / 2 + chance.uniform(-room, room, 2)
    return [((line - (low + high) / 2) * scale + place).tolist() for line in lines]


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


@pytest.mark.parametrize("size", [0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0])
def test_a_small_digit_is_read_as_well_as_a_large_one(size):
    assert shares_read(size, thin) >= 0.97


def test_without_it_a_pen_closes_the_loops_of_a_small_digit():
    assert shares_read(0.25, lambda ink: ink) < 0.75


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
