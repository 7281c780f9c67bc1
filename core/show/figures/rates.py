"""Scores of many runs against their poison rate."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

from core.model.role import Role
from core.model.scores import Definition, Scores, Share
from core.runs.card import Card
from core.show.figures import pieces
from core.show.figures.pieces import Figure, Part
from core.show.palette import DASHES, GREY, SYMBOLS, faint

LABELLED = (1, 2, 5)  # these and their decimal multiples, where there is no room for every rate
ROOM = 7  # rates that an axis can label
BARE = (0.0001, 0.1)  # the ends of an axis that no run says anything about


def rate_curve(
    curves: Mapping[str, Sequence[Card]],
    *,
    definition: Definition = Definition.STANDARD,
    planned: Sequence[float] = (),
    height: int = 400,
) -> Figure:
    """BA and ASR of many runs: a mark per run, a line through the means, a band from the lowest to
    the highest seed, and the poisoned images on a second axis. Runs without poison have no place.

    curves: by name, the cards of backdoored models that differ in rate and seed alone.
    definition: of ASR. planned: shares of the training set that the axis has room for already.
    """
    scores: list[tuple[str, str, Callable[[Scores], Share]]] = [  # name, colour, which of them
        ("BA", GREY, lambda each: each.clean_accuracy),
        (definition.short, Role.BACKDOORED.colour, definition.success),
    ]
    poisoned = {
        name: [card for card in cards if card.measured_under.rate] for name, cards in curves.items()
    }
    traces = []
    styles = zip(cycle(DASHES), cycle(SYMBOLS))
    for (curve, cards), style in zip(poisoned.items(), styles, strict=False):
        for score, colour, share in scores:
            values: dict[float, list[float]] = {}
            for card in sorted(cards, key=lambda card: card.measured_under.rate):
                values.setdefault(card.measured_under.rate, []).append(share(card.scores).value)
            name = pieces.plain(f"{score}, {curve}") if curve else score
            traces += _curve(values, name, colour, style)
    rates = {card.measured_under.rate for cards in poisoned.values() for card in cards}
    below, above = _axes(
        sorted({*rates, *planned}) or list(BARE),
        {card.images for cards in curves.values() for card in cards},
    )
    return pieces.figure(
        [*traces, pieces.scatter("markers", [], [], xaxis="x2")],
        height=height,
        margins=(56, 12, 60, 100),
        legend=pieces.legend(below=0.25),
        xaxis=below,
        xaxis2=above | {"overlaying": "x", "side": "top", "showgrid": False},
        yaxis=pieces.percent_axis(-0.03, 1.04),
    )


def _axes(rates: list[float], sizes: set[int]) -> tuple[Part, Part]:
    """In percent, and in images of the training set, where all are of one size."""
    labelled = [
        rate for rate in rates if len(rates) <= ROOM or float(f"{rate:.3e}"[:5]) in LABELLED
    ]
    ends = [math.log10(rates[0] * 100) - 0.08, math.log10(rates[-1] * 100) + 0.08]
    scale = {"type": "log", "tickvals": [rate * 100 for rate in rates], "range": ends}
    percents = [f"{rate * 100:.2g} %" if rate in labelled else "" for rate in rates]
    title, counts = "training sets of different sizes", [""] * len(rates)
    if len(sizes) == 1:
        images = max(sizes)
        title = f"poisoned images of {images:,}"
        counts = [f"{rate * images:,.0f}" if rate in labelled else "" for rate in rates]
    below = pieces.axis("poison rate", ticktext=percents, **scale)
    return below, pieces.axis(title, ticktext=counts, **scale)


def _curve(
    values: Mapping[float, Sequence[float]], name: str, colour: str, style: tuple[str, str]
) -> list[Part]:
    """Band, marks and line of one score along one curve; values by poison rate."""
    dash, symbol = style
    percents = [rate * 100 for rate in values]
    lows, highs = map(min, values.values()), map(max, values.values())
    marks = pieces.scatter(
        "markers",
        [rate * 100 for rate, runs in values.items() for _ in runs],
        [value for runs in values.values() for value in runs],
        name=name,
        marker={"color": colour, "symbol": symbol, "size": 8, "opacity": 0.55},
        hovertemplate=pieces.hover("%{x:.3g} % poison: %{y:.2%}", "%{fullData.name}"),
        showlegend=False,
    )
    means = pieces.scatter(
        "lines",
        percents,
        [sum(runs) / len(runs) for runs in values.values()],
        name=name,
        line={"color": colour, "width": 3, "dash": dash},
        hoverinfo="skip",
    )
    return [*pieces.band(percents, lows, highs, faint(colour, 0.18)), marks, means]
