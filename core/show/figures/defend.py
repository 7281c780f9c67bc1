"""What the defences find."""

from torch import Tensor

from core.digits.drawing import SIDE
from core.model.role import Role
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import TRIGGER, faint


def scan_map(shares: Tensor, role: Role, *, side: int, place: tuple[int, int] | None) -> Figure:
    """The trigger scan: (P, P) shares of digits that turn, by the upper left pixel of the square.

    P may be fewer rows than the image has, as long as the scan goes on. side: pixels of the square.
    place: row and column that are ringed.
    """
    values = shares.tolist()
    heat = {
        "type": "heatmap",
        "z": values,
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
