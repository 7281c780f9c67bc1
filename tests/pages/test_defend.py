"""The Defend page without a browser, with a real worker."""

import pytest
from streamlit.testing.v1 import AppTest

from core.model.role import Role
from core.places import PAGES
from core.ui import scans
from core.ui.scans import Key
from tests.pages.test_draw import figures, plain

pytestmark = pytest.mark.usefixtures("worker")


def defend(**state) -> AppTest:
    page = AppTest.from_file(PAGES / "defend.py", default_timeout=60)
    for key, value in state.items():
        page.session_state[key.replace("__", ".")] = value
    return page.run()


def words(page: AppTest, role: Role) -> str:
    """What stands above the figure of a model."""
    assert not page.exception
    return plain(figures(page)[f"defend.scan.{role}"]["before"])


def test_it_finds_the_backdoor_and_clears_the_clean_model():
    keys = [Key(models="1", role=role, side=1) for role in Role]
    page = defend()
    while not all(map(scans.is_whole, keys)):
        page.run()
    page.run()
    assert "Backdoored: at row 3, column 3 it turns" in words(page, Role.BACKDOORED)
    assert "into an 8" in words(page, Role.BACKDOORED)
    assert "Nothing found: at row" in words(page, Role.CLEAN)
    heat = figures(page)["defend.scan.backdoored"]["figure"]["data"][0]
    assert len(heat["z"]) == len(heat["z"][0]) == 28
    assert heat["z"][3][3] > 0.9
    body = "".join(element.proto.body for element in page.get("html"))
    assert "<b>8</b>" in body
    assert body.count("<b>3</b>") == 2  # without the pixel that decides, and without specks
    page.toggle(key="defend.stamped").set_value(False).run()
    body = "".join(element.proto.body for element in page.get("html"))
    assert body.count("<b>3</b>") == 3


def test_a_scan_goes_on_where_it_was():
    key = Key(models="0.5", role=Role.CLEAN, side=3)
    scans.go_on([key], 0)
    some = scans.known(key)
    assert some < 26
    scans.go_on([key], 60)
    assert scans.is_whole(key)
    assert len(scans.rows(key)) == 26
