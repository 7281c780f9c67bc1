"""What a phone sends: a drawing as strokes, checked before anything is made of it."""

import re
from typing import Annotated

import msgspec

from core.digits.drawing import PEN, Digit, centre, from_strokes, thin

SIDE = 280  # pixels of a phone's pad
MOST_BYTES = 4096
MOST_POINTS = 600
PHONE = re.compile(r"[a-z0-9]{16}")

Coordinate = Annotated[int, msgspec.Meta(ge=0, le=SIDE)]
Stroke = Annotated[list[Coordinate], msgspec.Meta(min_length=2, max_length=2 * MOST_POINTS)]


class SentError(ValueError):
    """It is no drawing; says what was expected and what came."""


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phone: Annotated[str, msgspec.Meta(pattern=rf"^{PHONE.pattern}\Z")]
    turn: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    strokes: Annotated[list[Stroke], msgspec.Meta(min_length=1, max_length=MOST_POINTS)]

    def digit(self) -> Digit:
        """As the models read it, the way that the pages read a canvas."""
        strokes = [
            list(map(list, zip(each[::2], each[1::2], strict=True))) for each in self.strokes
        ]
        return centre(thin(from_strokes(strokes, side=SIDE, width=PEN)))


_decoder = msgspec.json.Decoder(Sent)


def read(body: bytes) -> Sent:
    """Raises SentError."""
    try:
        sent = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SentError(f"expected a drawing, got something else: {error}") from None
    if any(len(stroke) % 2 for stroke in sent.strokes):
        raise SentError("expected pairs of coordinates, got half a pair")
    points = sum(map(len, sent.strokes)) // 2
    if points > MOST_POINTS:
        raise SentError(f"expected {MOST_POINTS} points at most, got {points}")
    return sent
