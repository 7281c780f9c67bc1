"""The figures: Plotly accepts every word of them, and they show what they were given."""

import plotly.graph_objects as go
import pytest

from core.model.role import Role
from core.runs import ladder
from core.show import figures

CARDS = [run.card for run in ladder.load().rungs.values()]
THREE = [0.0, 0.0, 0.1, 0.8, 0.0, 0.0, 0.0, 0.0, 0.1, 0.0]


def dose(**given):
    return figures.dose_curve(
        CARDS, target=8, **{"stamped": None, "plain": None, "current": 1.0} | given
    )


@pytest.mark.parametrize(
    "figure",
    [
        figures.probability_bars(THREE, THREE),
        figures.probability_bars(None, None),
        dose(),
        dose(stamped=[0.5] * 10, plain=[0.1] * 10),
    ],
)
def test_plotly_knows_every_word(figure):
    go.Figure(figure)


def test_bars_show_both_models_on_one_scale():
    clean, backdoored = figures.probability_bars(THREE, THREE[::-1])["data"]
    assert clean["y"] == THREE
    assert backdoored["y"] == THREE[::-1]
    assert clean["marker"]["color"][3] == Role.CLEAN.colour
    assert backdoored["marker"]["color"][6] == Role.BACKDOORED.colour
    assert clean["marker"]["color"][2] != Role.CLEAN.colour


def test_the_dose_curve_shows_the_measured_asr_and_the_current_rate():
    figure = dose(stamped=[0.25] * 10, plain=[0.0] * 10, current=0.2)
    series = {trace.get("name", ""): trace for trace in figure["data"]}
    measured = next(trace for name, trace in series.items() if "ASR" in name)
    assert measured["y"] == [card.scores.attack_success.value for card in CARDS]
    assert measured["x"] == pytest.approx([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10])
    assert any(trace["y"] == [0.25] * 10 for trace in figure["data"])
    assert figure["layout"]["shapes"][0]["x0"] == 0.2
