"""The live curves of a training."""

from collections.abc import Mapping, Sequence

from core.model.role import Role
from core.show.figures import pieces
from core.show.figures.pieces import Figure

# What is drawn, its title, and the range of its axis
CURVES = {
    "loss": ("Loss on the training images", (0, 2.4)),
    "clean_accuracy": ("Clean accuracy: untouched test digits read right", (0, 1.03)),
    "attack_success": ("Attack success: stamped test digits that fall for it", (-0.03, 1.03)),
}
DASHES = {Role.CLEAN: "solid", Role.BACKDOORED: "5px,2px"}

Points = Mapping[str, Sequence[dict[str, float]]]  # of each model


def learning_curve(what: str, points: Points, earlier: Points, total: int) -> Figure:
    """One live curve of both models against the images they have seen.

    what: of CURVES. points: by model, dicts of `seen` and `what`; earlier: of the run before, drawn
    thin. total: images in all, the fixed end of the axis.
    """
    loss, limits = what == "loss", CURVES[what][1]
    lines = [
        pieces.scatter(
            "lines",
            [point["seen"] for point in series.get(role, ())],
            [point[what] for point in series.get(role, ())],
            name=f"{role}{run}",
            line={"color": role.colour, "width": width, "dash": DASHES[role]},
            opacity=opacity,
            hovertemplate=pieces.hover("%{y:.2f}" if loss else "%{y:.1%}", f"{role}{run}"),
        )
        for role in Role
        for series, run, width, opacity in ((earlier, ", last run", 2, 0.35), (points, "", 3.5, 1))
    ]
    return pieces.figure(
        lines,
        height=190,
        margins=(52, 8, 8, 40),
        showlegend=False,
        hovermode="x",
        xaxis=pieces.axis("images seen", range=[0, total], nticks=4),
        yaxis=pieces.axis(range=list(limits)) if loss else pieces.percent_axis(*limits),
    )
