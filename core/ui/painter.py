"""A grid of 28x28 cells on which a trigger is painted."""

from collections.abc import Callable

import streamlit as st

from core.attack.trigger import Cell
from core.ui import web

_painter = web.component("painter")


def paint(cells: list[Cell], faint: list[int], *, key: str, on_change: Callable[[], None]) -> None:
    """Shows the grid over a faint image (784 greys, 0 to 255); starts from `cells`.

    After a change, `painted(key)` has the cells.
    """
    _painter(key=key, data={"cells": cells, "faint": faint}, on_cells_change=on_change)


def painted(key: str) -> list[Cell] | None:
    """What was painted since the grid was put up, None where nothing was."""
    cells = (st.session_state.get(key) or {}).get("cells")
    return None if cells is None else [Cell(int(r), int(c), float(v)) for r, c, v in cells]
