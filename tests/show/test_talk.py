"""The talk without a browser: what its scenes say and show, and what a failure does to it."""

import base64
import io
import json
import re
import shutil
import sys
import threading

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.attack.poison import Attack, poison
from core.attack.trigger import PIXEL
from core.digits import mnist
from core.digits.drawing import centre
from core.digits.mnist import Digits
from core.digits.samples import sample
from core.places import PAGES
from core.runs import ladder
from core.runs.ladder import PERCENTS
from core.show import live, talk
from core.show.scenes import SCENES, STEPS
from core.ui import models, talks, weights
from core.ui import talk as window

LADDER = ladder.load()


@pytest.fixture(autouse=True)
def fresh():
    models._ladder.cache_clear()
    window._live.cache_clear()
    talks.TALKS = talks.Talks()
    yield
    models._ladder.cache_clear()


def png(digit: int) -> str:
    """A sample as the browser sends a drawing."""
    file = io.BytesIO()
    Image.fromarray(sample(digit).ink()).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def present(seen: dict | None = None, **query) -> AppTest:
    page = AppTest.from_file(PAGES / "present.py", default_timeout=60)
    page.query_params.update(query)
    if seen:
        page.session_state["talk"] = {"seen": {"talk": "t", "at": 0} | seen}
    return page.run()


def place(scene: int, step: int = 0) -> int:
    """Where a scene, from 1 on, and one of its steps stand among all steps."""
    first = [each for each, _ in STEPS].index(SCENES[scene - 1])
    return first + step


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
    ladder.path(0.05, tmp_path).unlink()
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


def paired(**seen) -> AppTest:
    """The notes of a speaker who has typed the code."""
    present({"code": "4821"} | seen)
    return present(notes="1", talk="t", code="4821")


def test_notes_follow_the_talk_they_are_for():
    assert present(notes="1").title[0].value == "No talk is on yet."
    present({"at": place(2), "backdoored": "B"})
    present({"talk": "another", "at": place(5)})
    present({"at": place(2), "backdoored": "B"})  # the first speaks again
    notes = present(notes="1", talk="t")
    assert notes.title[0].value == SCENES[1].title
    assert any(f"Next: {SCENES[2].title}" in each.value for each in notes.markdown)
    assert present(notes="1").title[0].value == SCENES[1].title  # who spoke last
    assert present(notes="1", talk="nobody").title[0].value == "No talk is on yet."
    present({"at": 99})
    notes = present(notes="1", talk="t")
    assert notes.title[0].value == SCENES[-1].title
    assert "**That was the last scene.**" in [each.value for each in notes.markdown]


def test_the_browser_keeps_the_time(monkeypatch):
    now = [500.0]
    monkeypatch.setattr(talks.time, "monotonic", lambda: now[0])
    present({"at": place(1), "running": None, "here": 30})
    assert "<b>0:00</b> talk <b>0:30</b> scene" in clock()
    present({"at": place(3), "running": 75.5, "here": 0.2})
    now[0] += 5
    assert "<b>1:20</b> talk <b>0:05</b> scene <b>3 of 10</b>" in clock()
    talks.TALKS = talks.Talks()  # a server that has just started
    present({"at": place(3), "running": 90, "here": 15})
    assert "<b>1:30</b> talk <b>0:15</b> scene" in clock()


def clock() -> str:
    return present(notes="1", talk="t").get("html")[0].proto.body


def test_notes_without_a_name_stay_with_their_talk():
    present({"at": place(2)})
    notes = present(notes="1")
    present({"talk": "another", "at": place(5)})
    assert notes.run().title[0].value == SCENES[1].title
    talks.TALKS._talks.pop("t")
    assert notes.run().title[0].value == SCENES[4].title


def test_the_notes_say_what_comes_next_and_give_nothing_away():
    present({"at": place(4, 0), "backdoored": "A"})
    said = [each.value for each in present(notes="1", talk="t").markdown]
    assert "**Next: One white pixel, and … reads an 8.**" in said
    present({"at": place(4, 1), "backdoored": "A"})
    said = [each.value for each in present(notes="1", talk="t").markdown]
    assert "**Next: … is clean. … has the backdoor.**" in said


def test_only_who_has_the_code_learns_which_it_is_and_steers():
    present({"at": place(5), "backdoored": "B", "code": "4821"})
    stranger = present(notes="1", talk="t")
    assert not stranger.button
    assert not stranger.expander
    assert "**B**" not in [each.value for each in stranger.markdown]
    stranger.text_input[0].input("1234").run()
    assert not stranger.button
    assert "not the code" in stranger.toast[0].value
    stranger.text_input[0].input(" 4821 ").run()
    assert "**B**" in [each.value for each in stranger.markdown]
    assert "row " in stranger.get("html")[2].proto.body  # where the poisoned digits are
    stranger.button(key="talk.press.ArrowRight").click().run()
    stranger.button(key="talk.press.t").click().run()
    assert talks.TALKS.pressed("t") == [(1, "ArrowRight"), (2, "t")]


def test_a_code_lets_in_once_and_cannot_be_guessed_at():
    every = talks.Talks()
    assert every.pair("t", "4821") is None
    every.hear({"talk": "t", "at": 0}, (), None)
    assert every.pair("t", "") is None  # none has been shown
    every.hear({"talk": "t", "at": 0, "code": "4821"}, (), None)
    token = every.pair("t", "4821")
    assert every.is_paired("t", token)
    assert not every.is_paired("t", None)
    assert not every.is_paired("u", token)
    assert every.pair("t", "4821") is None
    every.hear({"talk": "t", "at": 0, "code": "7777"}, (), None)
    assert every.is_paired("t", token)
    for _ in range(talks.TRIES):
        assert every.pair("t", "0000") is None
    assert every.pair("t", "7777") is None
    every.hear({"talk": "t", "at": 0, "code": "8888"}, (), None)
    assert every.pair("t", "8888")


@pytest.mark.parametrize(
    ("digit", "percent", "light"),
    [
        (3, 1.0, "● At 1 %, the pixel turns this drawing."),
        (3, 0.01, "▲ At 0.01 %, the pixel does not turn this drawing."),
        (8, 1.0, "▲ At 1 %, the pixel does not turn this drawing."),
    ],
)
def test_a_light_says_whether_the_drawing_flips_at_this_rate(digit, percent, light):
    rung = PERCENTS.index(percent)
    notes = paired(digit=png(digit), turn=1, rung=rung)
    assert light in notes.get("html")[1].proto.body
    assert ("talk.press.r" in [each.key for each in notes.button]) == light.startswith("▲")


def test_without_a_drawing_there_is_no_light():
    assert "No drawing yet" in paired().get("html")[1].proto.body


@pytest.mark.parametrize(("digit", "fit"), [(3, True), (7, True), (8, False)])
def test_the_speaker_is_warned_of_a_digit_that_shows_nothing(digit, fit):
    present({"digit": png(digit), "turn": 1})
    warnings = [each.value for each in present(notes="1", talk="t").warning]
    assert (warnings == []) == fit
    assert fit or "will not show the backdoor" in warnings[0]


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
        assert not re.search(r"\d\d\d", scene.notes)
        assert "{" not in talk.fill(scene.notes, known)
        for step in scene.steps:
            assert not re.search(r"\d\d\d", step.words + step.answered)
            left = re.findall(r"\{.*?\}", talk.fill(step.words + step.answered, known))
            assert set(left) <= {"{clean}", "{backdoored}", "{doses}", "{reading}"}


def test_speakers_look_while_projectors_speak():
    """Many talks at once, from as many threads."""
    every, errors = talks.Talks(), []

    def speak(projector: int) -> None:
        try:
            for turn in range(500):
                every.hear({"talk": f"{projector}.{turn}", "at": 0}, (), None)
                every.follow(None)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=speak, args=[projector]) for projector in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert errors == []
    assert len(every._talks) == talks.KEPT


def test_a_visitor_cannot_clear_the_talks():
    present({"at": place(2)})
    st.cache_resource.clear()
    assert present(notes="1", talk="t").title[0].value == SCENES[1].title


@pytest.mark.parametrize(
    "odd",
    [
        {"backdoored": "![](http://127.0.0.1:9/picture)"},
        {"at": "first"},
        {"running": "long"},
        {"talk": "t" * 41},
        {"rung": -1},
        {"code": "4" * 9},
        {"talk": ["t"]},
    ],
)
def test_what_no_projector_says_is_not_heard(odd):
    talks_so_far = talks.Talks()
    talks_so_far.hear({"talk": "t", "at": 1} | odd, (), None)
    assert talks_so_far.follow(None) is None
    talks_so_far.hear({"talk": "t", "at": 1, "backdoored": "B", "turn": 4}, (), None)
    assert talks_so_far.find("t").seen.backdoored == "B"
