"""Plotly figures that change in place.

st.plotly_chart takes a figure down and puts up another whenever it changes, which blinks. This
component keeps the one it has and hands the new data to Plotly.react. What belongs to a figure
and is to change in the same frame, it takes along as HTML.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.show.figures.pieces import Figure
from core.ui import web

_plot = web.component("plot", isolate_styles=False)


def plot(
    figure: Figure,
    *,
    key: str,
    alt: str,
    before: str = "",
    look: str = "",
    toolbar: bool = False,
    later: bool = False,
    address: dict[str, str | None] | None = None,
    on_click: Callable[[Any, Any], None] | None = None,
) -> None:
    """Shows a figure of fixed height; the next one with the same key takes its place in place.

    alt: the figure in words. before: HTML above it, escaped by whoever made it. look: a class of
    style.css. later: after the next frame, for what may wait until more pressing things are seen.
    address: what the URL is to say, from `address.of`. toolbar: offers to save it as PNG and SVG.
    on_click: a callback, given x and y of the point that was clicked.
    """

    def clicked() -> None:
        point = (st.session_state.get(key) or {}).get("clicked")
        if point and on_click:
            on_click(point["x"], point["y"])

    _plot(
        key=key,
        data={
            "figure": figure,
            "toolbar": toolbar,
            "clicks": on_click is not None,
            "name": key,
            "alt": alt,
            "before": before,
            "look": look,
            "later": later,
            "address": address or {},
            "plotly": web.based(web.PLOTLY_URL),
        },
        on_clicked_change=clicked,
    )
