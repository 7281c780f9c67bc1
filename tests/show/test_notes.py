"""The speaker's notes: they follow a talk, keep its time, and tell only who has the code."""

import sys
import threading

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.runs.ladder import PERCENTS
from core.show import talk
from core.show.scenes import SCENES
from core.ui import hall, talks
from tests.show.presented import SECRET, place, png, present

pytestmark = pytest.mark.usefixtures("fresh")


def paired(**seen) -> AppTest:
    """The notes of a speaker, as N opens them on the stage."""
    present({"at": 0} | seen)
    return present(notes="1", talk="t", token=SECRET)


def said(**seen) -> talks.Seen:
    return talks.read({"talk": "t", "secret": SECRET, "at": 0} | seen)


def test_notes_follow_the_talk_they_are_for():
    assert present(notes="1").title[0].value == "No talk is on yet."
    present({"at": place(2), "backdoored": "B"})
    present({"talk": "another", "at": place(5)})
    present({"at": place(2), "backdoored": "B"})  # the first speaks again
    notes = present(notes="1", talk="t")
    assert notes.title[0].value == SCENES[1].title
    title = talk.fill(SCENES[2].title, talk.facts(talk.prepared()))
    assert any(f"Next: {title}" in each.value for each in notes.markdown)
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
    present({"at": place(5), "backdoored": "B"})
    code = talks.TALKS.find("t").code
    stranger = present(notes="1", talk="t")
    assert [each.label for each in stranger.button] == ["Steer"]
    assert not stranger.expander
    assert code not in stranger.get("html")[0].proto.body
    assert "**B**" not in [each.value for each in stranger.markdown]
    for _ in range(2):  # what is typed once more is looked at once more
        stranger.text_input[0].input("ABCDEFGH")
        stranger.button[0].click().run()
        assert "not the code" in stranger.toast[0].value
    stranger.text_input[0].input(f" {code[:4].lower()} {code[4:]}")
    stranger.button[0].click().run()
    assert not stranger.toast
    assert "**B**" in [each.value for each in stranger.markdown]
    assert "row " in stranger.get("html")[2].proto.body  # where the poisoned digits are
    stranger.button(key="talk.press.ArrowRight").click().run()
    stranger.button(key="talk.press.t").click().run()
    assert talks.TALKS.find("t").pressed == [(1, "ArrowRight"), (2, "t")]


def test_the_speakers_notes_show_the_code_and_where_a_phone_finds_them(monkeypatch):
    monkeypatch.setattr(hall, "app_url", lambda page: f"http://10.0.0.7:8501{page}")
    shown = paired(at=place(1)).get("html")[-1].proto.body
    code = talks.TALKS.find("t").code
    assert f"{code[:4]} {code[4:]}" in shown
    assert "http://10.0.0.7:8501/present?notes=1" in shown
    assert "<svg" in shown


def test_a_right_code_is_not_called_wrong_when_streamlit_calls_twice(monkeypatch):
    button = st.form_submit_button

    def called_twice(label, on_click):
        return button(label, on_click=lambda: [on_click(), on_click()])

    monkeypatch.setattr(st, "form_submit_button", called_twice)
    present({"at": 0})
    stranger = present(notes="1", talk="t")
    stranger.text_input[0].input(talks.TALKS.find("t").code)
    stranger.button[0].click().run()
    assert not stranger.toast
    assert stranger.button(key="talk.press.t")


def test_a_code_lets_in_once_and_what_it_gives_outlives_the_server():
    every = talks.Talks()
    assert every.pair("t", "ABCDEFGH") is None
    code = every.hear(said(), (), None).code
    assert every.pair("t", "") is None
    token = every.pair("t", code)
    assert every.is_paired("t", token)
    assert not every.is_paired("t", None)
    assert not every.is_paired("u", token)
    assert every.pair("t", code) is None
    every = talks.Talks()  # a server that has just started
    assert not every.is_paired("t", token)
    every.hear(said(), (), None)
    assert every.is_paired("t", token)


def test_wrong_codes_of_others_keep_nobody_out():
    every = talks.Talks()
    talk = every.hear(said(), (), None)
    for _ in range(100):
        assert every.pair("t", "AAAAAAAA") is None
    assert every.pair("t", talk.code)


def test_another_browser_cannot_speak_for_a_talk():
    every = talks.Talks()
    every.hear(said(at=3), (), None)
    assert every.hear(said(at=5, secret="o" * 24), (), None) is None
    assert every.find("t").seen.at == 3
    assert not every.is_paired("t", "o" * 24)


def test_other_windows_throw_nobody_out_who_is_there(monkeypatch):
    monkeypatch.setattr(talks, "KEPT", 3)
    every = talks.Talks()
    speaker = every.hear(said(at=2), (), None)
    for other in "abcde":
        every.hear(said(talk=other), (), None)
        every.keep(speaker)  # its projector looks several times a second
        assert every.find("t") is speaker
    assert len(every._talks) == talks.KEPT
    every._talks.clear()
    every.keep(speaker)
    assert every.is_paired("t", SECRET)


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
                every.hear(said(talk=f"{projector}.{turn}"), (), None)
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
        {"secret": "short"},
        {"secret": "\ud800" * 16},
        {"running": float("inf")},
        {"here": float("nan")},
        {"problem": "\ud800"},
        {"problem": ["a list"]},
        {"talk": ["t"]},
    ],
)
def test_what_no_projector_says_is_not_heard(odd):
    present({"at": 1} | odd)
    assert talks.TALKS.follow(None) is None
    present({"at": 1, "backdoored": "B", "turn": 4})
    assert talks.TALKS.find("t").seen.backdoored == "B"


@pytest.mark.parametrize("odd", [None, [], "seen", {"seen": 3}])
def test_a_projector_that_says_nothing_of_sense_shows_the_talk(odd):
    page = present()
    page.session_state["talk"] = {"seen": odd}
    assert not page.run().exception
