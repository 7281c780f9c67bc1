"""The Defend page without a browser, with a real worker."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.model.role import Role
from core.places import PAGES
from core.runs import ladder, library
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
    page = defend()  # of the ladder, what ships is shown at once
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


def test_a_run_is_scanned_and_a_scan_goes_on_where_it_was():
    run = library.add(ladder.models("0.5"))
    key = Key(models=run, role=Role.BACKDOORED, side=1)
    page = defend(defend__models=run)
    assert "of 56 rows" in page.get("progress")[0].proto.text
    some = scans.known(key)
    assert some < 28
    scans.go_on([key], 60)
    assert scans.is_whole(key)
    place = scans.rows(key)[3]
    assert place.share[3] > 0.9
    assert place.digit[3] == 8


def test_in_the_data_label_after_label_is_looked_through():
    page = defend(defend__stand="In the data")
    page.run()
    given = figures(page)
    assert {"defend.labels", "defend.plane.clean", "defend.plane.backdoored"} <= set(given)
    assert not page.exception
    assert "set: looking" in plain(given["defend.labels"]["before"])
    clean, backdoored = given["defend.labels"]["figure"]["data"]
    assert clean["x"] == backdoored["x"] == [0]
    parts = given["defend.plane.clean"]["figure"]["data"]
    shown = sum(len(part["x"]) for part in parts)
    assert shown == sum(int(re.search(r"(\d+) images", part["name"])[1]) for part in parts)
    body = "".join(element.proto.body for element in page.get("html"))
    assert body.count("mean of") >= 4  # two parts at least in each set
    assert "none accused, 0 are stamped" in body
