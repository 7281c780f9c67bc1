"""Choose an attack, watch both models learn it."""

from dataclasses import replace

import streamlit as st

from core.ui import cards, runs_list, setup, stage
from core.work.jobs import BOARD, WorkerError
from core.work.tasks import Preview

st.title("Poison a training set. Watch both models learn it.", anchor=False)
busy = stage.busy()
usual_attack, usual_recipe = setup.usual(stage.mine())
left, right = st.columns([5, 8], gap="large")
attack, outcome, problem = None, None, "paint at least one cell of the trigger"

with left:
    try:
        attack = setup.choose_attack(usual_attack)
    except ValueError as error:
        problem = f"{error}"
    counts = st.container(height=80, border=False)
    recipe = setup.choose_recipe(usual_recipe)

with right:
    controls = st.container(horizontal=True, vertical_alignment="center")
    st.session_state.setdefault(stage.VIEW, stage.STAGE if stage.shown() else stage.IMAGES)
    view = st.segmented_control(
        "Look at",
        (stage.IMAGES, stage.STAGE),
        key=stage.VIEW,
        required=True,
        label_visibility="collapsed",
    )
    if view == stage.STAGE:
        stage.show()
    if attack:
        attack, problem = replace(attack, seed=recipe.seed), ""
        if view == stage.IMAGES or BOARD.ready:  # the stage waits for no worker
            try:
                with st.spinner("Reading the digits …"):
                    outcome = BOARD.ask(Preview(attack=attack))
            except WorkerError as error:
                problem = f"{error}"
    if view == stage.IMAGES and outcome:
        setup.show_images(outcome["tiles"], attack)

if problem:
    counts.caption(f":material/warning: {cards.literal(problem)}")
elif outcome:
    counts.caption(cards.poisoned(outcome, attack))

with controls:
    st.button(
        cards.on_primary("Train both models"),
        type="primary",
        icon=":material/play_arrow:",
        on_click=stage.train,
        args=[recipe, attack],
        disabled=busy or bool(problem),
    )
    st.button("Cancel", icon=":material/close:", on_click=stage.cancel, disabled=not busy)
    st.caption("" if problem else setup.duration(recipe))

highest = outcome["eligible"] / outcome["images"] if outcome else 1.0
setup.offer_sweep(recipe, attack, 0 if busy or attack is None else highest)
runs_list.show()
