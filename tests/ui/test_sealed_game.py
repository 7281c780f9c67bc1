"""The game of the sealed model: its URL brings it back."""

import pytest
from streamlit.testing.v1 import AppTest

from core.places import home
from core.runs import file, ladder
from core.ui import sealed


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
