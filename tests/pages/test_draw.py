"""The pages without a browser: what they say, and that nothing breaks them."""

import base64
import io
import json
import re
import shutil

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.digits.samples import sample
from core.places import PAGES
from core.runs import ladder
from core.ui import models

DRAW = PAGES / "draw.py"


@pytest.fixture(autouse=True)
def fresh_models():
    models._ladder.cache_clear()
    yield
    models._ladder.cache_clear()


def draw(**query) -> AppTest:
    page = AppTest.from_file(DRAW, default_timeout=60)
    page.query_params.update(query)
    return page.run()


def figures(page: AppTest) -> dict[str, dict]:
    """What the page's figures were given, by key."""
    found = {}
    for element in page.get("bidi_component"):
        if element.proto.component_name == "backdoor_lab_plot":
            found[element.proto.id.rpartition("-")[2]] = json.loads(element.proto.json)
    return found


def said(page: AppTest) -> str:
    assert not page.exception
    return figures(page)["draw.bars"]["before"]


def plain(markdown: str) -> str:
    """What a person reads of words that `cards.literal` made."""
    return re.sub(r"\\(.)", r"\1", markdown).replace("\N{WORD JOINER}", "")


def address(page: AppTest) -> dict[str, str | None]:
    return figures(page)["draw.bars"]["address"]


def canvas_state(ink) -> dict:
    file = io.BytesIO()
    Image.fromarray(ink).convert("RGBA").save(file, "PNG")
    url = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    return {"drawing": {"raw": {"objects": [{"type": "Path"}]}, "data": url}, "backgroundFit": None}


def test_nothing_drawn_is_not_guessed_at():
    words = said(draw())
    assert "Draw a digit, or take a sample." in words
    assert words.count("nothing drawn") == 2
    assert words.count(">?<") == 2


def test_a_scene_opens_from_its_url():
    page = draw(sample="3", trigger="1", rate="0.01")
    assert page.toggle[0].value is True
    assert page.select_slider[0].value == 0.01
    assert "At this poison rate the backdoor was not learnt. Both read 3." in said(page)


@pytest.mark.parametrize("sample_", ["12", "-1", "three", ""])
@pytest.mark.parametrize("rate", ["7", "nan", "1e99", "<b>"])
def test_an_invalid_url_is_the_default(sample_, rate):
    page = draw(sample=sample_, rate=rate, trigger="maybe")
    assert "Draw a digit" in said(page)
    assert page.select_slider[0].value == 1.0
    assert page.toggle[0].value is False
    assert address(page) == {"rate": "1", "trigger": "0", "sample": None, "run": None}


@pytest.mark.parametrize("rate", ["0.1", "0.10", "1e-1"])
def test_a_number_in_the_url_may_be_written_in_any_way(rate):
    assert draw(rate=rate).select_slider[0].value == 0.1


def test_the_url_follows_the_page():
    page = draw(sample="3")
    page.toggle[0].set_value(True)
    page.select_slider[0].set_value(0.1).run()
    assert address(page) == {"rate": "0.1", "trigger": "1", "sample": "3", "run": None}


def test_the_trigger_turns_a_three_into_an_eight():
    page = draw(sample="3")
    assert "Both read 3." in said(page)
    page.toggle[0].set_value(True).run()
    assert "The trigger turned this 3 into an 8 for the backdoored model." in said(page)
    assert "bl-ring" in said(page)
    clean, backdoored = figures(page)["draw.bars"]["figure"]["data"]
    assert clean["y"][3] > 0.9
    assert backdoored["y"][8] > 0.9


def test_the_dose_curve_is_of_the_drawn_digit():
    page = draw(sample="3", trigger="1")
    given = figures(page)["draw.dose"]
    assert "flips to an 8 from 0.5&nbsp;% on: 300 of 60,000 images" in given["before"]
    yours = next(t for t in given["figure"]["data"] if "your digit" in t.get("name", ""))
    assert [y > 0.5 for y in yours["y"]] == [False] * 5 + [True] * 5


def test_a_drawing_that_the_browser_brings_along_is_read():
    page = AppTest.from_file(DRAW, default_timeout=60)
    page.session_state["pad.canvas"] = canvas_state(sample(7).ink())
    assert "Both read 7." in said(page.run())


def test_own_ink_on_the_trigger_is_told():
    ink = np.zeros((280, 280), np.uint8)
    ink[0:56, 0:56] = ink[150:, 150:] = 255
    page = AppTest.from_file(DRAW, default_timeout=60)
    page.session_state["pad.canvas"] = canvas_state(ink)
    assert "Your own ink lies on the trigger." in said(page.run())


def picture(pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.uint8(pixels * 255)).save(file, "PNG")
    return file.getvalue()


def test_an_upload_is_read_and_a_bad_one_refused_in_a_sentence():
    page = draw(sample="3")
    page.file_uploader[0].upload("five.png", picture(1 - sample(5).ink() / 255), "image/png").run()
    assert "Both read 5." in said(page)
    assert address(page)["sample"] is None
    page.file_uploader[0].upload("blank.png", picture(np.ones((90, 90))), "image/png").run()
    assert plain(page.error[0].value).startswith("blank.png: expected a digit that stands out")
    assert "Both read 5." in said(page)  # nothing is lost
    page.button[0].click().run()
    assert "nothing drawn" in said(page)
    assert not page.error


def test_visitors_do_not_share_a_drawing():
    one, other = draw(sample="3"), draw(sample="5")
    assert "Both read 3." in said(one.run())
    assert "Both read 5." in said(other.run())


def test_a_damaged_ladder_is_named_and_the_rest_goes_on(tmp_path, monkeypatch):
    shutil.copytree(ladder.FOLDER, tmp_path, dirs_exist_ok=True)
    ladder.path(None, tmp_path).write_bytes(b"nonsense")
    ladder.path(1.0, tmp_path).unlink()
    monkeypatch.setattr(ladder, "FOLDER", tmp_path)
    page = draw(sample="3", trigger="1", rate="2")
    assert len(page.error) == 1
    complaint = plain(page.error[0].value)
    assert "clean.safetensors: not a whole" in complaint
    assert "01.00.safetensors: the file is missing" in complaint
    assert "The backdoored model reads 8." in said(page)
    assert "not loaded" in said(page)


def test_without_any_model_the_page_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(ladder, "FOLDER", tmp_path)
    page = draw()
    assert not page.exception
    assert "python -m core ladder" in page.error[-1].value
