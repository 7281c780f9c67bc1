"""core/web/live/digit.js against core/attack/trigger.py, bit by bit."""

import numpy as np
import pytest
import torch

from core.attack.trigger import BLENDED, NAMED, painted
from core.digits.drawing import to_bytes
from core.show import live

STAMP = """
async ({ digit, trigger }) => {
  const { decode, imageOf, stamp, touched } = await import("/live/digit.js");
  const bytes = decode(digit);
  return [[...stamp(imageOf(bytes), trigger)], touched(bytes, trigger)];
}
"""
FAINT = painted([(3, 3, 0.4), (14, 14, 0.7), (0, 27, 0.123)])


@pytest.mark.parametrize(
    "trigger",
    [*NAMED.values(), FAINT, type(BLENDED)(name="thin", cells=FAINT.cells, opacity=0.35)],
    ids=lambda each: each.name,
)
def test_a_trigger_is_put_on_as_in_python(lab, mnist_test, trigger):
    page = lab()
    for image in mnist_test.images[:20]:
        given = {"cells": trigger.cells, "opacity": trigger.opacity}
        digit = live.digit(image[0].numpy())
        stamped, touched = page.evaluate(STAMP, {"digit": digit, "trigger": given})
        image = torch.from_numpy(np.float32(to_bytes(image.numpy()) / 255))[None]
        assert np.array_equal(np.float32(stamped), trigger(image).numpy().ravel())
        assert touched == bool(trigger.touched_by(image))


SAME = """
async () => {
  const { isBlank, same } = await import("/live/digit.js");
  const [one, other, blank] = [[1, 0], [2, 0], [0, 0]].map((each) => Uint8Array.from(each));
  return [same(one, one.slice()), same(one, other), same(blank, null), same(null, one),
    isBlank(null), isBlank(blank), isBlank(one)];
}
"""


def test_no_digit_is_a_blank_one(lab):
    assert lab().evaluate(SAME) == [True, False, True, False, True, True, False]
