"""The talk's scenes: what each says, shows and does. Their records are in scenes.toml."""

from enum import StrEnum

import msgspec

from core.places import ROOT


class Part(StrEnum):
    """What a scene can show. core/web/talk knows these names."""

    PAD = "pad"  # the canvas; C clears it
    CARD = "card"  # what one model reads, which is not named
    CARDS = "cards"  # what both models read
    SEES = "sees"  # the picture as the models see it; a click on it does what T does
    RING = "ring"  # around the pixel where it is off, too
    EXAM = "exam"  # both models' clean accuracy
    WALL = "wall"  # training digits, some of them poisoned
    DOSE = "dose"  # the curve over the poison rates, with a slider; up and down move it
    SCAN = "scan"  # for every pixel, the share of digits that turn once it is white, of both models
    REACH = "reach"  # a slider and buttons in a row; up and down move it
    HALL = "hall"  # what the phones of a hall have drawn; skipped as long as no room is open
    LINES = "lines"  # the words of all steps so far, one under the other


class Layout(StrEnum):
    """How the parts lie on a wide window. On a phone one lies under the other."""

    WHOLE = "whole"  # one part takes all the width
    PAIR = "pair"  # a square, and the cards
    CURVE = "curve"  # a small square, and the curve
    FULL = "full"  # one part takes all there is
    ALL = "all"  # three parts, and a row below them


class Flip(StrEnum):
    """What the trigger's key, T, does in a step."""

    NOTHING = "nothing"
    TOGGLE = "toggle"  # turns the pixel on or off
    NEXT = "next"  # goes a step on
    BACK = "back"  # goes a step back


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    words: str
    answered: str = ""  # instead of the words, once a drawing is answered
    needs_turn: bool = False  # of a drawing that the pixel does not turn, {reading} is said instead
    pixel: bool = False  # whether the pixel is on when the step begins
    flip: Flip = Flip.NOTHING
    afresh: bool = False  # begins with an empty pad, at the usual poison rate
    reveals: bool = False  # from here on the models go by their names
    marks: bool = False  # the wall shows which digits are poisoned, before a click is a guess; the
    # maps of the scan show what was found; the hall's drawings are turned over


class Scene(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str  # a headline; like all words, it may name facts
    notes: str  # for the speaker, Markdown
    parts: tuple[Part, ...]
    layout: Layout
    steps: tuple[Step, ...]


def read(text: str) -> tuple[Scene, ...]:
    """From TOML; raises msgspec.ValidationError where a field is missing, unknown or wrong."""
    return msgspec.toml.decode(text, type=dict[str, tuple[Scene, ...]])["scenes"]


SCENES = read((ROOT / "core" / "show" / "scenes.toml").read_text(encoding="utf-8"))
STEPS = tuple((scene, step) for scene in SCENES for step in scene.steps)
