"""The curves of trainings: of one while it goes on, and of many against their poison rate."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import cycle, takewhile
from statistics import mean

from core.digits import mnist
from core.model.role import Role
from core.model.scores import Definition, Scores, Share
from core.runs.card import Card
from core.show.figures import pieces
from core.show.figures.pieces import Figure, Part
from core.show.palette import DASHES, GREY, SYMBOLS, TRIGGER, faint

# What is drawn live, the first of it large; its title, and the range of its axis
CURVES = {
    "attack_success": ("Attack success: stamped test digits that fall for it", (-0.03, 1.03)),
    "clean_accuracy": ("Clean accuracy: untouched test digits read right", (0, 1.03)),
    "loss": ("Loss on the training images", (0, 2.4)),
}
WON = 0.5  # ASR at which a curve is said to jump
LIVE_DASHES = {Role.CLEAN: "solid", Role.BACKDOORED: "5px,2px"}
LABELLED = (1, 2, 5)  # these and their decimal multiples, where there is no room for every rate
ROOM = 7  # rates that an axis can label
BARE = (0.0001, 0.1)  # the ends of an axis that no run says anything about

Points = Mapping[str, Sequence[dict[str, float | None]]]  # of each model


def _jump(points: Points) -> int | None:
    """After how many images the trigger wins on half of the digits for good; None: not yet.

    A network that has learnt next to nothing may read everything as the target, for a moment.
    """
    won = takewhile(
        lambda point: (point["attack_success"] or 0) >= WON,
        reversed(points.get(Role.BACKDOORED, ())),
    )
    return min((point["seen"] for point in won), default=None)


def learning_curve(
    what: str, points: Points, earlier: Points, total: int, *, height: int = 190
) -> Figure:
    """One live curve of both models against the images they have seen.

    That of the attack's success has a label where it jumps.

    what: of CURVES. points: by model, dicts of `seen` and `what`; earlier: of the run before, drawn
    thin. total: images in all, the fixed end of the axis.
    """
    loss, limits = what == "loss", CURVES[what][1]
    hover = "%{y:.2f}" if loss else "%{hovertext}"
    lines = []
    for role in Role:
        for runs, run, width, opacity in ((earlier, ", last run", 2, 0.35), (points, "", 3.5, 1)):
            values = [point[what] for point in runs.get(role, ())]
            lines.append(
                pieces.scatter(
                    "lines",
                    [point["seen"] for point in runs.get(role, ())],
                    values,
                    name=f"{role}{run}",
                    line={"color": role.colour, "width": width, "dash": LIVE_DASHES[role]},
                    opacity=opacity,
                    hovertext=None if loss else pieces.percents(values, 1),
                    hovertemplate=pieces.hover(hover, f"{role}{run}"),
                )
            )
    marks = {}
    if what == "attack_success" and (at := _jump(points)) is not None:
        marks = {
            "shapes": [pieces.rule("x", at, TRIGGER)],
            "annotations": [pieces.label(f"after {at:,} images", at, WON, total)],
        }
    return pieces.figure(
        lines,
        height=height,
        **marks,
        margins=(52, 8, 8, 40),
        showlegend=False,
        hovermode="x",
        xaxis=pieces.axis("images seen", range=[0, total], nticks=4),
        yaxis=pieces.axis(range=list(limits)) if loss else pieces.percent_axis(*limits),
    )


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
    traces, rates = [], set(planned)
    for (curve, cards), dash, symbol in zip(
        curves.items(), cycle(DASHES), cycle(SYMBOLS), strict=False
    ):
        by_rate: dict[float, list[Card]] = {}
        for card in sorted(cards, key=lambda card: card.measured_under.rate):
            if card.measured_under.rate:
                by_rate.setdefault(card.measured_under.rate, []).append(card)
        rates |= by_rate.keys()
        for score, colour, share in scores:
            values = {
                rate * 100: [share(card.scores).value for card in runs]
                for rate, runs in by_rate.items()
            }
            # Plotly would read HTML in it, as links and line ends
            name = escape(f"{score}, {curve}", quote=False) if curve else score
            traces += _curve(values, name, colour, dash, symbol)
    sizes = {card.images for cards in curves.values() for card in cards}
    below, above = _axes(sorted(rates) or list(BARE), sizes or {mnist.TRAINING_SIZE})
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
    values: Mapping[float, Sequence[float]], name: str, colour: str, dash: str, symbol: str
) -> list[Part]:
    """Band, marks and line of one score along one curve; values by poison rate in percent."""
    runs = [value for of_rate in values.values() for value in of_rate]
    marks = pieces.scatter(
        "markers",
        [percent for percent, of_rate in values.items() for _ in of_rate],
        runs,
        name=name,
        marker={"color": colour, "symbol": symbol, "size": 8, "opacity": 0.55},
        hovertext=pieces.percents(runs, 2),
        hovertemplate=pieces.hover("%{x:.3~g} % poison: %{hovertext}", "%{fullData.name}"),
        showlegend=False,
    )
    means = pieces.scatter(
        "lines",
        values,
        map(mean, values.values()),
        name=name,
        line={"color": colour, "width": 3, "dash": dash},
        hoverinfo="skip",
    )
    lows, highs = map(min, values.values()), map(max, values.values())
    return [*pieces.band(list(values), lows, highs, faint(colour, 0.18)), marks, means]
