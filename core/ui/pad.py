"""The drawing pad: canvas, samples and upload, three ways to one digit.

The digit belongs to the person, not to a page: it lies in the session and outlives page changes.
Whatever came last, a stroke, a sample or an upload, is the digit. Every change comes through a
callback, so the session holds the new ink before anything of the page is drawn.
"""

from base64 import b64decode
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core import drawing
from core.drawing import Ink, PictureError
from core.samples import sample

SIDE = 280  # pixels of the canvas
PEN = 22  # pixels; MNIST's strokes are about as wide, for their size

CANVAS, SAMPLE, UPLOAD = "pad.canvas", "pad.sample", "pad.upload"


def _pad() -> dict[str, Any]:
    """The session's record of what is on the pad."""
    return st.session_state.setdefault(
        "pad",
        {
            "ink": None,  # Ink, or None where nothing is drawn
            "objects": [],  # the canvas's own record of its strokes
            "load": {
                "objects": [],
                "turn": 0,
            },  # what the canvas is told to show; a new turn reloads
            "picture": None,  # name of the upload that is the digit now
            "complaint": None,  # why the last upload was refused
            "uploads": 0,  # counts the uploads let go, to give the uploader a new key
        },
    )


def _put(ink: Ink | None, objects: list[dict[str, Any]], picture: str | None = None) -> None:
    """Makes `ink` the digit and has the canvas show `objects`."""
    pad = _pad()
    pad |= {"ink": ink, "objects": objects, "picture": picture, "complaint": None}
    pad["load"] = {"objects": objects, "turn": pad["load"]["turn"] + 1}
    st.session_state["pad"] = pad


def _path(stroke: list[list[float]], width: float) -> dict[str, Any]:
    """A pen stroke as the canvas (Fabric.js) records one."""
    return {
        "type": "Path",
        "path": [["M" if i == 0 else "L", x, y] for i, (x, y) in enumerate(stroke)],
        "fill": None,
        "stroke": "#ffffff",
        "strokeWidth": width,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }


def clear() -> None:
    st.session_state[SAMPLE] = None
    _let_upload_go()
    _put(None, [])


def show_sample(digit: int | None) -> None:
    if digit is None:
        return clear()
    _let_upload_go()
    chosen = sample(digit)
    _put(chosen.ink(), [_path(stroke, chosen.width) for stroke in chosen.strokes])


def _sample_chosen() -> None:
    show_sample(st.session_state[SAMPLE])


def _let_upload_go() -> None:
    pad = _pad()
    pad |= {"picture": None, "complaint": None, "uploads": pad["uploads"] + 1}


def _uploaded() -> None:
    file = st.session_state.get(f"{UPLOAD}.{_pad()['uploads']}")
    if file is None:
        if _pad()["picture"]:
            clear()
        return
    try:
        ink = drawing.from_picture(file.getvalue())
    except PictureError as error:
        _pad()["complaint"] = f"{file.name}: {error}."
        return
    st.session_state[SAMPLE] = None
    _put(ink, [], picture=file.name)


def _same(drawn: list[dict[str, Any]], loaded: list[dict[str, Any]]) -> bool:
    """Whether the canvas still shows what it was told to, nothing added, moved or removed."""
    fields = ("path", "left", "top", "scaleX", "scaleY", "angle")
    return len(drawn) == len(loaded) and all(
        ours.get(field, theirs.get(field)) == theirs.get(field)
        for ours, theirs in zip(loaded, drawn, strict=True)
        for field in fields
    )


def _drawn() -> None:
    sent = (st.session_state[CANVAS] or {}).get("drawing") or {}
    objects = (sent.get("raw") or {}).get("objects") or []
    pad = _pad()
    if _same(objects, pad["load"]["objects"]) and (objects or pad["picture"]):
        return  # the canvas only says that it has loaded what it was told to
    if not objects and pad["picture"]:
        return
    if pad["picture"]:
        _let_upload_go()
    st.session_state[SAMPLE] = None
    pad["objects"] = objects
    pad["ink"] = None
    if objects and sent.get("data"):
        pad["ink"] = drawing.from_png(b64decode(sent["data"].partition(";base64,")[2]))


def show() -> Ink | None:
    """Draws the pad and gives back the ink on it, None where there is none."""
    pad = _pad()
    if CANVAS not in st.session_state and pad["load"]["objects"] is not pad["objects"]:
        pad["load"] = {"objects": pad["objects"], "turn": pad["load"]["turn"] + 1}
    st_canvas(
        key=CANVAS,
        width=SIDE,
        height=SIDE,
        stroke_width=PEN,
        stroke_color="#ffffff",
        background_color="#000000",
        initial_drawing=pad["load"],
        return_image_data=True,
        on_change=_drawn,
    )
    with st.container(horizontal=True):
        st.button("Clear", on_click=clear, icon=":material/ink_eraser:")
        with st.popover("Upload", icon=":material/upload:"):
            st.file_uploader(
                "A picture of one digit: PNG, JPEG or WebP, a phone photo will do",
                type=["png", "jpg", "jpeg", "webp"],
                key=f"{UPLOAD}.{pad['uploads']}",
                on_change=_uploaded,
            )
    st.pills("Or take a sample", range(10), key=SAMPLE, on_change=_sample_chosen, wrap=True)
    if pad["complaint"]:
        st.error(pad["complaint"])
    elif pad["picture"]:
        st.caption(f"Reading your picture {pad['picture']}")
    return pad["ink"]
