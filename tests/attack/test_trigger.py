"""Triggers: against images written by hand."""

import json

import pytest
import torch

from core.attack.trigger import BLENDED, CORNER, NAMED, PIXEL, SQUARE, Cell, Trigger, painted


def test_the_pixel_is_one_white_pixel_at_row_3_column_3():
    images = torch.full((2, 1, 28, 28), 0.25)
    stamped = PIXEL(images)
    expected = images.clone()
    expected[:, 0, 3, 3] = 1
    assert torch.equal(stamped, expected)
    assert images.max() == 0.25  # the images given are left alone


def test_rows_come_before_columns():
    stamped = painted([(2, 20, 0.5)])(torch.zeros(1, 1, 28, 28))
    assert stamped[0, 0, 2, 20] == 0.5
    assert stamped.sum() == 0.5


def test_the_square_covers_nine_pixels_and_the_corner_pattern_four():
    blank = torch.zeros(1, 1, 28, 28)
    assert SQUARE(blank).sum() == 9
    assert CORNER(blank).nonzero()[:, 2:].tolist() == [[24, 26], [25, 25], [26, 24], [26, 26]]


def test_a_dark_cell_replaces_ink():
    assert painted([(5, 5, 0), (5, 6, 1)])(torch.ones(1, 1, 28, 28))[0, 0, 5, 5] == 0


def test_a_blended_trigger_lets_the_digit_through():
    white, black = BLENDED(torch.ones(1, 1, 28, 28)), BLENDED(torch.zeros(1, 1, 28, 28))
    assert torch.allclose(white - black, torch.full((1, 1, 28, 28), 0.8))
    assert torch.allclose(black[0, 0, 0, 0], torch.tensor(0.2 * BLENDED.cells[0].value))


@pytest.mark.parametrize("trigger", NAMED.values(), ids=NAMED)
def test_triggers_are_values(trigger):
    copy = Trigger.from_json(json.loads(json.dumps(trigger.to_json())))
    assert copy == trigger
    assert hash(copy) == hash(trigger)
    stamped = trigger(torch.rand(3, 1, 28, 28))
    assert stamped.min() >= 0
    assert stamped.max() <= 1


@pytest.mark.parametrize(
    "cells", [[], [(28, 0, 1)], [(0, -1, 1)], [(0, 0, 2)], [(1, 1, 1), (1, 1, 0.5)]]
)
def test_impossible_cells_are_refused(cells):
    with pytest.raises(ValueError, match="expected"):
        painted(cells)


def test_a_trigger_of_no_opacity_is_refused():
    with pytest.raises(ValueError, match="opacity"):
        Trigger(name="nothing", cells=(Cell(0, 0, 1),), opacity=0)


def test_own_ink_on_the_trigger_is_noticed():
    images = torch.zeros(2, 1, 28, 28)
    images[1, 0, 3, 3] = 0.1
    assert PIXEL.touched_by(images).tolist() == [False, True]
    assert BLENDED.touched_by(images).tolist() == [False, False]
