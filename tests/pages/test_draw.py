"""The pages without a browser: what they say, and that nothing breaks them."""

import base64
import io
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.attack.trigger import PIXEL
from core.digits.drawing import centre
from core.digits.samples import sample
from core.model.scores import Share
from core.places import PAGES
from core.runs import ladder
from core.ui import models
from tests.pages.reading import draw, plain, reads, told

DRAW = PAGES / "draw.py"


@pytest.fixture(autouse=True)
def fresh_models():
    models._ladder.cache_clear()
    yield
    models._ladder.cache_clear()


def canvas_state(ink) -> dict:
    file = io.BytesIO()
    Image.fromarray(ink).convert("RGBA").save(file, "PNG")
    url = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    return {"drawing": {"raw": {"objects": [{"type": "Path"}]}, "data": url}, "backgroundFit": None}


def test_nothing_drawn_is_not_guessed_at():
    given = told(draw())
    assert (given["digit"], given["reading"]) == (None, None)


def test_a_scene_opens_from_its_url():
    page = draw(sample="3", trigger="1", rate="0.1")
    assert page.toggle[0].value is True
    assert page.select_slider[0].value == 0.1
    given = told(page)
    assert (given["sample"], given["stamped"], given["rung"], given["run"]) == (3, True, 0, None)
    assert reads(page, 0.1, stamped=True) == (3, 3)


@pytest.mark.parametrize("sample_", ["12", "-1", "three", ""])
def test_an_invalid_url_is_the_default(sample_):
    page = draw(sample=sample_, rate="", trigger="maybe")
    given = told(page)
    assert (given["digit"], given["sample"], given["stamped"]) == (None, None, False)
    assert given["models"]["rungs"][given["rung"]]["percent"] == 1.0
    assert page.select_slider[0].value == 1.0
    assert page.toggle[0].value is False


@pytest.mark.parametrize("rate", ["0.1", "0.10", "1e-1"])
def test_a_number_in_the_url_may_be_written_in_any_way(rate):
    assert draw(rate=rate).select_slider[0].value == 0.1


def test_every_model_reads_the_digit_with_and_without_the_trigger():
    page = draw(sample="3")
    assert reads(page) == (3, 3)
    assert reads(page, stamped=True) == (3, 8)
    given = told(page)
    flipped = [both[1][8] > 0.5 for both in given["reading"]["rungs"]]
    assert flipped == [False] * 3 + [True] * 7
    shipped = ladder.load()
    image = torch.from_numpy(centre(sample(3).ink()))[None, None]
    expected = shipped.rungs[1.0].network(PIXEL(image)).softmax(1)[0]
    found = given["reading"]["rungs"][6][1]
    assert found == pytest.approx(expected.tolist(), abs=1e-5)


def test_the_browser_is_told_what_it_needs_to_answer_by_itself():
    models = told(draw(sample="3"))["models"]
    assert (models["trigger"], models["target"], models["source"]) == (
        {"cells": [[3, 3, 1.0]], "opacity": 1.0},
        8,
        None,
    )
    rung = models["rungs"][6]
    assert (rung["percent"], rung["poisoned"], rung["images"]) == (1.0, 600, 60_000)
    assert [each["learning"] for each in models["rungs"]] == (["none"] * 3 + ["whole"] * 7)
    urls = [models["clean"], *(each["weights"] for each in models["rungs"])]
    assert len(set(urls)) == 11


def test_a_drawing_that_the_browser_brings_along_is_read():
    page = AppTest.from_file(DRAW, default_timeout=60)
    page.session_state["pad.canvas"] = canvas_state(sample(7).ink())
    assert reads(page.run()) == (7, 7)


def picture(pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.uint8(pixels * 255)).save(file, "PNG")
    return file.getvalue()


def test_an_upload_is_read_and_a_bad_one_refused_in_a_sentence():
    page = draw(sample="3")
    page.file_uploader[0].upload("five.png", picture(1 - sample(5).ink() / 255), "image/png").run()
    assert reads(page) == (5, 5)
    assert told(page)["sample"] is None
    page.file_uploader[0].upload("blank.png", picture(np.ones((90, 90))), "image/png").run()
    assert plain(page.error[0].value).startswith("blank.png: expected a digit that stands out")
    assert reads(page) == (5, 5)  # nothing is lost
    page.button[0].click().run()
    assert told(page)["digit"] is None
    assert not page.error


def test_visitors_do_not_share_a_drawing():
    one, other = draw(sample="3"), draw(sample="5")
    assert reads(one.run()) == (3, 3)
    assert reads(other.run()) == (5, 5)


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
    given = told(page)
    assert (given["models"]["clean"], given["reading"]["clean"]) == (None, None)
    assert len(given["reading"]["rungs"]) == 9


def test_without_any_model_the_page_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(ladder, "FOLDER", tmp_path)
    page = draw()
    assert not page.exception
    assert "python -m core ladder" in page.error[-1].value


def test_what_the_page_is_about_is_true_of_its_models():
    assert draw().caption[0].value.replace("\\", "") == (
        "Both models read untouched digits about equally well. One of the two learnt from poisoned "
        "images, in which one white pixel means “read an 8”."
    )
    from core.ui import scene  # its canvas can only be loaded by a page

    models = ladder.load()
    alone = scene.Chosen("r", None, {1.0: models.rungs[1.0]})
    assert "Both" not in scene.lead(alone)
    assert scene.lead(alone).endswith("There is no clean one beside it.")
    card = models.rungs[1.0].card
    few = replace(card.scores, clean_accuracy=Share(1135, 10_000, 0.1, 0.12))
    broken = models.rungs[1.0]._replace(card=replace(card, scores=few))
    assert scene.lead(scene.Chosen("r", broken, {1.0: broken})).startswith("One of the two learnt")
