"""One line around all cells of a trigger: it holds them, and nothing that is far from them."""

import numpy as np
import pytest

from core.attack.trigger import BLENDED, CHECKERBOARD, CORNER, PIXEL, painted
from core.show.outline import MARGIN, loops, outline

APART = painted([(1, 26, 1), (26, 1, 1)])


def area(loop) -> float:
    """Of what lies on a closed line's right."""
    (rows, cols), (after_rows, after_cols) = (
        np.transpose(each) for each in (loop, [*loop[1:], loop[0]])
    )
    return float((cols * after_rows - after_cols * rows).sum() / 2)


def test_the_lines_of_any_set_of_pixels_hold_as_much_as_it_has():
    chance = np.random.default_rng(0)
    for _ in range(50):
        inside = chance.random((9, 9)) < chance.random()
        lines = loops(inside)
        assert sum(map(area, lines)) == inside.sum()
        for line in lines:  # it turns at every corner
            steps = np.diff([*line, line[0]], axis=0)
            assert ((steps == 0).sum(axis=1) == 1).all()


@pytest.mark.parametrize(
    ("trigger", "parts", "box"),
    [
        (CORNER, 1, "22 22 6 6"),  # as wide as the image lets it
        (CHECKERBOARD, 1, "21 21 7 7"),
        (BLENDED, 1, "0 0 28 28"),
        (APART, 2, "0 0 28 28"),
    ],
)
def test_cells_that_are_near_have_one_line(trigger, parts, box):
    found = outline(trigger)
    assert found["path"].count("M") == parts
    assert found["box"] == box


def test_what_lies_apart_leaves_the_rest_free():
    assert outline(APART)["share"] == 2 * 16 / 784  # each is cut at two sides of the image


def test_a_single_cell_has_a_ring():
    found = outline(PIXEL)
    assert "L" not in found["path"]
    assert found["box"] == f"1 1 {2 * MARGIN + 1} {2 * MARGIN + 1}"
