"""The projector's window: all scenes of the talk."""

import logging
from functools import cache

import streamlit as st

from core.digits import samples
from core.digits.drawing import Digit, centre, from_canvas
from core.show import talk
from core.show.scenes import SCENES
from core.ui import hall, live, models, talks, web

KEY, ANSWER, MINE = "talk", "talk.answer", "talk.mine"
TICK = 0.3  # seconds between two looks at what a remote has pressed

_css = (web.FOLDER / "talk" / "talk.css").read_text(encoding="utf-8") + hall.CSS
_talk = web.component("talk/talk", css=_css, isolate_styles=False)
_remote = web.component("talk/remote")


def project() -> None:
    """The window that the hall sees: all scenes, live, or prepared where something fails.

    Once its browser has the weights, it answers by itself.
    """
    seen = talks.read((st.session_state.get(KEY) or {}).get("seen"))
    digit, problem = (seen.digit, seen.problem) if seen else (None, "")
    shown, answer, failed = talk.prepared(), None, False
    try:
        shown = shown | _live()
        answer = _answer(digit) if digit else None
    except Exception as error:  # whatever it is, the hall is to see the talk
        logging.getLogger(__name__).exception("the talk shows what was prepared")
        problem = f"The server cannot answer, because of this: {error}"
        answer, failed = (shown["answer"] if digit else None), True
    unfit, flips = "", None
    if seen and answer and not failed:
        unfit = talk.unfit(answer["reading"], shown["standing"])
        flips = talk.flips(answer["reading"], shown["standing"], seen.rung)
    if seen:
        problems = tuple(words for words in (problem, unfit) if words)
        st.session_state[MINE] = talks.TALKS.hear(seen, problems, flips)
    _talk(
        key=KEY,
        data=talk.for_component(SCENES, talk.facts(shown), shown)
        | {
            "wallUrl": web.url(web.WALL),
            "answer": answer,
            "fallen": failed and answer is not None,
            "turn": seen.turn if seen else 0,
            "hall": hall.data(),
        },
        on_seen_change=lambda: None,
    )
    _listen_to_remotes()


@st.fragment(run_every=TICK)
def _listen_to_remotes() -> None:
    mine: talks.Talk | None = st.session_state.get(MINE)
    if mine:
        talks.TALKS.keep(mine)
    name, pressed = (mine.seen.talk, mine.pressed) if mine else (None, [])
    _remote(key="talk.remote", data={"talk": name, "pressed": pressed}, height=1)


@cache
def _live() -> talk.Shown:
    """What was prepared, made anew by the models that are loaded, and where their weights are."""
    ladder = models.ladder()
    standing = talk.standing(ladder) | live.describe(None, ladder.clean, ladder.rungs, None)
    return {"standing": standing, "answer": _ask(centre(samples.sample(talk.SAMPLE).ink()))}


def _answer(digit: str) -> talk.Shown:
    """What the ladder makes of a drawing, a PNG as a data URL; kept until the next one."""
    kept = st.session_state.get(ANSWER)
    if not kept or kept[0] != digit:
        kept = st.session_state[ANSWER] = digit, _ask(centre(from_canvas(digit)))
    return kept[1]


def _ask(digit: Digit) -> talk.Shown:
    ladder = models.ladder()
    return live.read(ladder.clean, ladder.rungs, digit)
