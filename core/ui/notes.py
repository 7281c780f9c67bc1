"""The speaker's window: notes, and a remote for the talk that they are about.

Anybody may look at the notes. The speaker's own are opened with N on the stage: they steer the
talk, tell which of both models has the backdoor, and show a code that makes another device a
remote.
"""

import time
from functools import lru_cache

import segno
import streamlit as st
from markupsafe import Markup

from core.show import talk
from core.show.html import render
from core.show.scenes import SCENES, STEPS, Part
from core.ui import cards, hall, talks, web
from core.ui.talks import Talk

FOLLOWED, TOKEN, CODE = "talk.followed", "token", "code"
TICK = 0.5  # seconds between two looks at the talk
FORWARD = "ArrowRight"
BUTTONS = {  # what each says, and the key of the talk that it stands for
    "Back": "ArrowLeft",
    "Flip the pixel": "t",
    "Next": FORWARD,
}

_keys = web.component("talk/notes")


@st.fragment(run_every=TICK)
def show() -> None:
    """Of the talk that the URL names, or of one that is on."""
    named = st.query_params.get("talk")
    name = named
    if not name:
        name = st.session_state[FOLLOWED] = talks.TALKS.follow(st.session_state.get(FOLLOWED))
    here = talks.TALKS.find(name)
    paired = talks.TALKS.is_paired(name, st.query_params.get(TOKEN))
    _keys(key="talk.keys", data={"talk": name if paired else named}, height=1)
    if here is None:
        st.title("No talk is on yet.", anchor=False)
        st.markdown("Open the page *Present* on the projector; these notes will follow it.")
        return
    known, now = talk.facts(talk.prepared()), time.monotonic()
    at = min(max(here.seen.at, 0), len(STEPS) - 1)
    scene, _ = STEPS[at]
    place = f"{SCENES.index(scene) + 1} of {len(SCENES)}"
    since = now - here.heard
    running = 0 if here.seen.running is None else here.seen.running + since
    st.html(cards.clock(place, running, here.seen.here + since))
    if paired:
        _remote(name, here)
    st.title(talk.fill(scene.title, known), anchor=False)
    st.markdown(talk.fill(scene.notes, known))
    for problem in here.problems:
        st.warning(cards.literal(problem))
    st.markdown(f"**{_next(at, known)}**")
    if not paired:
        _ask_for_code(name)
        return
    if Part.HALL in scene.parts:
        hall.show_list()
    if Part.WALL in scene.parts:
        st.html(render("wall", url=web.url(web.WALL), wall=talk.prepared()["wall"]))
    with st.expander("Which of the two has the backdoor?", key="talk.which"):
        st.markdown(f"**{here.seen.backdoored}**" if here.seen.backdoored else "Not dealt yet.")
    with st.expander("A phone as a remote", key="talk.another"):
        st.html(_invite(here))
    st.caption("The keys of the talk work in this window too, if it belongs to the same browser.")


def _invite(here: Talk) -> str:
    """How another device becomes a remote, as HTML."""
    half = talks.CODE_LENGTH // 2
    code = f"{here.code[:half]} {here.code[half:]}"  # easier to read
    try:
        url = hall.app_url("/present?notes=1")
    except ValueError as error:
        return render("remote", url="", code=code, unreached=f"{error}")
    svg = _scan(f"{url}&talk={here.seen.talk}&{TOKEN}={here.seen.secret}")
    return render("remote", url=url, code=code, svg=Markup(svg))


@lru_cache(64)
def _scan(url: str) -> str:
    """A code to scan, SVG."""
    return segno.make(url, micro=False).svg_inline(border=2, omitsize=True)


def _ask_for_code(name: str) -> None:
    def give() -> None:
        if talks.TALKS.is_paired(name, st.query_params.get(TOKEN)):
            return  # Streamlit can call this twice for one press
        if token := talks.TALKS.pair(name, st.session_state[CODE]):
            st.query_params.update({"talk": name, TOKEN: token})
        else:
            st.toast("That is not the code. It stands in the speaker's notes, and lets in once.")

    with st.form("talk.code", border=False):
        st.text_input(
            "Code, to steer the talk from here",
            key=CODE,
            max_chars=20,
            help="It stands in the notes that N opens on the stage's own machine.",
            width=320,
        )
        st.form_submit_button("Steer", on_click=give)


def _remote(name: str, here: Talk) -> None:
    """Large buttons, and a light that says whether the drawing shows the backdoor."""
    with st.container(key="talk.remote.buttons"):
        for label, key in BUTTONS.items():
            st.button(
                cards.on_primary(label) if key == FORWARD else label,
                key=f"talk.press.{key}",
                on_click=talks.TALKS.press,
                args=[name, key],
                type="primary" if key == FORWARD else "secondary",
                width="stretch",
            )
    rungs = talk.prepared()["standing"]["rungs"]
    percent = rungs[min(here.seen.rung, len(rungs) - 1)]["percent"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(render("light", flips=here.flips, percent=f"{percent:g}"))
        if here.flips is False:
            right = "Put drawing and rate right"
            st.button(right, key="talk.press.r", on_click=talks.TALKS.press, args=[name, "r"])


def _next(at: int, known: dict) -> str:
    """What the next key brings, without giving away which model is which."""
    if at + 1 == len(STEPS):
        return "That was the last scene."
    (scene, _), (next_scene, step) = STEPS[at : at + 2]
    words = step.words if next_scene is scene else f"{next_scene.title} {step.words}"
    return talk.fill(f"Next: {words}", known | {"clean": "…", "backdoored": "…"})
