"""The talk in the browser: the projector's window, and the speaker's notes, which follow it."""

import logging
import time
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Annotated, Any, Literal

import msgspec
import streamlit as st

from core.digits import samples
from core.digits.drawing import Digit, centre, from_canvas
from core.digits.mnist import DIGITS
from core.show import talk
from core.show.scenes import SCENES, STEPS
from core.ui import cards, live, models, web

KEY, ANSWER, FOLLOWED = "talk", "talk.answer", "talk.followed"
TICK = 0.5  # seconds between two looks of the notes at the talk
KEPT = 50  # talks
SILENT = 900  # seconds without a word after which a talk is over

_talk = web.component("talk/talk", isolate_styles=False)
_keys = web.component("talk/notes")


class Seen(msgspec.Struct):
    """What a projector says of itself; whoever has its page may say anything."""

    talk: Annotated[str, msgspec.Meta(max_length=40)]  # its name
    at: int  # an index of `scenes.STEPS`
    backdoored: Literal["", "A", "B"] = ""
    running: float | None = None  # seconds since the first scene was left
    here: float = 0.0  # seconds since this one was entered


@dataclass(frozen=True, kw_only=True)
class Talk:
    seen: Seen
    problems: tuple[str, ...]  # sentences for the speaker alone
    heard: float  # time.monotonic()


class Talks:
    """Where every talk stands, by the name in the URL, as its projector last said.

    For all sessions, so it lies in none of Streamlit's caches.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._talks: dict[str, Talk] = {}  # the one heard last stands last

    def hear(self, record: dict[str, Any], problems: tuple[str, ...]) -> None:
        """record: a `Seen` as the projector sends it; what is none is not heard.

        The browser keeps the time; see core/web/talk/state.js.
        """
        try:
            seen = msgspec.convert(record, Seen)
        except msgspec.ValidationError:
            return
        talk = Talk(seen=seen, problems=problems, heard=time.monotonic())
        with self._lock:
            self._talks.pop(seen.talk, None)
            self._talks[seen.talk] = talk
            while len(self._talks) > KEPT:
                del self._talks[next(iter(self._talks))]

    def find(self, name: str | None) -> Talk | None:
        with self._lock:
            return self._talks.get(name)

    def follow(self, name: str | None) -> str | None:
        """The name itself as long as its talk is on; else of the one that was heard last."""
        with self._lock:
            talk = self._talks.get(name)
            if talk and time.monotonic() - talk.heard < SILENT:
                return name
            return next(reversed(self._talks), None)


TALKS = Talks()


def project() -> None:
    """The window that the hall sees: all scenes, live, or prepared where something fails.

    Once its browser has the weights, it answers by itself.
    """
    seen: dict[str, Any] = (st.session_state.get(KEY) or {}).get("seen") or {}
    digit, problem = seen.get("digit"), seen.get("problem", "")
    shown, answer, failed = talk.prepared(), None, False
    try:
        shown = shown | _live()
        answer = _answer(digit) if digit else None
    except Exception as error:  # whatever it is, the hall is to see the talk
        logging.getLogger(__name__).exception("the talk shows what was prepared")
        problem = f"The server cannot answer, because of this: {error}"
        answer, failed = (shown["answer"] if digit else None), True
    unfit = ""
    if answer and not failed:
        unfit = talk.unfit(answer["reading"], shown["standing"])
    if "talk" in seen:
        TALKS.hear(seen, tuple(words for words in (problem, unfit) if words))
    _talk(
        key=KEY,
        data={
            "scenes": talk.for_browser(SCENES, talk.facts(shown)),
            "standing": shown["standing"],
            "prepared": shown["answer"],
            "wall": shown["wall"],
            "wallUrl": web.url(web.WALL),
            "samples": [samples.sample(digit).strokes for digit in range(DIGITS)],
            "sample": talk.SAMPLE,
            "answer": answer,
            "fallen": failed and answer is not None,
            "turn": seen.get("turn", 0),
        },
        on_seen_change=lambda: None,
    )


@cache
def _live() -> talk.Shown:
    """What was prepared, made anew by the models that are loaded, and where their weights are."""
    ladder = models.ladder()
    standing = talk.standing(ladder) | live.describe(None, ladder.clean, ladder.rungs)
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


@st.fragment(run_every=TICK)
def notes() -> None:
    """The window of the speaker: of the talk that the URL names, or of one that is on."""
    name = st.query_params.get("talk")
    if not name:
        name = st.session_state[FOLLOWED] = TALKS.follow(st.session_state.get(FOLLOWED))
    here = TALKS.find(name)
    _keys(key="talk.keys", data={"talk": name}, height=1)
    if here is None:
        st.title("No talk is on yet.", anchor=False)
        st.markdown("Open the page *Present* on the projector; these notes will follow it.")
        return
    now, known = time.monotonic(), talk.facts(talk.prepared())
    at = min(max(here.seen.at, 0), len(STEPS) - 1)
    scene, _ = STEPS[at]
    place = f"{SCENES.index(scene) + 1} of {len(SCENES)}"
    since = now - here.heard
    running = 0 if here.seen.running is None else here.seen.running + since
    st.html(cards.clock(place, running, here.seen.here + since))
    st.title(scene.title, anchor=False)
    st.markdown(talk.fill(scene.notes, known))
    for problem in here.problems:
        st.warning(cards.literal(problem))
    st.caption(_next(at, known))
    with st.expander("Which of the two has the backdoor?", key="talk.which"):
        st.markdown(f"**{here.seen.backdoored}**" if here.seen.backdoored else "Not dealt yet.")
    st.caption("The keys of the talk work in this window too, if it belongs to the same browser.")


def _next(at: int, known: dict[str, Any]) -> str:
    """What the next key brings, without giving away which model is which."""
    if at + 1 == len(STEPS):
        return "That was the last scene."
    (scene, _), (next_scene, step) = STEPS[at : at + 2]
    if next_scene is not scene:
        return f"Next: {next_scene.title}"
    return "Next: " + talk.fill(step.words, known | {"clean": "…", "backdoored": "…"})
