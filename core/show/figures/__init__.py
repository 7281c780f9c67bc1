"""Every figure: arrays in, a figure in Plotly's own JSON out. A file for each thing to show.

Plain dicts, because go.Figure checks every name on every stroke, which takes 7 ms a figure; the
tests put each through go.Figure instead. Text and grid take their colours from the app's theme.
"""

from core.show.figures.again import again_dots
from core.show.figures.digits import class_dots, confusion_map
from core.show.figures.draw import dose_curve, probability_bars
from core.show.figures.pieces import Figure, Ten
from core.show.figures.rates import rate_curve
from core.show.figures.scores import score_bars, who_counts
from core.show.figures.train import CURVES, learning_curve

__all__ = [
    "CURVES",
    "Figure",
    "Ten",
    "again_dots",
    "class_dots",
    "confusion_map",
    "dose_curve",
    "learning_curve",
    "probability_bars",
    "rate_curve",
    "score_bars",
    "who_counts",
]
