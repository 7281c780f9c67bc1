"""Choose an attack, watch both models learn it."""

from dataclasses import replace

import streamlit as st

from core import verdict
from core.jobs import WorkerError
from core.poison import Attack
from core.recipe import Recipe
from core.ui import board, cards, runs_list, setup, stage


def preview(name: str, attack: Attack) -> str:
    """Sixteen images of the poisoned training set, as they will be learnt; returns a complaint."""
    try:
        with st.spinner("Reading the digits …"):
            seen = board.board().ask("preview", name=name, attack=attack.to_json())
    except WorkerError as error:
        return f"{error}"
    st.markdown(cards.poisoned(seen, attack))
    ring = st.toggle("Show me the trigger", key="train.ring")
    st.html(cards.page(cards.tiles(seen["tiles"], attack.trigger if ring else None)))
    return ""


def estimated(name: str, recipe: Recipe) -> str:
    if not board.board().ready:
        board.board().prepare("warm", name=name)
        return ""
    try:
        seconds = board.board().ask("estimate", name=name, recipe=recipe.to_json())
    except WorkerError:
        return ""
    return f"About {max(1, round(seconds))} s on this machine." if seconds else ""


def begin(name: str, recipe: Recipe, attack: Attack) -> None:
    given = {"name": name, "recipe": recipe.to_json(), "attack": attack.to_json()}
    board.start("train", title=verdict.title(attack), **given)


def begin_sweep(name: str, recipe: Recipe, attack: Attack) -> None:
    given = {"name": name, "recipe": recipe.to_json(), "attack": attack.to_json()}
    rates, seeds = sorted(st.session_state["sweep.rates"]), st.session_state["sweep.seeds"]
    board.start("sweep", rates=rates, seeds=seeds, **given)


def offer_sweep(name: str, recipe: Recipe, attack: Attack | None, *, busy: bool) -> None:
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
            args=[name, recipe, attack],
            disabled=busy or attack is None or not rates,
        )


st.header("Poison a training set. Watch both models learn it.", anchor=False)
job, own = board.shown(), board.mine()
busy = own is not None and own.active
if own and "attack" in own.given and "train.trigger" not in st.session_state:
    setup.recall(own.given)
left, right = st.columns([5, 8], gap="large")
attack, problem = None, "paint at least one cell of the trigger"
with left:
    name = setup.choose_data(busy=busy)
    try:
        attack = setup.choose_attack(name)
    except ValueError as error:
        problem = f"{error}"
    recipe = setup.choose_recipe(name)
with right:
    controls, complaint = st.container(horizontal=True, vertical_alignment="center"), st.container()
    st.session_state.setdefault(board.VIEW, board.STAGE if job else board.IMAGES)
    view = st.segmented_control(
        "Look at",
        (board.IMAGES, board.STAGE),
        key=board.VIEW,
        required=True,
        label_visibility="collapsed",
    )
    if attack:
        attack, problem = replace(attack, seed=recipe.seed), ""
    if view == board.STAGE:
        stage.show()
    elif attack:
        problem = preview(name, attack)
    if problem:
        complaint.warning(f"{problem[0].upper()}{problem[1:].removesuffix('.')}.")
    with controls:
        st.button(
            "Train both models",
            type="primary",
            icon=":material/play_arrow:",
            on_click=begin,
            args=[name, recipe, attack],
            disabled=busy or bool(problem),
        )
        going = job is not None and job.active
        st.button("Cancel", icon=":material/close:", on_click=board.cancel, disabled=not going)
        st.caption("" if problem else estimated(name, recipe))
offer_sweep(name, recipe, attack, busy=busy or bool(problem))
runs_list.show()
