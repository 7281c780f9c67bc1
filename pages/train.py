"""Choose an attack, watch both models learn it."""

from dataclasses import replace
from typing import Any

import streamlit as st

from core.attack import phrases
from core.attack.poison import Attack
from core.model.recipe import Recipe
from core.ui import board, cards, runs_list, setup, stage
from core.work.jobs import WorkerError


def look(attack: Attack) -> dict[str, Any]:
    """What the attack does to the training set. Raises WorkerError where it cannot be."""
    with st.spinner("Reading the digits …"):
        return board.board().ask("preview", attack=attack.to_json())


def preview(seen: dict[str, Any], attack: Attack) -> None:
    """Sixteen images of the poisoned training set, as they will be learnt."""
    st.caption("Some poisoned images, true digit → label. Can you see what was done to them?")
    ring = st.toggle("Show me the trigger", key="train.ring")
    st.html(cards.tiles(seen["tiles"], attack.trigger if ring else None))


def estimated(recipe: Recipe) -> str:
    if not board.board().ready:
        board.board().prepare("warm")
        return ""
    try:
        seconds = board.board().ask("estimate", recipe=recipe.to_json())
    except WorkerError:
        return ""
    return f"About {max(1, round(seconds))} s on this machine." if seconds else ""


def begin(recipe: Recipe, attack: Attack) -> None:
    given = {"recipe": recipe.to_json(), "attack": attack.to_json()}
    board.start("train", title=phrases.title(attack), **given)


def begin_sweep(recipe: Recipe, attack: Attack) -> None:
    given = {"recipe": recipe.to_json(), "attack": attack.to_json()}
    rates, seeds = sorted(st.session_state["sweep.rates"]), st.session_state["sweep.seeds"]
    board.start("sweep", rates=rates, seeds=seeds, **given)


def offer_sweep(recipe: Recipe, attack: Attack | None, most: float) -> None:
    """most: the highest poison rate that the attack can have; 0 where nothing can be trained."""
    with st.expander("How much poison is enough? Train a row of models"):
        rates = st.multiselect(
            "Poison rates",
            setup.RATES,
            (0.001, 0.005, 0.01, 0.02),
            format_func=setup.told,
            key="sweep.rates",
        )
        seeds = st.segmented_control(
            "Seeds", (1, 2, 3), default=1, required=True, key="sweep.seeds", help="Runs per rate"
        )
        st.button(
            f"Train {len(rates) * seeds} backdoored models",
            on_click=begin_sweep,
            args=[recipe, attack],
            disabled=not rates or max(rates) > most,
        )
        if rates and most and max(rates) > most:
            st.caption(f":material/warning: This attack can poison {most * 100:.3g} % at most.")


st.header("Poison a training set. Watch both models learn it.", anchor=False)
job, own = board.shown(), board.mine()
busy = own is not None and own.active
if own and "attack" in own.given and "train.trigger" not in st.session_state:
    setup.recall(own.given)
left, right = st.columns([5, 8], gap="large")
attack, seen, problem = None, {}, "paint at least one cell of the trigger"
with left:
    try:
        attack = setup.choose_attack()
    except ValueError as error:
        problem = f"{error}"
    counts = st.container(height=80, border=False)
    recipe = setup.choose_recipe()
with right:
    controls = st.container(horizontal=True, vertical_alignment="center")
    st.session_state.setdefault(board.VIEW, board.STAGE if job else board.IMAGES)
    view = st.segmented_control(
        "Look at",
        (board.IMAGES, board.STAGE),
        key=board.VIEW,
        required=True,
        label_visibility="collapsed",
    )
    if view == board.STAGE:
        stage.show()
    if attack:
        attack, problem = replace(attack, seed=recipe.seed), ""
        if view == board.IMAGES or board.board().ready:  # the stage waits for no worker
            try:
                seen = look(attack)
            except WorkerError as error:
                problem = f"{error}"
    if view == board.IMAGES and seen:
        preview(seen, attack)
    with controls:
        st.button(
            "Train both models",
            type="primary",
            icon=":material/play_arrow:",
            on_click=begin,
            args=[recipe, attack],
            disabled=busy or bool(problem),
        )
        st.button("Cancel", icon=":material/close:", on_click=board.cancel, disabled=not busy)
        st.caption("" if problem else estimated(recipe))
if problem:
    counts.caption(f":material/warning: {cards.literal(problem)}")
elif seen:
    counts.caption(cards.poisoned(seen, attack))
most = seen["eligible"] / seen["images"] if seen else 1.0
offer_sweep(recipe, attack, 0 if busy or attack is None else most)
runs_list.show()
