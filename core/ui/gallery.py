"""A wall of test digits with what both models read; a click on one draws with it."""

from base64 import b64decode

import numpy as np
import streamlit as st
from torch import Tensor

from core.attack.phrases import a
from core.digits import drawing, mnist
from core.measure.evaluation import Evaluation
from core.ui import address, cards, evaluations, pad, web
from core.work.jobs import WorkerError

PAGE = 20  # images

_wall = web.component("gallery")


def legend(evaluation: Evaluation) -> str:
    """What stands under an image."""
    if evaluation.readings.clean:
        return "Under each: its true digit, what the clean and what the backdoored model read."
    return "Under each: its true digit, and what the model read."


def show(
    evaluation: Evaluation, rows: Tensor, *, models: str, stamped: bool, key: str, turn: int = 0
) -> None:
    """The test digits of these rows, a page at a time; a click goes to the Draw page with one.

    models: as in `evaluations`. stamped: whether the digits bear the trigger and are read so.
    turn: a higher one than before scrolls the wall into view.
    """
    if not len(rows):
        st.caption("None.")
        return
    pages = -(-len(rows) // PAGE)
    page = 1
    if pages > 1:
        page = st.pagination(pages, key=f"{key}.{hash(tuple(rows.tolist()))}")  # of these rows
    here = tuple(rows[(page - 1) * PAGE : page * PAGE].tolist())
    try:
        images = evaluations.images(here, evaluation.attack.trigger if stamped else None)
    except WorkerError as error:
        st.warning(cards.literal(f"{error}"))
        return
    tiles = [_tile(evaluation, image, stamped=stamped) for image in images]
    shown = _wall(key=key, data={"tiles": tiles, "turn": turn}, on_chosen_change=lambda: None)
    if shown.chosen is not None:
        image = evaluations.images((shown.chosen,), None)[0]  # without the trigger, as it is
        digit = np.float32(drawing.from_png(b64decode(image["png"])) / 255)
        name = f"test digit {shown.chosen} of {mnist.NAME}, {a(image['true'])}"
        pad.show_image(digit, name)
        address.draw_with(models, trigger=stamped)


def _tile(evaluation: Evaluation, image: dict, *, stamped: bool) -> dict:
    row, true = image["row"], image["true"]
    digits = {"true": true}
    for role in evaluation.roles:
        digits[role] = int(evaluation.read(role, stamped=stamped)[row])
    read = ", ".join(f"the {role} model reads {digits[role]}" for role in evaluation.roles)
    return image | {"digits": digits, "words": f"Test digit {row}, a {true}: {read}. Draw with it."}
