"""Digits as other hands draw them: people's variants, of any size, slant and place."""

from itertools import pairwise

import numpy as np

from core.digits.drawing import PEN

SIDE = 280  # pixels of the pad
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
