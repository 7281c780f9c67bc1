"""The talk in the browser: the projector's window and the speaker's notes."""

import logging
import time
from base64 import b64decode
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
import torch

from core.attack.phrases import a
from core.digits import samples
from core.digits.drawing import Ink, centre, from_png
from core.digits.mnist import DIGITS
from core.show import talk
from core.ui import cards, models, web

HERE = Path(__file__).parent
FOLDER = web.FOLDER
KEY, ANSWER = "talk", "talk.answer"
TICK = 0.5  # seconds between two looks of the notes at the talk
KEPT = 50  # talks
FOLLOWED, SILENT = "talk.followed", 900  # seconds without a word after which a talk is over


def _script() -> str:
    address = (FOLDER / "address.js").read_text(encoding="utf-8").partition("export default")[0]
    return address.replace("export ", "") + (HERE / "talk.js").read_text(encoding="utf-8")


_talk = st.components.v2.component(
    "backdoor_lab_talk",
    html=(HERE / "talk.html").read_text(),
    css=(HERE / "talk.css").read_text(),
    js=_script(),
    isolate_styles=False,
)
_keys = st.components.v2.component(
    "backdoor_lab_talk_keys",
    html="<i></i>\n",
    js="""
// What is pressed while the notes have the focus goes to the talk, in the same browser.
export default ({ data, parentElement }) => {
  const own = parentElement.keys ??= { channel: new BroadcastChannel("backdoor-lab-talk") };
  own.talk = data.talk;
  if (own.press) return;
  own.press = (event) => {
    if (!parentElement.isConnected) return removeEventListener("keydown", own.press, true);
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) own.channel.postMessage({ talk: own.talk, key: event.key });
  };
  addEventListener("keydown", own.press, true);
};
""",
)


@dataclass
class Talk:
    """Where a talk stands, as its projector window last told."""

    scene: int = 1
    step: int = 0
    backdoored: str = ""  # "A" or "B"
    problems: list[str] = field(default_factory=list)  # sentences for the speaker alone
    begun: float | None = None  # time.monotonic() when the first scene was left
    entered: float = 0.0  # and when this one was entered
    heard: float = 0.0  # and when it last told anything


_talks: dict[str, Talk] = {}  # by the name in the URL; no visitor can clear them


def project() -> None:
    """The window that the hall sees: all scenes, live, or prepared where something fails."""
    seen: dict[str, Any] = (st.session_state.get(KEY) or {}).get("seen") or {}
    digit, problem = seen.get("digit"), seen.get("problem", "")
    shown, answer, fallen = talk.prepared(), None, False
    try:
        shown = shown | _live()
        answer = _answer(digit) if digit else None
    except Exception as error:  # whatever it is, the hall is to see the talk
        logging.getLogger(__name__).exception("the talk shows what was prepared")
        problem = f"Shown is the prepared digit, because of this: {error}"
        answer, fallen = (shown["answer"] if digit else None), True
    unfit = talk.unfit(answer, shown["standing"]) if answer and not fallen else ""
    _note(seen, [words for words in (problem, unfit) if words])
    _talk(
        key=KEY,
        data={
            "scenes": [
                {"title": scene.title, "words": scene.words, "after": scene.after}
                for scene in talk.SCENES
            ],
            "goal": a(shown["standing"]["target"]),
            "standing": shown["standing"],
            "prepared": shown["answer"],
            "wall": shown["wall"],
            "wallUrl": web.url(web.WALL),
            "plotly": web.based(web.PLOTLY_URL),
            "samples": [samples.sample(digit).strokes for digit in range(DIGITS)],
            "sample": talk.SAMPLE,
            "answer": answer,
            "fallen": fallen and answer is not None,
            "turn": seen.get("turn", 0),
        },
        on_seen_change=lambda: None,
    )


@cache
def _live() -> talk.Shown:
    """What was prepared, made anew by the models that are loaded."""
    standing = talk.standing(models.ladder())
    return {"standing": standing, "answer": _asked(centre(samples.sample(talk.SAMPLE).ink()))}


def _answer(digit: str) -> talk.Shown:
    """What the ladder makes of a drawing, a PNG as a data URL; kept until the next one."""
    kept = st.session_state.get(ANSWER)
    if not kept or kept[0] != digit:
        ink = from_png(b64decode(digit.partition(";base64,")[2]))
        kept = st.session_state[ANSWER] = digit, _asked(centre(ink))
    return kept[1]


def _asked(digit: Ink) -> talk.Shown:
    """What the ladder makes of a digit, (28, 28)."""
    clean, rungs, _ = models.ladder()
    found = [run.card for run in rungs.values()]
    image = torch.from_numpy(digit)[None, None]
    answers = models.ask(clean, list(rungs.values()), image, found[0].attack.trigger)
    return talk.answer(answers, found, digit)


def _note(seen: dict[str, Any], problems: list[str]) -> None:
    """Keeps for the notes where the talk is; the browser keeps the time."""
    if "talk" not in seen:
        return
    talks, now = _talks, time.monotonic()
    here = talks.setdefault(seen["talk"], Talk())
    here.scene = min(max(int(seen["scene"]), 1), len(talk.SCENES))
    here.step = int(seen["step"])
    here.problems = problems
    here.begun = None if seen.get("running") is None else now - seen["running"]
    here.entered, here.heard = now - seen.get("here", 0), now
    here.backdoored = seen.get("backdoored", "")
    for old in sorted(talks, key=lambda name: talks[name].heard)[:-KEPT]:
        talks.pop(old, None)


def _followed() -> str | None:
    """The talk that the URL names; without a name one that is on, and the same as long as it is."""
    talks, now = _talks, time.monotonic()
    named = st.query_params.get("talk")
    if named:
        return named if named in talks else None
    name = st.session_state.get(FOLLOWED)
    if name not in talks or now - talks[name].heard > SILENT:
        name = max(talks, key=lambda name: talks[name].heard, default=None)
    st.session_state[FOLLOWED] = name
    return name


@st.fragment(run_every=TICK)
def notes() -> None:
    """The window of the speaker."""
    name = _followed()
    _keys(key="talk.keys", data={"talk": name}, height=1)
    if name is None:
        st.title("No talk is on yet.", anchor=False)
        st.markdown("Open the page *Present* on the projector; these notes will follow it.")
        return
    here, now = _talks[name], time.monotonic()
    scene = talk.SCENES[here.scene - 1]
    place = f"{here.scene} of {len(talk.SCENES)}"
    running = 0 if here.begun is None else now - here.begun
    st.html(cards.clock(place, running, now - here.entered))
    st.title(scene.title, anchor=False)
    st.markdown(scene.notes)
    for problem in here.problems:
        st.warning(cards.literal(problem))
    steps = [talk.line(here.scene, step) for step in range(len(scene.words))]
    following = steps[here.step + 1 :] or [
        each.title for each in talk.SCENES[here.scene : here.scene + 1]
    ]
    st.caption(f"Next: {following[0]}" if following else "That was the last scene.")
    with st.expander("Which of the two has the backdoor?", key="talk.which"):
        st.markdown(f"**{here.backdoored}**" if here.backdoored else "Not dealt yet.")
    st.caption("The keys of the talk work in this window too, if it belongs to the same browser.")
