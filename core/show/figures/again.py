"""The article's numbers beside ours."""

from collections.abc import Sequence

from core.measure.article import Number, seed_of
from core.model.role import Pair
from core.runs.card import Card
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import GREY

MANY = 12  # seeds from which on not each has its number on the axis


def again_dots(number: Number, ours: Sequence[Pair[Card]], yours: Sequence[Pair[Card]]) -> Figure:
    """A mark for each seed, and a line for what the notebook printed of one of its numbers."""
    values, printed = number.of([*ours, *yours]), number.notebook
    low, high = min(printed, *values), max(printed, *values)
    margin = max(0.15 * (high - low), 0.0005)
    marks = [
        pieces.scatter(
            "markers",
            map(seed_of, seeds),
            number.of(seeds),
            name=name,
            marker={"color": number.role.colour, "symbol": symbol, "size": 12},
            hovertemplate=pieces.hover("seed %{x}: %{y:.4f}", name),
        )
        for name, seeds, symbol in (("ours", ours, "circle"), ("yours", yours, "star"))
    ]
    return pieces.figure(
        marks,
        height=220,
        margins=(60, 4, 30, 44),
        showlegend=False,
        shapes=[pieces.rule("y", printed, GREY)],
        xaxis=pieces.axis("seed", dtick=1 if len(values) <= MANY else 5),
        yaxis=pieces.axis(range=[low - margin, high + margin], tickformat=".1%", nticks=5),
    )
