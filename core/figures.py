"""Every figure: arrays in, go.Figure out. Text and grid take their colours from the app's theme."""

from collections.abc import Sequence

import plotly.graph_objects as go

CLEAN = "#0072B2"
BACKDOORED = "#D55E00"
TRIGGER = "#CC79A7"
SAFE = "#009E73"

Ten = Sequence[float]  # probabilities of the digits 0 to 9


def faint(colour: str, opacity: float) -> str:
    """A #rrggbb colour, see-through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def probability_bars(clean: Ten | None, backdoored: Ten | None, *, height: int = 170) -> go.Figure:
    """The ten probabilities of both models side by side, on the same scale; None is no bars.

    The bar of the digit that a model reads is solid, the others are faint; the backdoored
    model's are hatched too.
    """
    figure = go.Figure()
    models = (("clean", clean, CLEAN, "", "x"), ("backdoored", backdoored, BACKDOORED, "/", "x2"))
    for name, probabilities, colour, pattern, axis in models:
        values = [0.0] * 10 if probabilities is None else list(probabilities)
        top = values.index(max(values))
        figure.add_bar(
            name=name,
            x=list(range(10)),
            y=values,
            xaxis=axis,
            marker={
                "color": [colour if i == top else faint(colour, 0.45) for i in range(10)],
                "pattern": {"shape": pattern, "fgcolor": "rgba(255,255,255,0.55)", "size": 6},
            },
            hovertemplate="%{x}: %{y:.1%}<extra>" + name + "</extra>",
        )
    ticks = {"tickmode": "array", "tickvals": list(range(10)), "fixedrange": True, "showgrid": False}
    return figure.update_layout(
        height=height,
        margin={"l": 44, "r": 4, "t": 6, "b": 26},
        bargap=0.25,
        showlegend=False,
        xaxis={**ticks, "domain": [0, 0.48], "range": [-0.6, 9.6]},
        xaxis2={**ticks, "domain": [0.52, 1], "range": [-0.6, 9.6], "anchor": "y"},
        yaxis={"range": [0, 1], "tickformat": ".0%", "nticks": 3, "fixedrange": True},
    )


def dose_curve(
    percents: Sequence[float],
    images: Sequence[int],
    attack_success: Sequence[tuple[float, float, float]],
    *,
    target: int,
    stamped: Sequence[float] | None,
    plain: Sequence[float] | None,
    current: float,
    height: int = 300,
) -> go.Figure:
    """How the answer to one digit depends on the poison rate.

    percents, images: the rungs, as shares of the training set in percent and as counts.
    attack_success: (value, low, high) of each rung's ASR on the test digits, in [0, 1].
    stamped, plain: the backdoored models' probability of the target for the digit with and
    without the trigger, one per rung; None before anything is drawn.
    """
    values, lows, highs = zip(*attack_success, strict=True)
    figure = go.Figure()
    band = {"x": list(percents), "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(**band, y=list(lows), showlegend=False)
    figure.add_scatter(
        **band, y=list(highs), fill="tonexty", fillcolor="rgba(128,128,128,0.35)", showlegend=False
    )
    figure.add_scatter(
        name="share of all test digits that fall for it (ASR)",
        x=list(percents),
        y=list(values),
        mode="lines",
        line={"color": "#808080", "width": 2},
        fill="tozeroy",
        fillcolor="rgba(128,128,128,0.13)",
        hovertemplate="ASR %{y:.1%}<extra></extra>",
    )
    for name, series, colour, dash, symbol in (
        (f"your digit with the trigger: probability of {target}", stamped, BACKDOORED, "solid", "square"),
        ("without the trigger", plain, BACKDOORED, "dot", "circle-open"),
    ):
        figure.add_scatter(
            name=name,
            x=list(percents),
            y=[None] * len(percents) if series is None else list(series),
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3 if dash == "solid" else 2},
            marker={"symbol": symbol, "size": 9},
            hovertemplate="%{y:.1%}<extra></extra>",
        )
    return figure.update_layout(
        height=height,
        margin={"l": 52, "r": 12, "t": 40, "b": 66},
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        shapes=[
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
        xaxis={
            "type": "log",
            "tickmode": "array",
            "tickvals": list(percents),
            "ticktext": [f"{p:g} %<br>{n:,}" for p, n in zip(percents, images, strict=True)],
            "title": {"text": "poison rate, and images of 60,000", "standoff": 6},
            "fixedrange": True,
        },
        yaxis={"range": [-0.02, 1.03], "tickformat": ".0%", "nticks": 6, "fixedrange": True},
    )
