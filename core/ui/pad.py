"""The drawing pad: canvas, samples and upload, three ways to one digit.

The digit belongs to the person, not to a page: it lies in the session and outlives page changes.
Whatever came last, a stroke, a sample or an upload, is the digit. Every change comes through a
callback, so the session holds the new ink before anything of the page is drawn; a stroke then
reruns only the fragment that answers it, and leaves the pad alone.
"""

from base64 import b64decode
from functools import partial
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core.digits import drawing, samples
from core.digits.drawing import Ink

SIDE = 280  # pixels of the canvas
PEN = 22  # pixels; MNIST's strokes are about as wide, for their size

FRAGMENT, RECORD = "pad", "pad.record"
CANVAS, UPLOAD = "pad.canvas", "pad.upload"


def _pad() -> dict[str, Any]:
    """The session's record of what is on the pad."""
    if RECORD not in st.session_state:
        blank: list[dict[str, Any]] = []
        st.session_state[RECORD] = {
            "digit": None,  # Ink of 28x28 as the models read it, or None where nothing is drawn
            "objects": blank,  # the canvas's own record of its strokes
            "load": {"objects": blank, "turn": 0},  # what it is told to show; a new turn reloads it
            "sample": None,  # the sample that is the digit now
            "loaded": {"digit": None, "sample": None, "picture": None},  # what that is as a digit
            "picture": None,  # name of the upload that is the digit now
            "complaint": None,  # why the last upload was refused
            "uploads": 0,  # counts the uploads let go, to give the uploader a new key
        }
    return st.session_state[RECORD]


def _sent() -> tuple[list[dict[str, Any]], Ink | None]:
    """What the canvas last sent: its strokes and the digit that they make."""
    drawn = (st.session_state.get(CANVAS) or {}).get("drawing") or {}
    objects = (drawn.get("raw") or {}).get("objects") or []
    if not objects or not drawn.get("data"):
        return [], None
    ink = drawing.from_png(b64decode(drawn["data"].partition(";base64,")[2]))
    return objects, drawing.centre(ink)


def _put(
    digit: Ink | None,
    objects: list[dict[str, Any]],
    *,
    sample: int | None = None,
    picture: str | None = None,
) -> None:
    """Makes `digit`, (28, 28), the digit and has the canvas show `objects`."""
    pad = _pad()
    pad["loaded"] = {"digit": digit, "sample": sample, "picture": picture}
    pad |= {
        "complaint": None,
        "objects": objects,
        **pad["loaded"],
        "load": {"objects": objects, "turn": pad["load"]["turn"] + 1},
    }


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


def _picture(digit: Ink) -> dict[str, Any]:
    """An image, (28, 28), over the whole canvas."""
    return {
        "type": "Image",
        "src": f"data:image/png;base64,{drawing.to_png(digit)}",
        "originX": "left",
        "originY": "top",
        "left": 0,
        "top": 0,
        "scaleX": SIDE / drawing.SIDE,
        "scaleY": SIDE / drawing.SIDE,
    }


def digit() -> Ink | None:
    """What is drawn, (28, 28) as the models read it; None where nothing is."""
    return _pad()["digit"]


def sample() -> int | None:
    """The sample that is on the pad, None where it is something else."""
    return _pad()["sample"]


def clear() -> None:
    _let_upload_go()
    _put(None, [])


def show_sample(digit: int) -> None:
    _let_upload_go()
    found = samples.sample(digit)
    strokes = [_path(stroke, found.width) for stroke in found.strokes]
    _put(drawing.centre(found.ink()), strokes, sample=digit)


def show_image(digit: Ink, name: str) -> None:
    """Makes an image, (28, 28), the digit exactly as it is; the canvas shows it enlarged."""
    _let_upload_go()
    _put(digit, [_picture(digit)], picture=name)


def _let_upload_go() -> None:
    pad = _pad()
    pad |= {"picture": None, "complaint": None, "uploads": pad["uploads"] + 1}


def _same(drawn: list[dict[str, Any]], loaded: list[dict[str, Any]]) -> bool:
    """Whether the canvas still shows what it was told to, nothing added, moved or removed."""
    fields = ("path", "left", "top", "scaleX", "scaleY", "angle")
    return len(drawn) == len(loaded) and all(
        ours.get(field, theirs.get(field)) == theirs.get(field)
        for ours, theirs in zip(loaded, drawn, strict=True)
        for field in fields
    )


def _on_clear(answer: str) -> None:
    clear()
    st.rerun([FRAGMENT, answer])


def _on_sample(digit: int, answer: str) -> None:
    show_sample(digit)
    st.rerun([FRAGMENT, answer])


def _on_upload(answer: str) -> None:
    pad = _pad()
    file = st.session_state.get(f"{UPLOAD}.{pad['uploads']}")
    if file is None:
        return  # taken away, or about to be replaced by another; its digit stays until then
    from core.digits import picture

    try:
        found = picture.from_picture(file.getvalue())
    except picture.PictureError as error:
        pad["complaint"] = f"`{file.name}`: {error}."
    else:
        found = drawing.centre(found)
        _put(found, [_picture(found)], picture=file.name)
    st.rerun([FRAGMENT, answer])


def _on_stroke(answer: str) -> None:
    pad = _pad()
    objects, found = _sent()
    if _same(objects, pad["load"]["objects"]):
        if pad["objects"] is pad["load"]["objects"]:
            return  # the canvas only says that it has loaded what it was told to
        pad |= {"objects": pad["load"]["objects"], **pad["loaded"]}  # a stroke was undone, or late
        st.rerun([FRAGMENT, answer])
    pad["objects"], pad["digit"] = objects, found
    if pad["picture"] or pad["complaint"] or pad["sample"] is not None:
        _let_upload_go()
        pad["sample"] = None
        st.rerun([FRAGMENT, answer])
    st.rerun(answer)


@st.fragment(key=FRAGMENT)
def show(answer: str) -> None:
    """Draws the pad; every change of the digit reruns the fragment whose key is `answer`."""
    pad = _pad()
    if CANVAS not in st.session_state and pad["load"]["objects"] is not pad["objects"]:
        # back from another page: the new canvas is to show what the old one had
        pad["load"] = {"objects": pad["objects"], "turn": pad["load"]["turn"] + 1}
    st.caption("Draw here")  # and room for the canvas's own tools, which float above it
    st_canvas(
        key=CANVAS,
        width=SIDE,
        height=SIDE,
        stroke_width=PEN,
        stroke_color="#ffffff",
        background_color="#000000",
        initial_drawing=pad["load"],
        return_image_data=True,
        on_change=partial(_on_stroke, answer),
    )
    if pad["load"]["turn"] == 0 and pad["digit"] is None:
        # A browser that finds its server restarted still shows what was drawn, and brings it along.
        pad["objects"], pad["digit"] = _sent()
    with st.container(horizontal=True):
        st.button("Clear", on_click=_on_clear, args=[answer], icon=":material/ink_eraser:")
        with st.popover("Upload", icon=":material/upload:"):
            st.file_uploader(
                "A picture of one digit: PNG, JPEG or WebP, a phone photo will do",
                type=["png", "jpg", "jpeg", "webp"],
                key=f"{UPLOAD}.{pad['uploads']}",
                on_change=_on_upload,
                args=[answer],
            )
    st.caption("Or take a sample")
    with st.container(horizontal=True, gap="xsmall"):
        for digit in range(10):
            chosen = "primary" if digit == pad["sample"] else "secondary"
            st.button(str(digit), type=chosen, on_click=_on_sample, args=[digit, answer])
    if pad["complaint"]:
        st.error(pad["complaint"])
    elif pad["picture"]:
        st.caption(f"Reading your picture `{pad['picture']}`")
