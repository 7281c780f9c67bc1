"""What a repair leaves, and the way of a trigger that it is to cut."""

from collections.abc import Sequence

from core.defend.why import Path
from core.digits.mnist import DIGITS
from core.model.role import Guest, Role
from core.show.figures import pieces
from core.show.figures.pieces import Figure
from core.show.palette import GREY, SYMBOLS, TRIGGER, faint, hatch

CHANGE, LOGITS = 8, 60  # of a channel and of a logit, up to which axes go


def pruning_curve(points: Sequence[tuple[int, float, float]], chosen: int) -> Figure:
    """BA and ASR against the channels that are pruned: (channels, BA, ASR).

    chosen: a number of channels that is marked.
    """
    channels, *shares = zip(*points, strict=True) if points else ((), (), ())
    lines = [("BA", GREY, shares[0]), ("ASR", Role.BACKDOORED.colour, shares[1])]
    traces = [
        pieces.scatter(
            "lines+markers",
            channels,
            values,
            name=name,
            customdata=pieces.percents(values, 1),
            line={"color": colour, "width": 3},
            marker={"color": colour, "size": 8, "symbol": symbol},
            hovertemplate=pieces.hover("%{x} channels: %{customdata}", name),
        )
        for (name, colour, values), symbol in zip(lines, SYMBOLS, strict=False)
    ]
    return pieces.figure(
        traces,
        height=260,
        margins=(60, 4, 28, 44),
        shapes=[pieces.rule("x", chosen, Guest.REPAIRED.colour)],
        legend=pieces.legend(),
        xaxis=pieces.axis("channels pruned, of 32", range=[-0.5, 31.5], dtick=4),
        yaxis=pieces.percent_axis(-0.03, 1.05),
    )


def place_map(path: Path, role: Role) -> Figure:
    """How much a trigger changes, by place of the last maps; the strongest is framed."""
    row, column = path.place
    heat = {
        "type": "heatmap",
        "z": path.cells.double().numpy().round(3).tolist(),
        "colorscale": [[0, faint(role.colour, 0.0)], [1, faint(role.colour, 1.0)]],
        "hovertemplate": pieces.hover("place %{y}, %{x}: %{z:.1f}", role),
        "zmin": 0,
        "zmax": CHANGE,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    frame = {
        "type": "rect",
        "x0": column - 0.5,
        "x1": column + 0.5,
        "y0": row - 0.5,
        "y1": row + 0.5,
        "line": {"color": TRIGGER, "width": 4},
    }
    bare = {"showgrid": False, "zeroline": False, "showline": True, "mirror": True, "dtick": 1}
    return pieces.figure(
        [heat],
        height=220,
        margins=(30, 4, 8, 44),
        shapes=[frame],
        xaxis=pieces.axis("place", range=[-0.5, 3.5], constrain="domain", **bare),
        yaxis=pieces.axis(range=[3.5, -0.5], scaleanchor="x", **bare),
    )


def change_bars(values: Sequence[float], role: Role, *, of: str, title: str, most: float) -> Figure:
    """How much each of some numbers changes. of: what each is. most: up to which the axis goes."""
    bars = {
        "type": "bar",
        "x": list(range(len(values))),
        "y": list(values),
        "marker": {"color": role.colour, "pattern": hatch(role)},
        "hovertemplate": pieces.hover(f"{of} %{{x}}: %{{y:.1f}}", role),
    }
    return pieces.figure(
        [bars],
        height=220,
        margins=(44, 4, 8, 44),
        xaxis=pieces.axis(title, dtick=4 if len(values) > DIGITS else 1),
        yaxis=pieces.axis(range=[-most, most]),
    )
