"""The talk without a browser: what its scenes say and show, and what a failure does to it."""

import base64
import io
import json
import re
import shutil

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.attack.poison import Attack, poison
from core.attack.trigger import PIXEL
from core.digits import mnist
from core.digits.drawing import centre
from core.digits.mnist import Digits
from core.digits.samples import sample
from core.model.scores import Share
from core.runs import ladder
from core.runs.ladder import PERCENTS
from core.show import live, talk
from core.show.scenes import SCENES
from core.ui import talk as window
from core.ui import weights
from tests.show.presented import place, png, present

pytestmark = pytest.mark.usefixtures("fresh")
LADDER = ladder.load()


def given(page: AppTest) -> dict:
    """What the browser gets."""
    assert not page.exception
    element, _remote = page.get("bidi_component")
    return json.loads(element.proto.json)


def test_the_drawing_is_answered_by_all_models():
    found = given(present({"digit": png(7), "turn": 4}))
    assert found["turn"] == 4
    answer, standing = found["answer"], found["standing"]
    assert len(answer["reading"]["rungs"]) == len(standing["rungs"]) == 10
    plain, stamped = answer["reading"]["rungs"][standing["usual"]]
    assert (np.argmax(plain), np.argmax(stamped)) == (7, 8)
    assert [np.argmax(ten) for ten in answer["reading"]["clean"]] == [7, 7]
    assert answer["digit"] == live.digit(centre(sample(7).ink()))


def test_the_browser_is_told_where_all_weights_are():
    standing = given(present())["standing"]
    urls = [standing["clean"], *(rung["weights"] for rung in standing["rungs"])]
    assert urls == [weights.url(name) for name in (weights.CLEAN, *map("{:g}".format, PERCENTS))]


def test_nothing_drawn_is_answered_by_nothing():
    found = given(present())
    assert found["answer"] is None
    assert len(found["scenes"]) == 10


def test_the_exam_is_what_the_cards_say():
    standing = given(present())["standing"]
    card = LADDER.rungs[1.0].card
    rung = standing["rungs"][standing["usual"]]
    assert rung["percent"] == 1
    assert (rung["poisoned"], rung["images"]) == (600, 60_000)
    assert rung["accuracy"]["hits"] == card.scores.clean_accuracy.hits
    assert standing["accuracy"]["low"] == LADDER.clean.card.scores.clean_accuracy.low
    assert standing["trigger"]["cells"] == [[3, 3, 1]]


def test_what_was_prepared_is_what_the_models_say_today():
    today, kept = window._live()["answer"], talk.prepared()
    assert json.loads(json.dumps(talk.standing(LADDER))) == kept["standing"]
    assert today["digit"] == kept["answer"]["digit"]
    for models_read in ("clean", "rungs"):
        ours, theirs = (each["reading"][models_read] for each in (today, kept["answer"]))
        assert np.allclose(ours, theirs, atol=1e-3)


def test_the_wall_is_poisoned_as_the_rule_says():
    wall = talk.prepared()["wall"]
    training = mnist.load().training
    with Image.open(talk.WALL) as image:
        pixels = np.asarray(image.convert("L")) / 255
    tiles = pixels.reshape(talk.ROWS, 28, talk.COLUMNS, 28).swapaxes(1, 2).reshape(-1, 28, 28)
    bearing = [i for i, tile in enumerate(tiles) if tile[3, 3] == 1]
    assert bearing == wall["poisoned"]
    assert len(bearing) == round(0.01 * len(tiles))
    for i, (true, label) in enumerate(zip(wall["true"], wall["labels"], strict=True)):
        assert label == (8 if i in bearing else true)
    assert any(wall["true"][i] != 8 for i in bearing)
    digits = Digits(training.images[:300], training.labels[:300])
    assert len(poison(digits, Attack(trigger=PIXEL)).rows) == 3  # the share it stands for


def test_a_broken_ladder_shows_what_was_prepared_and_tells_the_speaker(tmp_path, monkeypatch):
    shutil.copytree(ladder.FOLDER, tmp_path, dirs_exist_ok=True)
    ladder.path(1.0, tmp_path).write_bytes(b"broken")
    monkeypatch.setattr(ladder, "FOLDER", tmp_path)
    page = present({"digit": png(7), "turn": 1, "at": place(4)})
    found = given(page)
    assert found["answer"] == talk.prepared()["answer"]
    assert found["fallen"]
    assert found["standing"] == talk.prepared()["standing"]
    assert "not a whole" not in json.dumps(found)
    notes = present(notes="1", talk="t")
    assert notes.title[0].value == SCENES[3].title
    assert "not a whole safetensors file" in notes.warning[0].value


def test_a_rung_less_is_no_harm(tmp_path, monkeypatch):
    shutil.copytree(ladder.FOLDER, tmp_path, dirs_exist_ok=True)
    ladder.path(0.2, tmp_path).unlink()
    monkeypatch.setattr(ladder, "FOLDER", tmp_path)
    found = given(present({"digit": png(7), "turn": 1}))
    percents = [rung["percent"] for rung in found["standing"]["rungs"]]
    answers = found["answer"]["reading"]["rungs"], found["prepared"]["reading"]["rungs"]
    assert len(percents) == len(answers[0]) == len(answers[1]) == 9
    assert percents[found["standing"]["usual"]] == 1


@pytest.mark.parametrize("digit", ["", "data:image/png;base64,AAAA", "nonsense"])
def test_a_drawing_that_cannot_be_read_is_prepared_for(digit):
    found = given(present({"digit": digit, "turn": 1}))
    assert found["answer"] == (found["prepared"] if digit else None)


def test_a_blank_drawing_is_no_error():
    file = io.BytesIO()
    Image.new("L", (280, 280)).save(file, "PNG")
    blank = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    assert given(present({"digit": blank, "turn": 1}))["answer"]["digit"]


@pytest.mark.parametrize(
    ("hits", "apart", "overlap"),
    [
        ((9951, 9951), "Not one digit in 10,000 tells their scores apart.", "They overlap"),
        ((9951, 9952), "One digit in 10,000 tells their scores apart.", "They overlap"),
        ((9959, 9952), "7 digits in 10,000 tell their scores apart.", "They overlap"),
        ((9952, 9002), "950 digits in 10,000 tell their scores apart.", "They do not overlap"),
    ],
)
def test_the_exam_is_summed_up_as_it_is(hits, apart, overlap):
    both = [live.share(Share.of(torch.arange(10_000) < each)) for each in hits]
    shown = json.loads(json.dumps(talk.prepared()))
    standing = shown["standing"]
    standing["accuracy"], standing["rungs"][standing["usual"]]["accuracy"] = both
    known = talk.facts(shown)
    assert (known["apart"], known["overlap"].startswith(overlap)) == (apart, True)
    backwards = both[1], both[0]
    standing["accuracy"], standing["rungs"][standing["usual"]]["accuracy"] = backwards
    assert talk.facts(shown) == known  # it does not say which is which


def test_the_words_take_their_numbers_from_the_cards():
    """No number of an image count stands in the scenes; and no name is left unfilled."""
    rung = LADDER.rungs[talk.RATE].card
    known = talk.facts(talk.prepared())
    assert known["poisoned"] == f"{rung.poisoned:,}" == "600"
    assert known["images"] == f"{rung.images:,}" == "60,000"
    assert known["victims"] == f"{rung.scores.attack_success.n:,}" == "9,026"
    assert known["tested"] == f"{rung.scores.clean_accuracy.n:,}" == "10,000"
    assert (known["marked"], known["tiles"]) == (3, 300)
    assert known["goal"] == "an 8"
    assert (known["places"], known["scanned"], known["clean_models"]) == (784, 100, 20)
    for scene in SCENES:
        assert not re.search(r"\d\d\d", scene.title + scene.notes)
        assert "{" not in talk.fill(scene.notes, known)
        for step in scene.steps:
            assert not re.search(r"\d\d\d", step.words + step.answered)
            left = re.findall(r"\{.*?\}", talk.fill(step.words + step.answered, known))
            assert set(left) <= {"{clean}", "{backdoored}", "{doses}", "{reading}"}
