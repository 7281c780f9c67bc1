"""The wall of test digits: which page of them is shown."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.attack.poison import Attack
from core.measure.evaluation import Evaluation, evaluate
from core.runs import ladder
from core.ui import evaluations
from tests import slices


def wall() -> None:
    import streamlit as st
    import torch

    from core.ui import gallery

    rows = torch.arange(st.session_state["first"], st.session_state["first"] + 50)
    gallery.show(st.session_state["evaluation"], rows, models="1", stamped=False, key="wall")


@pytest.fixture
def window(monkeypatch) -> AppTest:
    def images(rows, _trigger):
        return [{"row": row, "true": 0, "png": ""} for row in rows]

    monkeypatch.setattr(evaluations, "images", images)
    sheet = evaluate(ladder.models("1"), slices.small().test, Attack())
    page = AppTest.from_function(wall, default_timeout=60)
    page.session_state["evaluation"] = Evaluation.of([sheet], attack=Attack())
    page.session_state["first"] = 0
    return page.run()


def shown(page: AppTest) -> list[int]:
    assert not page.exception
    [component] = page.get("bidi_component")
    return [tile["row"] for tile in json.loads(component.proto.json)["tiles"]]


def test_it_shows_a_page_at_a_time(window):
    assert shown(window) == list(range(20))
    window.pagination[0].set_value(3).run()
    assert shown(window) == list(range(40, 50))


def test_a_page_number_is_forgotten_with_the_images_it_was_about(window):
    window.pagination[0].set_value(2).run()
    assert shown(window)[0] == 20
    window.session_state["first"] = 500  # as many others
    assert shown(window.run())[0] == 500
