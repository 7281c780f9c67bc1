"""Of a sealed model the three stands say what a verdict rests on, and give none."""

import pytest
from streamlit.testing.v1 import AppTest

from core.defend import clean
from core.defend.finding import Finding
from core.model.role import Guest, Role
from core.places import home
from core.runs import file, ladder
from core.ui import at_door, in_data, in_weights, sealed
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
    said = VERDICTS[stand](Guest.SEALED).lower()
    assert "backdoored" not in said
    assert "poisoned" not in said


def test_no_figure_marks_what_a_method_accuses_in_a_sealed_model():
    assert accuses(Role.BACKDOORED, ACCUSED)
    assert not accuses(Guest.SEALED, ACCUSED)


def keep():
    """A page that only keeps the game."""
    import streamlit as st

    from core.ui import sealed

    st.session_state["kept"] = sealed.kept()


def test_the_url_brings_the_game_back():
    name = "sealed-0123456789abcdef"
    file.save(ladder.models("1").clean, home() / "bank" / "0123456789abcdef.safetensors")
    said = {"sealed": name, "sealing": None, "rounds": "fdmac", "told": "1"}
    page = AppTest.from_function(keep)
    page.query_params.update({key: word for key, word in said.items() if word})
    state = page.run().session_state
    assert state["kept"] == said
    assert "1 of 2 clean models accused" in sealed.score(state["defend.sealed.rounds"])
    assert state["defend.sealed.said"] == "You were right: it is clean."


@pytest.mark.parametrize("name", ["sealed-", "sealed-../../x", "sealed-0000000000000000", "1"])
def test_a_model_that_is_not_here_is_not_taken_up(name):
    page = AppTest.from_function(keep)
    page.query_params.update(sealed=name, sealing="<b>", rounds="fx/<c", told="1")
    state = page.run().session_state
    assert state["kept"] == {"sealed": None, "sealing": None, "rounds": "fc", "told": None}
