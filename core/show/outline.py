"""Where a trigger is, as one line around all its cells, to be drawn over an image."""

from base64 import b64encode
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.attack.trigger import Trigger
from core.digits.drawing import SIDE
from core.show.palette import TRIGGER

MARGIN = 2  # pixels between a cell and the line

Corner = tuple[int, int]  # row and column, 0 to 28


@lru_cache(maxsize=64)
def outline(trigger: Trigger) -> dict[str, str | float]:
    """Return the line as an SVG path and its box, in pixels of the image and as shares of its side.

    One cell has a ring; several have a line around their union, in as many loops as it has parts.
    share: of the image inside the line.
    """
    near = np.zeros((SIDE, SIDE), bool)
    for row, col, _ in trigger.cells:
        around = [slice(max(at - MARGIN, 0), at + MARGIN + 1) for at in (row, col)]
        near[tuple(around)] = True
    rows, cols = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    top, left = int(rows[0]), int(cols[0])
    height, width = int(rows[-1]) + 1 - top, int(cols[-1]) + 1 - left
    path = "".join(_path(loop) for loop in loops(near))
    if len(trigger.cells) == 1:
        half = f"{width / 2} {height / 2} 0 0 1"
        path = f"M{left} {top + height / 2}a{half} {width} 0a{half} {-width} 0z"
    place = {"top": top, "left": left, "height": height, "width": width}
    return {side: f"{pixels / SIDE:.2%}" for side, pixels in place.items()} | {
        "box": f"{left} {top} {width} {height}",
        "path": path,
        "share": float(near.mean()),
    }


def picture(trigger: Trigger, *, width: int) -> str:
    """Return the line alone as an SVG over the whole image, a data URL; width: pixels on screen.

    A picture, since Streamlit takes SVG out of HTML.
    """
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<path d="{outline(trigger)["path"]}" fill="none" stroke="{TRIGGER}" '
        f'stroke-width="{width}" stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def loops(inside: NDArray[np.bool_]) -> list[list[Corner]]:
    """Return the edges of a set of pixels, (H, W), as closed lines with the set on their right.

    Every corner where a line turns, in order; holes have lines of their own.
    """
    onward: dict[Corner, list[Corner]] = {}
    padded = np.pad(inside, 1)
    for row, col in np.argwhere(inside).tolist():
        corners = [(row, col), (row, col + 1), (row + 1, col + 1), (row + 1, col), (row, col)]
        beside = [(row - 1, col), (row, col + 1), (row + 1, col), (row, col - 1)]
        for (start, end), (r, c) in zip(pairwise(corners), beside, strict=True):
            if not padded[r + 1, c + 1]:
                onward.setdefault(start, []).append(end)
    found = []
    while onward:
        at, line = next(iter(onward)), []
        while at in onward:
            line.append(at)
            ends = onward[at]
            to = ends.pop()
            if not ends:
                del onward[at]
            at = to
        around = zip([line[-1], *line[:-1]], line, [*line[1:], line[0]], strict=True)
        found.append([at for before, at, after in around if not _straight(before, after)])
    return found


def _straight(before: Corner, after: Corner) -> bool:
    return before[0] == after[0] or before[1] == after[1]


def _path(loop: list[Corner]) -> str:
    return "M" + "L".join(f"{col} {row}" for row, col in loop) + "z"
