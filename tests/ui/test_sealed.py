"""Of a sealed model the three stands say what a verdict rests on, and give none."""

import pytest

from core.defend import clean
from core.defend.finding import Finding
from core.model.role import Guest, Role
from core.ui import at_door, in_data, in_weights
from core.ui.subject import accuses

KNOWN = clean.load("sturdy")
ACCUSED = Finding(
    method="scan-1", statistic=20, threshold=2, source="the highest", target=8, place=(3, 3)
)
VERDICTS = {
    "door": lambda name: at_door.verdict(name, ACCUSED),
    "data": lambda name: in_data.verdict(name, dict.fromkeys(range(10), 1.0) | {8: 20.0}, KNOWN),
    "weights": lambda name: in_weights.verdict(name, ACCUSED),
}


@pytest.mark.parametrize("stand", VERDICTS)
def test_no_stand_gives_a_verdict_of_a_sealed_model(stand):
    told = VERDICTS[stand](Role.BACKDOORED).lower()
    assert "backdoored: at row" in told or "is poisoned" in told or "is backdoored" in told
    sealed = VERDICTS[stand](Guest.SEALED).lower()
    assert "backdoored" not in sealed
    assert "poisoned" not in sealed


def test_no_figure_marks_what_a_method_accuses_in_a_sealed_model():
    assert accuses(Role.BACKDOORED, ACCUSED)
    assert not accuses(Guest.SEALED, ACCUSED)
