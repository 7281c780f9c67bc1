"""Every figure: arrays in, a figure in Plotly's own JSON out.

Plain dicts, because go.Figure checks every name on every stroke, which takes 7 ms a figure; the
tests put each through go.Figure instead. Text and grid take their colours from the app's theme.
"""

import math
from collections.abc import Sequence
from typing import Any

from core.run import Card

Figure = dict[str, Any]  # {"data": [...], "layout": {...}}, as plotly.js takes it

CLEAN = "#0072B2"
BACKDOORED = "#D55E00"
TRIGGER = "#CC79A7"
SAFE = "#009E73"

# An axis of shares
PERCENT = {
    "tickmode": "array",
    "tickvals": [0, 0.5, 1],
    "ticktext": ["0 %", "50 %", "100 %"],
    "fixedrange": True,
}

Ten = Sequence[float]  # probabilities of the digits 0 to 9


def faint(colour: str, opacity: float) -> str:
    """A #rrggbb colour, see-through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def probability_bars(clean: Ten | None, backdoored: Ten | None, *, height: int = 170) -> Figure:
    """The ten probabilities of both models side by side, on the same scale; None is no bars.

    The bar of the digit that a model reads is solid, the others are faint; the backdoored
    model's are hatched too.
    """
    models = (("clean", clean, CLEAN, "", "x"), ("backdoored", backdoored, BACKDOORED, "/", "x2"))
    bars = []
    for name, probabilities, colour, hatch, axis in models:
        values = list(probabilities or [0.0] * 10)
        top = values.index(max(values))
        bars.append(
            {
                "type": "bar",
                "name": name,
                "x": list(range(10)),
                "y": values,
                "xaxis": axis,
                "marker": {
                    "color": [colour if i == top else faint(colour, 0.45) for i in range(10)],
                    "pattern": {
                        "shape": hatch,
                        "fillmode": "overlay",
                        "fgcolor": "rgba(255,255,255,0.6)",
                        "size": 7,
                    },
                },
                "hovertemplate": "%{x}: %{y:.1%}<extra>" + name + "</extra>",
            }
        )
    digits = {
        "tickvals": list(range(10)),
        "range": [-0.6, 9.6],
        "fixedrange": True,
        "showgrid": False,
    }
    return {
        "data": bars,
        "layout": {
            "height": height,
            "margin": {"l": 56, "r": 4, "t": 8, "b": 26},
            "bargap": 0.25,
            "showlegend": False,
            "xaxis": digits | {"domain": [0, 0.48]},
            "xaxis2": digits | {"domain": [0.52, 1], "anchor": "y"},
            "yaxis": PERCENT | {"range": [0, 1.02]},
        },
    }


def dose_curve(
    cards: Sequence[Card],
    *,
    target: int,
    stamped: Sequence[float] | None,
    plain: Sequence[float] | None,
    current: float,
    height: int = 300,
) -> Figure:
    """How the answer to one digit depends on the poison rate.

    cards: of the backdoored models, by rising poison rate; their ASR is drawn behind.
    stamped, plain: their probability of the target for the digit with and without the trigger,
    in [0, 1]; None before anything is drawn. current: the poison rate to mark, in percent.
    """
    percents = [round(card.attack.rate * 100, 6) for card in cards]
    shares = [card.scores.attack_success for card in cards]
    edge = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    edge |= {"x": percents, "showlegend": False}
    measured = [
        edge | {"y": [share.low for share in shares]},
        edge
        | {
            "y": [share.high for share in shares],
            "fill": "tonexty",
            "fillcolor": "rgba(128,128,128,0.35)",
        },
        {
            "type": "scatter",
            "name": "share of all test digits that fall for it (ASR)",
            "x": percents,
            "y": [share.value for share in shares],
            "mode": "lines",
            "line": {"color": "#808080", "width": 2},
            "fill": "tozeroy",
            "fillcolor": "rgba(128,128,128,0.13)",
            "hovertemplate": "ASR %{y:.1%}<extra></extra>",
            "legendrank": 3,
        },
    ]
    yours = [
        {
            "type": "scatter",
            "name": name,
            "x": percents,
            "y": list(series or [None] * len(percents)),
            "mode": "lines+markers",
            "line": {"color": BACKDOORED, "dash": dash, "width": width},
            "marker": {"symbol": symbol, "size": 9},
            "hovertemplate": "%{y:.1%}<extra></extra>",
            "legendrank": rank,
        }
        for rank, name, series, dash, width, symbol in (
            (2, "without the trigger", plain, "dot", 2, "circle-open"),
            (
                1,
                f"your digit, with the trigger: probability of {target}",
                stamped,
                "solid",
                3,
                "square",
            ),
        )
    ]
    return {
        "data": measured + yours,
        "layout": {
            "height": height,
            "margin": {"l": 56, "r": 12, "t": 56, "b": 72},
            "hovermode": "x unified",
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "y": 1.02,
                "yanchor": "bottom",
                "x": 0,
            },
            "shapes": [
                {
                    "type": "line",
                    "x0": current,
                    "x1": current,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": TRIGGER, "width": 3, "dash": "dash"},
                }
            ],
            "xaxis": {
                "type": "log",
                "tickvals": percents,
                "ticktext": [  # a word for each power of ten, so that a phone has room
                    f"{percent:g} %<br>{card.poisoned:,}" if math.log10(percent) % 1 == 0 else ""
                    for percent, card in zip(percents, cards, strict=True)
                ],
                "title": {
                    "text": f"poison rate, and poisoned images of {cards[0].images:,}",
                    "standoff": 6,
                    "font": {"size": 15},
                },
                "fixedrange": True,
            },
            "yaxis": PERCENT | {"range": [-0.02, 1.03]},
        },
    }


# The live curves: what is drawn, its title, and the range of its axis
CURVES = {
    "loss": ("Loss on the training images", [0, 2.4]),
    "clean_accuracy": ("Clean accuracy: untouched test digits read right", [0, 1.03]),
    "attack_success": ("Attack success: stamped test digits that fall for it", [-0.03, 1.03]),
}


def learning_curve(
    what: str,
    points: dict[str, Sequence[dict[str, float]]],
    earlier: dict[str, Sequence[dict[str, float]]],
    total: int,
    *,
    height: int = 190,
) -> Figure:
    """One live curve of both models against the images they have seen.

    what: of CURVES. points: by model, dicts of `seen` and `what`; earlier: of the run before, drawn
    thin. total: images in all, the fixed end of the axis.
    """
    lines = []
    for model, colour, dash in (("clean", CLEAN, "solid"), ("backdoored", BACKDOORED, "5px,2px")):
        for series, width, opacity, name in (
            (earlier.get(model, ()), 2, 0.35, f"{model}, last run"),
            (points.get(model, ()), 3.5, 1, model),
        ):
            lines.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": name,
                    "x": [point["seen"] for point in series],
                    "y": [point[what] for point in series],
                    "line": {"color": colour, "width": width, "dash": dash},
                    "opacity": opacity,
                    "hovertemplate": ("%{y:.2f}" if what == "loss" else "%{y:.1%}")
                    + f"<extra>{name}</extra>",
                }
            )
    shares = {} if what == "loss" else PERCENT
    return {
        "data": lines,
        "layout": {
            "height": height,
            "margin": {"l": 52, "r": 8, "t": 8, "b": 40},
            "showlegend": False,
            "hovermode": "x",
            "xaxis": {
                "range": [0, total],
                "fixedrange": True,
                "nticks": 4,
                "title": {"text": "images seen", "standoff": 4, "font": {"size": 14}},
            },
            "yaxis": {"range": CURVES[what][1], "fixedrange": True} | shares,
        },
    }


def rate_curve(
    cards: Sequence[Card], *, planned: Sequence[float] = (), height: int = 320
) -> Figure:
    """BA and ASR of many runs against their poison rate: a mark per run, a line through the means.

    cards: of backdoored models, in any order. planned: shares of the training set that the axis has
    room for already.
    """
    rates = sorted({card.measured_under.rate for card in cards})
    axis = sorted({*rates, *planned})
    at = {rate: [card for card in cards if card.measured_under.rate == rate] for rate in rates}
    traces = []
    for name, field, colour, symbol in (
        ("clean accuracy (BA)", "clean_accuracy", "#808080", "circle-open"),
        ("attack success (ASR)", "attack_success", BACKDOORED, "square"),
    ):
        values = {rate: [getattr(card.scores, field).value for card in at[rate]] for rate in rates}
        traces += [
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [rate * 100 for rate in rates for _ in values[rate]],
                "y": [value for rate in rates for value in values[rate]],
                "marker": {"color": colour, "symbol": symbol, "size": 10, "opacity": 0.7},
                "hovertemplate": "%{x:.3g} % poison: %{y:.2%}<extra></extra>",
                "showlegend": False,
            },
            {
                "type": "scatter",
                "mode": "lines",
                "name": f"{name}, mean",
                "x": [rate * 100 for rate in rates],
                "y": [sum(values[rate]) / len(values[rate]) for rate in rates],
                "line": {"color": colour, "width": 3},
                "hoverinfo": "skip",
            },
        ]
    return {
        "data": traces,
        "layout": {
            "height": height,
            "margin": {"l": 56, "r": 12, "t": 40, "b": 60},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "xaxis": {
                "type": "log",
                "tickvals": [rate * 100 for rate in axis],
                "ticktext": [f"{rate * 100:.2g} %" for rate in axis],
                "range": [math.log10(axis[0] * 100) - 0.08, math.log10(axis[-1] * 100) + 0.08],
                "title": {"text": "poison rate", "standoff": 6, "font": {"size": 15}},
                "fixedrange": True,
            },
            "yaxis": PERCENT | {"range": [-0.03, 1.04]},
        },
    }
