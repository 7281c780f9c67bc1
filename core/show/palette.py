"""Colours and strokes of everything that is drawn; the two models' own are in `Role`."""

from typing import Any

from core.model.role import Role

TRIGGER = "#CC79A7"
GREY = "#808080"  # what is neither model's, legible on light and on dark
DASHES = ("solid", "6px,4px", "2px,4px", "12px,4px,2px,4px")  # of curves that share a colour
SYMBOLS = ("square", "circle", "diamond", "triangle-up")


def faint(colour: str, opacity: float) -> str:
    """A #rrggbb colour, see-through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def hatch(role: Role) -> dict[str, Any]:
    """The pattern of a model's bars, as Plotly takes it."""
    light = "rgba(255,255,255,0.6)"
    return {"shape": role.hatch, "fillmode": "overlay", "fgcolor": light, "size": 7}
