"""The article's numbers beside ours."""

from collections.abc import Sequence

from core.measure.article import NOTEBOOK, Seed
from core.model.role import Role
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import GREY

MANY = 12  # seeds from which on not each has its number on the axis


def again_dots(
    field: str, shipped: Sequence[Seed], own: Sequence[Seed], *, height: int = 220
) -> Figure:
    """One of the article's numbers beside ours: a mark for each seed, a line for the notebook's."""
    colour = (Role.CLEAN if field == "clean" else Role.BACKDOORED).colour
    printed = NOTEBOOK[field]
    values = [getattr(seed, field) for seed in (*shipped, *own)]
    low, high = min(printed, *values), max(printed, *values)
    margin = max(0.15 * (high - low), 0.0005)
    marks = [
        pieces.scatter(
            "markers",
            [seed.seed for seed in seeds],
            [getattr(seed, field) for seed in seeds],
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 12},
            hovertemplate=pieces.hover("seed %{x}: %{y:.4f}", name),
        )
        for name, seeds, symbol in (("ours", shipped, "circle"), ("yours", own, "star"))
    ]
    return {
        "data": marks,
        "layout": pieces.layout(
            height,
            (60, 4, 30, 44),
            showlegend=False,
            shapes=[pieces.rule("y", printed, GREY)],
            xaxis=pieces.axis("seed", dtick=1 if len(values) <= MANY else 5),
            yaxis=pieces.axis(range=[low - margin, high + margin], tickformat=".1%", nticks=5),
        ),
    }
