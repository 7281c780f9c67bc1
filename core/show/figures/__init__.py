"""Every figure: arrays in, a figure in Plotly's own JSON out. A file for each page.

Plain dicts, because go.Figure checks every name on every stroke, which takes 7 ms a figure; the
tests put each through go.Figure instead. Text and grid take their colours from the app's theme.
"""

from core.show.figures.draw import dose_curve, probability_bars
from core.show.figures.measure import (
    again_dots,
    class_dots,
    confusion_map,
    of_classes,
    score_bars,
    who_counts,
)
from core.show.figures.pieces import Figure, Ten
from core.show.figures.train import CURVES, learning_curve, rate_curve

__all__ = [
    "CURVES",
    "Figure",
    "Ten",
    "again_dots",
    "class_dots",
    "confusion_map",
    "dose_curve",
    "learning_curve",
    "of_classes",
    "probability_bars",
    "rate_curve",
    "score_bars",
    "who_counts",
]
