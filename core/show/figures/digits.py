"""The scores digit by digit: of each true class, and of each cell of the confusion matrix."""

import math
from collections.abc import Callable

from torch import Tensor

from core.measure.evaluation import Evaluation
from core.model.role import Role
from core.model.scores import Scores, Share
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import TRIGGER, faint

SYMBOLS = {Role.CLEAN: "circle", Role.BACKDOORED: "square"}
SHIFTS = {Role.CLEAN: -0.12, Role.BACKDOORED: 0.12}  # so that whiskers do not lie on each other
DARK = 0.6  # opacity of a cell from which its number is white


def class_dots(evaluation: Evaluation, score: Callable[[Scores], Share]) -> Figure:
    """One of the Scores of both models, by true class, with 95 % intervals."""
    dots, low, high = [], 1.0, 0.0
    for role, ten in evaluation.by_class.present():
        shares = [(digit, score(scores)) for digit, scores in enumerate(ten)]
        there = [(digit, share) for digit, share in shares if share.n]
        low = min([low, *(share.low for _, share in there)])
        high = max([high, *(share.high for _, share in there)])
        dots.append(
            pieces.scatter(
                "markers",
                [digit + SHIFTS[role] for digit, _ in there],
                [share.value for _, share in there],
                name=role,
                customdata=[[digit, share.hits, share.n] for digit, share in there],
                error_y=pieces.whiskers([share for _, share in there]),
                marker={"color": role.colour, "symbol": SYMBOLS[role], "size": 10},
                hovertemplate=pieces.hover(
                    "%{customdata[0]}: %{y:.2%}, %{customdata[1]:,} of %{customdata[2]:,}", role
                ),
            )
        )
    floor, top = math.floor(low * 20) / 20, math.ceil(high * 20) / 20  # multiples of 5 %
    margin = 0.03 * (top - floor)
    return pieces.figure(
        dots,
        height=230,
        margins=(56, 4, 30, 30),
        legend=pieces.legend(),
        xaxis=pieces.digit_axis(),
        yaxis=pieces.axis(range=[floor - margin, top + margin], tickformat=".0%", nticks=5),
    )


def confusion_map(counts: Tensor, role: Role, *, marked: tuple[int, int] | None = None) -> Figure:
    """(10, 10) counts, true class by row: an annotated heat map in the model's colour.

    marked: (true, read) of the cell that is framed. The colour goes with the square root of the
    share of its row, so that one digit in a hundred is still seen.
    """
    shares = (counts / counts.sum(1, keepdim=True).clamp(min=1)).sqrt()
    heat = {
        "type": "heatmap",
        "z": shares.tolist(),
        "customdata": counts.tolist(),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, faint(role.colour, 0.0)], [1, faint(role.colour, 1.0)]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": pieces.hover("true %{y}, read as %{x}: %{customdata:,}", role),
    }
    numbers = []
    for cells, font in (
        ((counts > 0) & (shares <= DARK), {"size": 13}),
        ((counts > 0) & (shares > DARK), {"size": 13, "color": "white"}),
    ):
        true, read = (each.tolist() for each in cells.nonzero(as_tuple=True))
        numbers.append(pieces.text(read, true, map(str, counts[cells].tolist()), textfont=font))
    frames = [
        {
            "type": "rect",
            "x0": read - 0.5,
            "x1": read + 0.5,
            "y0": true - 0.5,
            "y1": true + 0.5,
            "line": {"color": TRIGGER, "width": 4},
        }
        for true, read in ([marked] if marked else [])
    ]
    bare = {"showgrid": False, "zeroline": False}
    return pieces.figure(
        [heat, *numbers],
        height=380,
        margins=(44, 4, 30, 44),
        hovermode="closest",
        shapes=frames,
        xaxis=pieces.digit_axis(title="read as", range=[-0.5, 9.5], **bare),
        yaxis=pieces.digit_axis(title="true digit", range=[9.5, -0.5], **bare),
    )
