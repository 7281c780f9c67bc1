"""What the defences find."""

from collections.abc import Mapping, Sequence

from core.defend.data import Found
from core.digits.drawing import SIDE
from core.model.role import Role
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import GREY, SYMBOLS, TRIGGER, faint


def scan_map(
    values: Sequence[Sequence[float]], role: Role, *, side: int, place: tuple[int, int] | None
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


def label_rates(rates: Mapping[Role, Mapping[int, float]], threshold: float) -> Figure:
    """By label, what the strangest part of its images takes along, and the clean models' most."""
    dots = [
        pieces.scatter(
            "markers",
            of,
            of.values(),
            name=str(role),
            customdata=pieces.percents(of.values(), 1),
            marker={"color": role.colour, "size": 14, "symbol": SYMBOLS[i]},
            hovertemplate=pieces.hover("label %{x}: %{customdata}", role),
        )
        for i, (role, of) in enumerate(rates.items())
    ]
    return pieces.figure(
        dots,
        height=220,
        margins=(60, 4, 28, 44),
        shapes=[pieces.rule("y", threshold, GREY)],
        legend=pieces.legend(),
        xaxis=pieces.digit_axis(title="label of the training images"),
        yaxis=pieces.percent_axis(-0.03, 1.05),
    )


def plane(found: Found, role: Role, guilty: Sequence[int]) -> Figure:
    """The rows of a label by their first two components; a guilty part in the trigger's colour."""
    traces = []
    for i, size in enumerate(found.sizes):
        there = [point for point, part in zip(found.points, found.part, strict=True) if part == i]
        x, y = zip(*there, strict=True) if there else ((), ())
        colour = TRIGGER if i in guilty else faint(role.colour, 1 - 0.2 * i)
        traces.append(
            pieces.scatter(
                "markers",
                x,
                y,
                name=f"part {i + 1}, {size:,} images",
                marker={"color": colour, "size": 5, "symbol": SYMBOLS[i % len(SYMBOLS)]},
                hoverinfo="skip",
            )
        )
    bare = {"showticklabels": False, "zeroline": False, "showline": True, "mirror": True}
    return pieces.figure(
        traces,
        height=300,
        margins=(28, 4, 28, 30),
        legend=pieces.legend(),
        xaxis=pieces.axis("first component", **bare),
        yaxis=pieces.axis("second", **bare),
    )
