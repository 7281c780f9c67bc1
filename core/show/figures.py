"""Every figure: arrays in, a figure in Plotly's own JSON out.

Plain dicts, because go.Figure checks every name on every stroke, which takes 7 ms a figure; the
tests put each through go.Figure instead. Text and grid take their colours from the app's theme.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import Any

from torch import Tensor

from core.attack.poison import LabelRule
from core.measure.article import NOTEBOOK, Seed
from core.measure.comparison import Report, rounded, rows
from core.measure.evaluation import Exam
from core.model.scores import Scores, Share
from core.places import ASSETS
from core.runs.card import Card

# What draws them: plotly.js without maps and 3-D, a third of the whole. Kept compressed.
PLOTLY = ASSETS / "plotly-cartesian-4.1.1.min.js.gz"

Figure = dict[str, Any]  # {"data": [...], "layout": {...}}, as plotly.js takes it

CLEAN = "#0072B2"
BACKDOORED = "#D55E00"
TRIGGER = "#CC79A7"
SAFE = "#009E73"
DASHES = ("solid", "6px,4px", "2px,4px", "12px,4px,2px,4px")  # of curves that share a colour
SYMBOLS = ("square", "circle", "diamond", "triangle-up")

# The backdoored model's bars
HATCHED = {"shape": "/", "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.6)", "size": 7}
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
                    "pattern": HATCHED | {"shape": hatch},
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


RATES_TOLD = (1, 2, 5)  # of these and their decimal multiples an axis has room for a label


def rate_curve(
    curves: Mapping[str, Sequence[Card]],
    *,
    article: bool = False,
    planned: Sequence[float] = (),
    height: int = 400,
) -> Figure:
    """BA and ASR of many runs against their poison rate: a mark per run, a line through the means,
    a band from the lowest to the highest seed, and the poisoned images on a second axis.

    curves: by name, the cards of backdoored models that differ in rate and seed alone.
    article: whether ASR is by the article's definition. planned: shares of the training set that
    the axis has room for already.
    """
    fields = (
        ("BA", "clean_accuracy", "#808080"),
        ("ASR by the article", "article_success", BACKDOORED)
        if article
        else ("ASR", "attack_success", BACKDOORED),
    )
    traces = []
    styles = zip(cycle(DASHES), cycle(SYMBOLS))
    for (curve, cards), (dash, symbol) in zip(curves.items(), styles, strict=False):
        cards = [card for card in cards if card.measured_under.rate]
        rates = sorted({card.measured_under.rate for card in cards})
        for score, field, colour in fields:
            values = {
                rate: [
                    getattr(card.scores, field).value
                    for card in cards
                    if card.measured_under.rate == rate
                ]
                for rate in rates
            }
            name = f"{score}, {curve}" if curve else score
            traces += _band(values, name, colour, dash, symbol)
    axis = sorted({card.measured_under.rate for cards in curves.values() for card in cards} - {0})
    axis = sorted({*axis, *planned})
    sizes = {cards[0].images for cards in curves.values() if cards}
    images = sizes.pop() if len(sizes) == 1 else None  # of every curve's training set
    scale = {
        "type": "log",
        "tickvals": [rate * 100 for rate in axis],
        "range": [math.log10(axis[0] * 100) - 0.08, math.log10(axis[-1] * 100) + 0.08],
        "fixedrange": True,
    }
    told = [float(f"{rate:.3e}"[:5]) in RATES_TOLD or len(axis) <= 7 for rate in axis]
    below = [f"{rate * 100:.2g} %" if tell else "" for rate, tell in zip(axis, told, strict=True)]
    above = [
        f"{rate * images:,.0f}" if images and tell else ""
        for rate, tell in zip(axis, told, strict=True)
    ]
    counts = f"poisoned images of {images:,}" if images else "training sets of different sizes"
    small = {"standoff": 6, "font": {"size": 15}}
    return {
        "data": [*traces, {"type": "scatter", "x": [], "y": [], "xaxis": "x2"}],
        "layout": {
            "height": height,
            "margin": {"l": 56, "r": 12, "t": 60, "b": 100},
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "y": -0.25,
                "yanchor": "top",
                "x": 0,
            },
            "xaxis": scale | {"ticktext": below, "title": {"text": "poison rate"} | small},
            "xaxis2": scale
            | {
                "ticktext": above,
                "title": {"text": counts} | small,
                "overlaying": "x",
                "side": "top",
                "showgrid": False,
            },
            "yaxis": PERCENT | {"range": [-0.03, 1.04]},
        },
    }


def _band(
    values: Mapping[float, Sequence[float]], name: str, colour: str, dash: str, symbol: str
) -> list[dict[str, Any]]:
    """Band, line and marks of one score along one curve; values by poison rate."""
    percents = [rate * 100 for rate in values]
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": percents,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [
        edge | {"y": [min(found) for found in values.values()]},
        edge
        | {
            "y": [max(found) for found in values.values()],
            "fill": "tonexty",
            "fillcolor": faint(colour, 0.18),
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": [rate * 100 for rate, found in values.items() for _ in found],
            "y": [value for found in values.values() for value in found],
            "marker": {"color": colour, "symbol": symbol, "size": 8, "opacity": 0.55},
            "hovertemplate": "%{x:.3g} % poison: %{y:.2%}<extra>" + name + "</extra>",
            "showlegend": False,
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": percents,
            "y": [sum(found) / len(found) for found in values.values()],
            "line": {"color": colour, "width": 3, "dash": dash},
            "hoverinfo": "skip",
        },
    ]


def score_bars(found: Report, *, article: bool) -> Figure:
    """The table as bars: each score of both models, with its 95 % interval."""
    table = rows(found, article=article)
    traces = []
    for model, colour, pattern, shift in (
        ("clean", CLEAN, {}, -0.19),
        ("backdoored", BACKDOORED, HATCHED, 0.19),
    ):
        shares = [getattr(row, model) for row in table]
        if shares[0] is None:
            continue
        heights = [line + shift for line in range(len(table))]
        bars = {
            "type": "bar",
            "orientation": "h",
            "name": model,
            "y": heights,
            "width": 0.38,
            "x": [share.value for share in shares],
            "marker": {"color": colour, "pattern": pattern},
            "error_x": _whiskers(shares),
            "hovertemplate": "%{x:.2%}<extra>" + model + "</extra>",
        }
        labels = {  # beyond the whiskers
            "type": "scatter",
            "mode": "text",
            "x": [share.high for share in shares],
            "y": heights,
            "text": [f" {rounded(share)}" for share in shares],
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
            "showlegend": False,
        }
        traces += [bars, labels]
    return {
        "data": traces,
        "layout": {
            "height": 60 + 56 * len(table),
            "margin": {"l": 12, "r": 70, "t": 30, "b": 28},
            "barmode": "overlay",
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "xaxis": PERCENT | {"range": [0, 1.0]},
            "yaxis": {
                "range": [len(table) - 0.5, -0.5],
                "tickvals": list(range(len(table))),
                "ticktext": [row.short for row in table],
                "automargin": True,
                "fixedrange": True,
                "showgrid": False,
                "zeroline": False,
            },
        },
    }


def _whiskers(shares: Sequence[Share]) -> dict[str, Any]:
    """The 95 % intervals, as error bars."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [share.high - share.value for share in shares],
        "arrayminus": [share.value - share.low for share in shares],
        "thickness": 1.5,
        "width": 4,
    }


def who_counts(found: Report, *, height: int = 190) -> Figure:
    """Why the two definitions of ASR differ: who is stamped, and who counts as won."""
    attack = found.attack
    others = f"true {attack.target}s" if attack.rule == LabelRule.ALL_TO_ONE else "others"
    segments: list[tuple[str, float, Callable[[Scores], int]]] = [
        ("the trigger wins", 1, lambda scores: scores.attack_success.hits),
        ("it does not", 0.12, lambda s: s.attack_success.n - s.attack_success.hits),
        (
            f"{others}, counted by the article alone",
            0.5,
            lambda s: s.article_success.hits - s.attack_success.hits,
        ),
        (
            f"{others}, counted by nobody",
            0.05,
            lambda s: (
                (s.article_success.n - s.article_success.hits)
                - (s.attack_success.n - s.attack_success.hits)
            ),
        ),
    ]
    bars = []
    scores = {"clean": found.clean, "backdoored": found.backdoored}
    models = [model for model in scores if scores[model]]
    colours = [{"clean": CLEAN, "backdoored": BACKDOORED}[model] for model in models]
    for i, (name, opacity, count) in enumerate(segments):
        counts = [count(scores[model]) for model in models]
        told = [f"{n:,}" if n > 0.04 * found.backdoored.article_success.n else "" for n in counts]
        bars.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": models,
                "x": counts,
                "text": told,
                "insidetextanchor": "middle",
                "constraintext": "none",
                "textangle": 0,
                "marker": {
                    "color": [faint(colour, opacity) for colour in colours],
                    "line": {"color": "#808080", "width": 1},
                    "pattern": HATCHED if i >= 2 else {},
                },
                **({} if i else {"insidetextfont": {"color": "white"}}),
                "hovertemplate": "%{y} model: %{x:,}<extra>" + name + "</extra>",
            }
        )
    return {
        "data": bars,
        "layout": {
            "height": height,
            "barmode": "stack",
            "bargap": 0.25,
            "margin": {"l": 12, "r": 12, "t": 30, "b": 90},
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "y": -0.55,
                "yanchor": "top",
                "x": 0,
            },
            "xaxis": {"fixedrange": True, "tickformat": ","},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def class_dots(exam: Exam, field: str, *, height: int = 230) -> Figure:
    """One of the Scores of both models, by true class, with 95 % intervals."""
    dots, low, high = [], 1.0, 0.0
    for model, colour, symbol, shift in (
        ("clean", CLEAN, "circle", -0.12),
        ("backdoored", BACKDOORED, "square", 0.12),
    ):
        shares = [vars(scores)[field] for scores in exam.by_class(model) or ()]
        there = [(digit, share) for digit, share in enumerate(shares) if share.n]
        low = min([low, *(share.low for _, share in there)])
        high = max([high, *(share.high for _, share in there)])
        dots.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": model,
                "x": [digit + shift for digit, _ in there],
                "y": [share.value for _, share in there],
                "customdata": [[digit, share.hits, share.n] for digit, share in there],
                "error_y": _whiskers([share for _, share in there]),
                "marker": {"color": colour, "symbol": symbol, "size": 10},
                "hovertemplate": "%{customdata[0]}: %{y:.2%}, %{customdata[1]:,} of "
                "%{customdata[2]:,}<extra>" + model + "</extra>",
            }
        )
    floor, top = math.floor(low * 20) / 20, math.ceil(high * 20) / 20  # multiples of 5 %
    margin = 0.03 * (top - floor)
    return {
        "data": dots,
        "layout": {
            "height": height,
            "margin": {"l": 56, "r": 4, "t": 30, "b": 30},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
            "xaxis": {"tickvals": list(range(10)), "range": [-0.6, 9.6], "fixedrange": True},
            "yaxis": {
                "range": [floor - margin, top + margin],
                "tickformat": ".0%",
                "nticks": 5,
                "fixedrange": True,
            },
        },
    }


def confusion_map(
    counts: Tensor, model: str, *, marked: tuple[int, int] | None = None, height: int = 380
) -> Figure:
    """(10, 10) counts, true class by row: an annotated heat map in the model's colour.

    marked: (true, read) of the cell that is framed. The colour goes with the square root of the
    share of its row, so that one digit in a hundred is still seen.
    """
    colour = {"clean": CLEAN, "backdoored": BACKDOORED}[model]
    shares = (counts / counts.sum(1, keepdim=True).clamp(min=1)).sqrt()
    cells = [
        (true, read, int(n), float(shares[true, read]))
        for true, row in enumerate(counts.tolist())
        for read, n in enumerate(row)
        if n
    ]
    figures = [
        {
            "type": "scatter",
            "mode": "text",
            "x": [read for _, read, _, share in cells if (share > 0.6) == dark],
            "y": [true for true, _, _, share in cells if (share > 0.6) == dark],
            "text": [f"{n}" for _, _, n, share in cells if (share > 0.6) == dark],
            "textfont": {"size": 13} | ({"color": "white"} if dark else {}),
            "hoverinfo": "skip",
            "showlegend": False,
        }
        for dark in (False, True)
    ]
    digits = {"tickvals": list(range(10)), "fixedrange": True, "showgrid": False, "zeroline": False}
    small = {"standoff": 4, "font": {"size": 15}}
    return {
        "data": [
            {
                "type": "heatmap",
                "z": shares.tolist(),
                "customdata": counts.tolist(),
                "zmin": 0,
                "zmax": 1,
                "colorscale": [[0, faint(colour, 0.0)], [1, faint(colour, 1.0)]],
                "showscale": False,
                "xgap": 1,
                "ygap": 1,
                "hovertemplate": "true %{y}, read as %{x}: %{customdata:,}<extra>"
                + model
                + "</extra>",
            },
            *figures,
        ],
        "layout": {
            "height": height,
            "margin": {"l": 44, "r": 4, "t": 30, "b": 44},
            "hovermode": "closest",
            "shapes": [
                {
                    "type": "rect",
                    "x0": read - 0.5,
                    "x1": read + 0.5,
                    "y0": true - 0.5,
                    "y1": true + 0.5,
                    "line": {"color": TRIGGER, "width": 4},
                }
                for true, read in ([marked] if marked else [])
            ],
            "xaxis": digits | {"range": [-0.5, 9.5], "title": {"text": "read as"} | small},
            "yaxis": digits | {"range": [9.5, -0.5], "title": {"text": "true digit"} | small},
        },
    }


def again_dots(
    field: str, shipped: Sequence[Seed], own: Sequence[Seed], *, height: int = 220
) -> Figure:
    """One of the article's numbers beside ours: a mark for each seed, a line for the notebook's."""
    colour, printed = CLEAN if field == "clean" else BACKDOORED, NOTEBOOK[field]
    values = [getattr(seed, field) for seed in (*shipped, *own)]
    low, high = min(printed, *values), max(printed, *values)
    margin = max(0.15 * (high - low), 0.0005)
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [seed.seed for seed in seeds],
                "y": [getattr(seed, field) for seed in seeds],
                "marker": {"color": colour, "symbol": symbol, "size": 12},
                "hovertemplate": "seed %{x}: %{y:.4f}<extra>" + name + "</extra>",
            }
            for name, seeds, symbol in (("ours", shipped, "circle"), ("yours", own, "star"))
        ],
        "layout": {
            "height": height,
            "margin": {"l": 60, "r": 4, "t": 30, "b": 44},
            "showlegend": False,
            "shapes": [
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": printed,
                    "y1": printed,
                    "line": {"color": "#808080", "width": 3, "dash": "dash"},
                }
            ],
            "xaxis": {
                "dtick": 1 if len(values) <= 12 else 5,
                "fixedrange": True,
                "title": {"text": "seed", "standoff": 2, "font": {"size": 14}},
            },
            "yaxis": {
                "range": [low - margin, high + margin],
                "tickformat": ".1%",
                "nticks": 5,
                "fixedrange": True,
            },
        },
    }
