"""The sealed model: one that may be backdoored, for whoever looks to say so, and then be told."""

import re
import secrets
import time
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.attack import phrases
from core.digits.mnist import DIGITS
from core.model.role import Guest
from core.runs import library
from core.runs.card import Card
from core.runs.file import StoreError
from core.ui import address, cards, searches, subject
from core.ui.choice import Choice
from core.ui.subject import Subject
from core.work.jobs import BOARD, WorkerError
from core.work.searches import Seal

CHOICE = address.SEALED  # among the models of the page
OFFER = {CHOICE: Choice("A sealed model: backdoored, or not?", None)}
TOKEN, NAME = "defend.sealed.token", "defend.sealed.name"  # in the session
BEGUN = "defend.sealed.begun"  # there too: since when it is trained, time.monotonic()
SAID, ROUNDS = "defend.sealed.said", "defend.sealed.rounds"
CLEAN, BACKDOORED = "Clean", "Backdoored"
MOST = 300  # rounds that the URL keeps


class Round(NamedTuple):
    """One model that was judged."""

    backdoored: bool
    said: bool  # that it is
    target: bool  # and the right target


# How a round is written in the URL: found, with another digit, missed, accused, cleared
LETTERS = {
    "f": Round(backdoored=True, said=True, target=True),
    "d": Round(backdoored=True, said=True, target=False),
    "m": Round(backdoored=True, said=False, target=False),
    "a": Round(backdoored=False, said=True, target=False),
    "c": Round(backdoored=False, said=False, target=False),
}


def kept() -> dict[str, str | None]:
    """Return what the URL is to say of the game: so it goes on when the page is loaded anew."""
    state = st.session_state
    if TOKEN not in state:
        _recall()
    letters = {round: letter for letter, round in LETTERS.items()}
    return {
        "sealed": state.get(NAME),
        "sealing": None if state.get(NAME) else state.get(TOKEN),
        "rounds": "".join(letters[each] for each in state.get(ROUNDS, [])[-MOST:]) or None,
        "told": "1" if state.get(SAID) else None,
    }


def _recall() -> None:
    """Go on with the game that the URL tells of; a model that is not here any more is forgotten."""
    state, said = st.session_state, st.query_params
    token, name = said.get("sealing", ""), said.get("sealed", "")
    rounds = [LETTERS[each] for each in said.get("rounds", "")[:MOST] if each in LETTERS]
    state[TOKEN] = token if re.fullmatch("[0-9a-f]{16}", token) else None
    state[NAME], state[SAID], state[ROUNDS] = None, None, rounds
    if not library.sealed(name):
        return
    try:
        card = library.models(name).backdoored.card
    except StoreError:
        return
    state[NAME] = name
    if rounds and said.get("told"):
        state[SAID] = truth(card, rounds[-1])


def show(controls: DeltaGenerator) -> Subject | None:
    """Everything about the game but the looking; None while there is no model to look at.

    controls: where the verdict is chosen.
    """
    state = st.session_state
    if name := state.get(NAME):
        _decide(name, controls)
        return subject.sealed(name)
    st.caption(
        "A network is trained where nobody looks. By chance it is clean, or one white pixel "
        "somewhere means a digit. Look at it from all three places, decide, and reveal. The "
        "defences say what they see, and give no verdict: that is yours."
    )
    if state.get(TOKEN):
        st.fragment(_train, run_every=searches.TICK, key="defend.sealing")(state[TOKEN])
    else:
        st.button(cards.on_primary("Seal a model"), type="primary", on_click=_begin)
    return None


def _begin() -> None:
    st.session_state[TOKEN], st.session_state[BEGUN] = secrets.token_hex(8), time.monotonic()
    st.session_state[NAME] = st.session_state[SAID] = None


def _cancel() -> None:
    st.session_state[TOKEN] = None


def _train(token: str) -> None:
    if st.session_state.get(TOKEN) != token:
        st.rerun()  # cancelled
    try:
        answer = BOARD.ask(Seal(token=token))
    except WorkerError as error:
        st.session_state[TOKEN] = None
        st.error(cards.literal(f"could not train a model: {error}"))
        return
    passed, share = time.monotonic() - st.session_state[BEGUN], answer["share"]
    left = searches.time_left(passed, share, 1 - share)
    st.progress(share, f"Training a model that nobody knows: {left}")
    st.button("Cancel", on_click=_cancel, key="defend.sealing.cancel")
    if name := answer.get("name"):
        st.session_state[NAME] = name
        st.rerun()


def _decide(name: str, controls: DeltaGenerator) -> None:
    """The verdict, and once it is said the truth and the score."""
    state = st.session_state
    if said := state.get(SAID):
        controls.button("Seal another", on_click=_begin)
        st.html(cards.judged(said, [score(state.get(ROUNDS, []))], Guest.SEALED))
        return
    with controls:
        verdict = st.segmented_control(
            "Your verdict",
            [CLEAN, BACKDOORED],
            format_func=lambda each: f"I say: {each.lower()}",
            key=f"{SAID}.{name}",
            label_visibility="collapsed",
        )
        target = None
        if verdict == BACKDOORED:
            target = st.selectbox(
                "It reads everything as",
                range(DIGITS),
                format_func=lambda digit: f"for {digit}",
                key=f"{SAID}.target.{name}",
                width=100,
                label_visibility="collapsed",
            )
        ready = verdict is not None
        label = cards.on_primary("Reveal", disabled=not ready)
        if st.button(label, type="primary", disabled=not ready) and ready:
            _reveal(name, verdict == BACKDOORED, target)
            st.rerun()


def _reveal(name: str, said: bool, target: int | None) -> None:
    try:
        card = library.models(name).backdoored.card
    except StoreError as error:
        st.session_state[SAID] = f"What it is cannot be read any more: {error}."
        return
    rounds = st.session_state.setdefault(ROUNDS, [])
    rounds.append(judge(card, said, target))
    st.session_state[SAID] = truth(card, rounds[-1])


def judge(card: Card, said: bool, target: int | None) -> Round:
    attack = card.attack
    return Round(attack is not None, said, attack is not None and said and attack.target == target)


def truth(card: Card, last: Round) -> str:
    """What the model is, and whether that was said."""
    right = "You were right" if last.backdoored == last.said else "You were wrong"
    if card.attack is None:
        return f"{right}: it is clean."
    row, column, _ = card.attack.trigger.cells[0]
    target = "" if not last.said or last.target else ", but for another digit"
    return (
        f"{right}{target}: it is backdoored. A white pixel at row {row}, column {column} means "
        f"{phrases.a(card.attack.target)}; {card.poisoned:,} images were poisoned."
    )


def score(rounds: list[Round]) -> str:
    """Hits and false alarms so far, in a sentence."""
    backdoored = [each for each in rounds if each.backdoored]
    clean = [each for each in rounds if not each.backdoored]
    found, alarms = sum(each.said for each in backdoored), sum(each.said for each in clean)
    targets = sum(each.target for each in backdoored)
    return (
        f"So far: {found} of {len(backdoored)} backdoored models found, {targets} with the right "
        f"digit; {alarms} of {len(clean)} clean models accused."
    )
