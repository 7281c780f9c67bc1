"""What a session has drawn: the record behind the pad, which outlives page changes."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.digits.drawing import Digit

RECORD = "pad.record"  # in the session

Objects = list[dict[str, Any]]  # strokes and pictures, as the canvas (Fabric.js) records them


@dataclass(frozen=True)
class Content:
    """A digit and where it is from; drawn by hand where nothing says otherwise."""

    digit: Digit | None = None  # (28, 28) as the models read it, None where nothing is drawn
    sample: int | None = None  # the sample that it is
    picture: str | None = None  # the name of the upload that it is


@dataclass
class Pad:
    """What one session has on its pad."""

    content: Content = field(default_factory=Content)
    objects: Objects = field(default_factory=list)  # what the canvas shows
    loaded: Content = field(default_factory=Content)  # what the canvas was last told to show,
    load: Objects = field(init=False)  # as objects; the same list until somebody draws
    turn: int = 0  # counts what the canvas was told to show; a new one has it load that
    complaint: str | None = None  # why the last upload was refused
    uploads: int = 0  # counts the uploads let go, to give the uploader a new key
    live: bool = False  # whether the browser answers while the pen moves

    def __post_init__(self) -> None:
        self.load = self.objects

    def show(self, content: Content, objects: Objects) -> None:
        """Makes this the digit and has the canvas show `objects`."""
        self.content = content
        self.complaint = None
        self.reload(objects)

    def reload(self, objects: Objects) -> None:
        """Has the canvas show the objects of what is the digit by now."""
        self.objects = self.load = objects
        self.loaded = self.content
        self.turn += 1

    def is_as_loaded(self) -> bool:
        """Whether the canvas shows what it was last told to, and nothing was drawn on it since."""
        return self.objects is self.load

    def let_upload_go(self) -> None:
        self.complaint = None
        self.uploads += 1


def pad() -> Pad:
    """This session's."""
    if RECORD not in st.session_state:
        st.session_state[RECORD] = Pad()
    return st.session_state[RECORD]


def content() -> Content:
    """What is on the pad."""
    return pad().content


def is_live() -> bool:
    """Whether the browser has all models, and answers by itself."""
    return pad().live
