"""The drawing pad: canvas, samples and upload, three ways to one digit.

The digit belongs to the person, not to a page: it lies in the session and outlives page changes.
Whatever came last, a stroke, a sample or an upload, is the digit. Every change comes through a
callback, so the session holds the new ink before anything of the page is drawn; a stroke then
reruns only the fragment that answers it, and leaves the pad alone.
"""

from typing import Any, NamedTuple

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from core.digits import drawing, samples
from core.digits.drawing import Digit
from core.ui import cards, drawn, parts
from core.ui.drawn import Content, Objects
from core.ui.parts import ANSWER, PAD

SIDE = 280  # pixels of the canvas

CANVAS, UPLOAD = "pad.canvas", "pad.upload"
TURN = "lockMovementX"  # a field that a canvas has no use for, and gives back as it was loaded


class Sent(NamedTuple):
    """What the canvas last sent."""

    objects: Objects
    digit: Digit | None  # that they make, None for a blank one
    turn: int | None  # of the pad, when it was told to show what was then drawn on


def _sent() -> Sent:
    sent = (st.session_state.get(CANVAS) or {}).get("drawing") or {}
    raw = sent.get("raw") or {}
    objects, turn = raw.get("objects") or [], raw.get(TURN)
    if not objects or not sent.get("data"):
        return Sent([], None, turn)
    digit = drawing.centre(drawing.from_canvas(sent["data"]))
    return Sent(objects, digit if digit.any() else None, turn)


def _path(stroke: list[list[float]], width: float) -> dict[str, Any]:
    """A pen stroke as an object."""
    return {
        "type": "Path",
        "path": [["M" if i == 0 else "L", x, y] for i, (x, y) in enumerate(stroke)],
        "fill": None,
        "stroke": "#ffffff",
        "strokeWidth": width,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }


def _picture(digit: Digit) -> dict[str, Any]:
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


def answers_by_itself() -> None:
    """The browser has all models: from now on it says when the pen rests, and not before."""
    drawn.pad().live = True
    parts.rerun(PAD)


def show_again() -> None:
    """Another canvas has come, and shows what the one before was told to show."""
    if not drawn.pad().is_as_loaded():
        drawn.pad().reload(drawn.pad().objects)
    parts.rerun(PAD, ANSWER)


def clear() -> None:
    drawn.pad().let_upload_go()
    drawn.pad().show(Content(), [])


def show_sample(digit: int) -> None:
    drawn.pad().let_upload_go()
    sample = samples.sample(digit)
    strokes = [_path(stroke, sample.width) for stroke in sample.strokes]
    drawn.pad().show(Content(drawing.centre(sample.ink()), sample=digit), strokes)


def show_image(digit: Digit, name: str) -> None:
    """Makes an image, (28, 28), the digit exactly as it is; the canvas shows it enlarged."""
    drawn.pad().let_upload_go()
    drawn.pad().show(Content(digit, picture=name), [_picture(digit)])


def _same(there: Objects, loaded: Objects) -> bool:
    """Whether the canvas still shows what it was told to, nothing added, moved or removed."""
    fields = ("path", "left", "top", "scaleX", "scaleY", "angle")
    return len(there) == len(loaded) and all(
        ours.get(field, theirs.get(field)) == theirs.get(field)
        for ours, theirs in zip(loaded, there, strict=True)
        for field in fields
    )


def _on_clear() -> None:
    clear()
    parts.rerun(PAD, ANSWER)


def _on_sample(digit: int) -> None:
    show_sample(digit)
    parts.rerun(PAD, ANSWER)


def _on_upload() -> None:
    pad = drawn.pad()
    file = st.session_state.get(f"{UPLOAD}.{pad.uploads}")
    if file is None:
        return  # taken away, or about to be replaced by another; its digit stays until then
    from core.digits import picture

    try:
        digit = drawing.centre(picture.from_picture(file.getvalue()))
    except picture.PictureError as error:
        pad.complaint = f"{file.name}: {error}"
    else:
        pad.show(Content(digit, picture=file.name), [_picture(digit)])
    parts.rerun(PAD, ANSWER)


def _on_stroke() -> None:
    pad = drawn.pad()
    objects, digit, turn = _sent()
    if turn not in (pad.turn, None):
        return  # drawn before the canvas was told to show something else
    if _same(objects, pad.load):
        if pad.is_as_loaded():
            return  # the canvas only says that it has loaded what it was told to
        pad.objects, pad.content = pad.load, pad.loaded  # a stroke was undone
        parts.rerun(PAD, ANSWER)
    by_hand = pad.content.picture is None and pad.content.sample is None
    pad.objects, pad.content = objects, Content(digit)
    if by_hand and not pad.complaint:
        parts.rerun(ANSWER)
    pad.let_upload_go()
    parts.rerun(PAD, ANSWER)


@st.fragment(key=PAD)
def show() -> None:
    """Draws the pad."""
    parts.begins(PAD)
    pad = drawn.pad()
    if CANVAS not in st.session_state and not pad.is_as_loaded():
        pad.reload(pad.objects)  # back from another page: a new canvas shows what the old one had
    st.caption("Draw here")  # and room for the canvas's own tools, which float above it
    st_canvas(
        key=CANVAS,
        width=SIDE,
        height=SIDE,
        stroke_width=drawing.PEN,
        stroke_color="#ffffff",
        background_color="#000000",
        initial_drawing={"objects": pad.load, TURN: pad.turn},
        return_image_data=True,
        update_streamlit=not pad.live,
        on_change=_on_stroke,
    )
    if pad.turn == 0 and pad.content.digit is None:
        # A browser that finds its server restarted still shows what was drawn, and brings it along.
        sent = _sent()
        if sent.objects:
            pad.objects, pad.content = sent.objects, Content(sent.digit)
        if sent.turn:  # this run has told the canvas to show something else
            pad.turn = sent.turn
            pad.reload(pad.objects)
            st.rerun()
    below = st.container(gap="xsmall")
    with below.container(horizontal=True):
        st.button(
            "Clear",
            key="pad.clear",
            on_click=_on_clear,
            icon=":material/ink_eraser:",
        )
        with st.popover("Upload", icon=":material/upload:"):
            if pad.complaint:  # here, where somebody looks
                st.error(f"{cards.literal(pad.complaint)} The pad keeps what was on it.")
            st.file_uploader(
                "A picture of one digit; a phone photo will do. Save a HEIC photo as JPEG first.",
                # The first is what Safari makes of a HEIC photo, which is not in the list.
                type=["jpg", "jpeg", "jfif", "png", "webp", "avif", "gif", "tif", "tiff"],
                key=f"{UPLOAD}.{pad.uploads}",
                on_change=_on_upload,
            )
    below.caption("Or take a sample")
    with below.container(horizontal=True, gap="xsmall"):
        for digit in range(10):  # buttons: pills that a page has set send their old value back
            chosen = digit == pad.content.sample
            st.button(
                cards.on_primary(str(digit)) if chosen else str(digit),
                key=f"pad.sample.{digit}",
                type="primary" if chosen else "secondary",
                on_click=_on_sample,
                args=[digit],
            )
    if name := pad.content.picture:
        st.caption(cards.literal(f"Reading your picture: {name}"))
