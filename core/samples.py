"""Sample digits, drawn for this project as pen strokes."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.drawing import Ink, from_strokes

PATH = Path(__file__).parent.parent / "assets" / "samples.json"


class Sample(NamedTuple):
    strokes: list[list[list[float]]]  # each a list of [x, y], in pixels of a canvas `side` wide
    side: int
    width: float  # of the pen, pixels

    def ink(self) -> Ink:
        return from_strokes(self.strokes, side=self.side, width=self.width)


@cache
def sample(digit: int) -> Sample:
    record = json.loads(PATH.read_text())
    return Sample(record["digits"][digit], record["side"], record["width"])
