"""What figures are made of: layouts, axes, legends, bands, whiskers."""

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from core.model.scores import Share

Figure = dict[str, Any]  # {"data": [...], "layout": {...}}, as plotly.js takes it
Part = dict[str, Any]  # of one
STEPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)  # from line to line


def figure(
    data: Sequence[Part], *, height: int, margins: tuple[int, int, int, int], **layout: Any
) -> Figure:
    """height and margins (left, right, top, bottom) in pixels."""
    margin = dict(zip("lrtb", margins, strict=True))
    return {"data": list(data), "layout": {"height": height, "margin": margin, **layout}}


def axis(title: str = "", **rest: Any) -> Part:
    """An axis that neither finger nor mouse can move."""
    words = {"title": {"text": title, "standoff": 4, "font": {"size": 15}}} if title else {}
    return {"fixedrange": True, **words, **rest}


def percents(shares: Iterable[float | None], decimals: int) -> list[str]:
    """Shares in percent, with the space that Plotly's own format lacks; nothing of None."""
    return ["" if share is None else f"{share * 100:.{decimals}f} %" for share in shares]


def percent_axis(low: float, high: float) -> Part:
    """An axis of shares, from `low` to `high`, with a line at two to five round ones of them."""
    step = next(step for step in STEPS if high - low < 5 * step)
    ticks = [i * step for i in range(math.ceil(low / step), math.floor(min(high, 1) / step) + 1)]
    decimals = max(0, math.ceil(-math.log10(step * 100)))
    return axis(range=[low, high], tickvals=ticks, ticktext=percents(ticks, decimals))


def digit_axis(**rest: Any) -> Part:
    return axis(**{"tickvals": list(range(10)), "range": [-0.6, 9.6], **rest})


def legend(*, below: float = 0) -> Part:
    """In a line above the figure, or as far `below` it, in heights of the figure."""
    place = {"y": -below, "yanchor": "top"} if below else {"y": 1.02, "yanchor": "bottom"}
    return {"orientation": "h", "traceorder": "normal", "x": 0, **place}


def hover(values: str, name: str = "") -> str:
    """What is said of a point under the mouse."""
    return f"{values}<extra>{name}</extra>"


def scatter(mode: str, x: Iterable[float], y: Iterable[float | None], **rest: Any) -> Part:
    """Of points, in any mode that Plotly knows."""
    return {"type": "scatter", "mode": mode, "x": list(x), "y": list(y), **rest}


def bars(x: Iterable[float], y: Iterable[float | str], **rest: Any) -> Part:
    """Bars that lie, as long as `x`."""
    return {"type": "bar", "orientation": "h", "x": list(x), "y": list(y), **rest}


def text(x: Iterable[float], y: Iterable[float | None], words: Iterable[str], **rest: Any) -> Part:
    """Words at points, which the mouse does not see."""
    silent = {"hoverinfo": "skip", "showlegend": False}
    return scatter("text", x, y, text=list(words), **silent, **rest)


def band(
    x: Sequence[float], low: Iterable[float], high: Iterable[float], colour: str
) -> list[Part]:
    """From `low` to `high` along x, filled, without a line of its own."""
    silent = {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    filled = {"fill": "tonexty", "fillcolor": colour}
    return [scatter("lines", x, low, **silent), scatter("lines", x, high, **silent, **filled)]


def whiskers(shares: Collection[Share]) -> Part:
    """Their 95 % intervals, as error bars."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [share.high - share.value for share in shares],
        "arrayminus": [share.value - share.low for share in shares],
        "thickness": 1.5,
        "width": 4,
    }


def label(words: str, x: float, y: float, most: float) -> Part:
    """Words beside a point, on the side where there is room; `most`: the end of the axis x."""
    left = x > most / 2
    return {
        "text": words,
        "x": x,
        "y": y,
        "showarrow": False,
        "xanchor": "right" if left else "left",
        "xshift": -8 if left else 8,
        "font": {"size": 20},
    }


def strip(along: str, low: float, high: float, colour: str) -> Part:
    """Filled across the whole figure, where the axis `along`, x or y, is from `low` to `high`."""
    across = "y" if along == "x" else "x"
    ends = {f"{along}0": low, f"{along}1": high, f"{across}0": 0, f"{across}1": 1}
    line = {"width": 0}
    return {"type": "rect", f"{across}ref": "paper", **ends, "line": line, "fillcolor": colour}


def rule(along: str, at: float, colour: str) -> Part:
    """A dashed line across the whole figure, where the axis `along`, x or y, is `at`."""
    across = "y" if along == "x" else "x"
    ends = {f"{along}0": at, f"{along}1": at, f"{across}0": 0, f"{across}1": 1}
    line = {"color": colour, "width": 3, "dash": "dash"}
    return {"type": "line", f"{across}ref": "paper", **ends, "line": line}
