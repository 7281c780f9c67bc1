"""The speaker's window: notes, and a remote for the talk that they are about.

Anybody may look at the notes. Whoever gives the code that the stage showed is the speaker, who may
steer the talk, and look up which of both models has the backdoor.
"""

import time

import streamlit as st

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
    paired = here is not None and _pair(name)
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
    st.title(scene.title, anchor=False)
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
    st.caption("The keys of the talk work in this window too, if it belongs to the same browser.")


def _pair(name: str) -> bool:
    """Whether this window may steer; takes a code from the URL and leaves a token there."""
    query = st.query_params
    if (code := query.get(CODE)) and (token := talks.TALKS.pair(name, code)):
        del query[CODE]
        query.update({"talk": name, TOKEN: token})
    return talks.TALKS.is_paired(name, query.get(TOKEN))


def _ask_for_code(name: str) -> None:
    def give() -> None:
        if token := talks.TALKS.pair(name, st.session_state[CODE].strip()):
            st.query_params.update({"talk": name, TOKEN: token})
        elif st.session_state[CODE]:
            st.toast("That is not the code, or it has been used. Press ? on the stage for another.")

    st.text_input(
        "Code, to steer the talk from here",
        key=CODE,
        max_chars=8,
        on_change=give,
        help="The stage shows it when ? is pressed there.",
        width=320,
    )


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
    words = talk.fill(step.words, known | {"clean": "…", "backdoored": "…"})
    return f"Next: {words}" if next_scene is scene else f"Next: {next_scene.title} {words}"
