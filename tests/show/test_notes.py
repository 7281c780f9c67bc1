"""The speaker's notes: they follow a talk, keep its time, and tell only who has the code."""

import sys
import threading

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.runs.ladder import PERCENTS
from core.show.scenes import SCENES
from core.ui import talks
from tests.show.presented import place, png, present

pytestmark = pytest.mark.usefixtures("fresh")


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
        (3, 0.1, "▲ At 0.1 %, the pixel does not turn this drawing."),
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
