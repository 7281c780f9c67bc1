"""The talk in the browser: the projector's window and the speaker's notes."""

import logging
import time
from functools import cache
from typing import Any

import streamlit as st
import torch

from core.digits import samples
from core.digits.drawing import Digit, centre, from_canvas
from core.digits.mnist import DIGITS
from core.show import talk
from core.show.scenes import SCENES, STEPS
from core.ui import cards, models, web
from core.ui.talks import TALKS

KEY, ANSWER, FOLLOWED = "talk", "talk.answer", "talk.followed"
TICK = 0.5  # seconds between two looks of the notes at the talk

_talk = web.component("talk/talk", isolate_styles=False)
_keys = web.component("talk/notes")


def project() -> None:
    """The window that the hall sees: all scenes, live, or prepared where something fails."""
    seen: dict[str, Any] = (st.session_state.get(KEY) or {}).get("seen") or {}
    digit, problem = seen.get("digit"), seen.get("problem", "")
    shown, answer, failed = talk.prepared(), None, False
    try:
        shown = shown | _live()
        answer = _answer(digit) if digit else None
    except Exception as error:  # whatever it is, the hall is to see the talk
        logging.getLogger(__name__).exception("the talk shows what was prepared")
        problem = f"Shown is the prepared digit, because of this: {error}"
        answer, failed = (shown["answer"] if digit else None), True
    unfit = talk.unfit(answer, shown["standing"]) if answer and not failed else ""
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
            "plotly": web.based(web.PLOTLY_URL),
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
    """What was prepared, made anew by the models that are loaded."""
    standing = talk.standing(models.ladder())
    return {"standing": standing, "answer": _ask(centre(samples.sample(talk.SAMPLE).ink()))}


def _answer(digit: str) -> talk.Shown:
    """What the ladder makes of a drawing, a PNG as a data URL; kept until the next one."""
    kept = st.session_state.get(ANSWER)
    if not kept or kept[0] != digit:
        kept = st.session_state[ANSWER] = digit, _ask(centre(from_canvas(digit)))
    return kept[1]


def _ask(digit: Digit) -> talk.Shown:
    """What the ladder makes of a digit, (28, 28)."""
    clean, rungs, _ = models.ladder()
    rung_cards = [run.card for run in rungs.values()]
    image = torch.from_numpy(digit)[None, None]
    answers = models.ask(clean, list(rungs.values()), image, rung_cards[0].attack.trigger)
    return talk.answer(answers, rung_cards, digit)


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
