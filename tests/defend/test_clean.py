"""Thresholds come from clean models alone, and a clean model of another seed is not accused."""

import pytest

from core.defend import clean
from core.defend.finding import Suspect
from core.defend.methods import METHODS
from core.places import ASSETS


@pytest.mark.parametrize("recipe", clean.MODELS)
def test_the_threshold_is_the_highest_of_clean_models(recipe):
    known = clean.load(recipe)
    assert len(known.seeds) == len(set(known.seeds)) == clean.MODELS[recipe]
    assert set(known.statistics) == set(METHODS)
    for name, statistics in known.statistics.items():
        assert len(statistics) == len(known.seeds)
        assert known.threshold(name) == max(statistics)
        assert not known.judge(name, Suspect(max(statistics), 8)).backdoored
        assert known.judge(name, Suspect(max(statistics) + 0.001, 8)).backdoored
    assert len(known.published["cleanse"]) == len(known.seeds)


def test_what_no_clean_model_was_trained_by_gets_no_low_threshold():
    highest = max(clean.load(name).threshold("whitening") for name in clean.MODELS)
    assert clean.load("article").threshold("whitening") == highest


def test_the_results_say_what_was_measured():
    assert clean.markdown() in (ASSETS / "results.md").read_text(encoding="utf-8")
