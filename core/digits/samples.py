"""Sample digits, drawn for this project as pen strokes."""

import json
from functools import cache
from typing import NamedTuple

from core.digits.drawing import Ink, from_strokes
from core.places import ASSETS

PATH = ASSETS / "samples.json"


class Sample(NamedTuple):
    strokes: list[list[list[float]]]  # each a list of [x, y], in pixels of a canvas `side` wide
    side: int
    width: float  # of the pen, pixels

    def ink(self) -> Ink:
        return from_strokes(self.strokes, side=self.side, width=self.width)


@cache
def sample(digit: int) -> Sample:
    record = json.loads(PATH.read_text(encoding="utf-8"))
    return Sample(record["digits"][digit], record["side"], record["width"])
