"""What the defences find."""

from collections import Counter
from collections.abc import Mapping, Sequence

from core.defend.data import Found
from core.defend.finding import Verdict
from core.digits.drawing import SIDE
from core.model.role import Named, Role
from core.runs.card import Card
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import GREY, SYMBOLS, TRIGGER, faint

ENTROPY = 2.5  # bits, up to which the axis goes
BINS = 40  # of that


def scan_map(
    values: Sequence[Sequence[float]], role: Named, *, side: int, place: tuple[int, int] | None
) -> Figure:
    """The trigger scan: (P, P) shares of digits that turn, by the upper left pixel of the square.

    P may be fewer rows than the image has, as long as the scan goes on. side: pixels of the square.
    place: row and column that are ringed.
    """
    heat = {
        "type": "heatmap",
        "z": list(values),
        "customdata": [pieces.percents(row, 1) for row in values],
        "colorscale": [[0, faint(role.colour, 0.0)], [1, faint(role.colour, 1.0)]],
        "hovertemplate": pieces.hover("row %{y}, column %{x}: %{customdata} turn", role),
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
    rings = []
    if place:
        row, column = place
        reach = 1 + side / 2
        middle = (side - 1) / 2
        rings.append(
            {
                "type": "circle",
                "x0": column + middle - reach,
                "x1": column + middle + reach,
                "y0": row + middle - reach,
                "y1": row + middle + reach,
                "line": {"color": TRIGGER, "width": 4},
            }
        )
    bare = {"showgrid": False, "zeroline": False, "dtick": 5, "showline": True, "mirror": True}
    return pieces.figure(
        [heat],
        height=330,
        margins=(44, 4, 8, 44),
        shapes=rings,
        xaxis=pieces.axis("column", range=[-0.5, SIDE - 0.5], constrain="domain", **bare),
        yaxis=pieces.axis("row", range=[SIDE - 0.5, -0.5], scaleanchor="x", **bare),
    )


def label_ratios(
    ratios: Mapping[Named, Mapping[int, float]], threshold: float, margin: float
) -> Figure:
    """By label, how many times the variance in the widest direction is that in the next.

    threshold: the clean models' highest, a line. margin: how far above it the borderline goes, a
    band.
    """
    dots = [
        pieces.scatter(
            "markers",
            of,
            of.values(),
            name=str(role),
            marker={"color": role.colour, "size": 14, "symbol": SYMBOLS[i]},
            hovertemplate=pieces.hover("label %{x}: %{y:.1f} times", role),
        )
        for i, (role, of) in enumerate(ratios.items())
    ]
    ticks = [1, 2, 5, 10, 20, 50, 100]
    return pieces.figure(
        dots,
        height=220,
        margins=(60, 4, 28, 44),
        shapes=[
            pieces.rule("y", threshold, GREY),
            pieces.strip("y", threshold, threshold + margin, faint(GREY, 0.25)),
        ],
        legend=pieces.legend(),
        xaxis=pieces.digit_axis(title="label of the training images"),
        yaxis=pieces.axis(
            "variance ratio", type="log", range=[-0.05, 2], tickvals=ticks, ticktext=ticks
        ),
    )


def plane(found: Found | None, role: Named, *, accused: bool, chosen: int | None) -> Figure:
    """Images of a label in the whitened plane; those apart, where accused, in the trigger's
    colour. found: None while it is looked for. chosen: the place of one that is ringed."""
    parts = (
        [
            ("apart", True, TRIGGER if accused else role.colour, found.apart),
            ("together", False, faint(role.colour, 0.5), found.rest),
        ]
        if found
        else []
    )
    traces = []
    for i, (name, far, colour, size) in enumerate(parts):
        there = [point for point, each in zip(found.points, found.far, strict=True) if each is far]
        x, y = zip(*there, strict=True) if there else ((), ())
        traces.append(
            pieces.scatter(
                "markers",
                x,
                y,
                name=f"{name}, {size:,} images",
                marker={"color": colour, "size": 5, "symbol": SYMBOLS[i]},
                hoverinfo="none",
            )
        )
    if found and chosen is not None:
        x, y = found.points[chosen]
        ring = {"size": 16, "symbol": "circle-open", "line": {"width": 3}, "color": GREY}
        traces.append(
            pieces.scatter("markers", [x], [y], marker=ring, hoverinfo="skip", showlegend=False)
        )
    bare = {"zeroline": False, "showline": True, "mirror": True}
    return pieces.figure(
        traces,
        height=300,
        margins=(44, 4, 28, 40),
        legend=pieces.legend(),
        xaxis=pieces.axis("deviations of clean digits, first direction", **bare),
        yaxis=pieces.axis("second", **bare),
    )


def entropy_bars(
    plain: Sequence[float],
    stamped: Sequence[float],
    boundary: float | None,
    own: float | None,
    name: Named,
) -> Figure:
    """How often digits have which entropy, untouched and stamped; the boundary, dashed, once it is
    known; and where one's own drawing is, if it has one."""
    arrow = {
        "x": own,
        "y": 0,
        "ay": -70,
        "ax": 0,
        "text": "your drawing",
        "xanchor": "left",
        "xshift": 6,
        "arrowhead": 2,
        "arrowwidth": 3,
    }
    kinds = [("untouched", plain, GREY), ("stamped", stamped, TRIGGER)]
    width = ENTROPY / BINS
    bars = []
    for kind, values, colour in kinds:
        counts = Counter(min(int(value / width), BINS - 1) for value in values)
        shares = [counts[i] / max(len(values), 1) for i in range(BINS)]
        bars.append(
            {
                "type": "bar",
                "x": [round((i + 0.5) * width, 4) for i in range(BINS)],
                "y": shares,
                "width": width,
                "name": kind,
                "opacity": 0.7,
                "customdata": pieces.percents(shares, 1),
                "marker": {"color": colour},
                "hovertemplate": pieces.hover("%{x:.2f} bits: %{customdata}", kind),
            }
        )
    return pieces.figure(
        bars,
        height=240,
        margins=(60, 4, 28, 44),
        barmode="overlay",
        shapes=[] if boundary is None else [pieces.rule("x", boundary, name.colour)],
        annotations=[] if own is None else [arrow],
        legend=pieces.legend(),
        xaxis=pieces.axis("mean entropy of the readings, in bits", range=[0, ENTROPY]),
        yaxis=pieces.percent_axis(0, 1),
    )


def detection_curve(
    rungs: Mapping[float, Card], verdicts: Mapping[str, Mapping[float, Verdict]]
) -> Figure:
    """ASR against the poison rate; below it, by method, what it says at which rates.

    rungs: by percent, the models' cards. verdicts: by method and percent.
    """
    shares = [card.scores.attack_success for card in rungs.values()]
    colour, values = Role.BACKDOORED.colour, [share.value for share in shares]
    success = pieces.scatter(
        "lines+markers",
        rungs,
        values,
        name="attack success (ASR)",
        customdata=pieces.percents(values, 1),
        error_y=pieces.whiskers(shares),
        line={"color": colour, "width": 3},
        marker={"color": colour, "size": 9, "symbol": "square"},
        hovertemplate=pieces.hover("%{x} %: %{customdata}", "ASR"),
    )
    rows = []
    for verdict in Verdict:
        points = [
            (percent, i, method)
            for i, (method, of) in enumerate(verdicts.items())
            for percent, each in of.items()
            if each is verdict
        ]
        x, y, methods = zip(*points, strict=True) if points else ((), (), ())
        rows.append(
            pieces.scatter(
                "markers",
                x,
                y,
                yaxis="y2",
                name=verdict.words,
                customdata=methods,
                marker={"color": GREY, "size": 13, "line": {"width": 2}, "symbol": verdict.symbol},
                hovertemplate=pieces.hover("%{x} %: %{customdata}", verdict.words),
            )
        )
    ticks = list(rungs)
    names = [
        {
            "text": method,
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": i,
            "yref": "y2",
            "yshift": 17,
            "showarrow": False,
        }
        for i, method in enumerate(verdicts)
    ]
    return pieces.figure(
        [success, *rows],
        height=424,
        margins=(56, 12, 28, 50),
        annotations=names,
        legend=pieces.legend(),
        xaxis=pieces.axis(
            "poison rate, in percent",
            type="log",
            anchor="y2",
            tickvals=ticks,
            ticktext=[f"{percent:g}" for percent in ticks],
        ),
        yaxis=pieces.percent_axis(-0.03, 1.05) | {"domain": [0.47, 1]},
        yaxis2=pieces.axis(
            domain=[0, 0.42],
            range=[len(verdicts) - 0.5, -0.7],
            showticklabels=False,
            showgrid=False,
        ),
    )
