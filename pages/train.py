"""Choose an attack, watch both models learn it."""

from dataclasses import replace

import streamlit as st

from core.ui import address, cards, runs_list, setup, stage
from core.work.jobs import BOARD, WorkerError
from core.work.questions import Preview

COLUMNS = [5, 8]

st.title("Poison a training set. Watch both models learn it.", anchor=False)
busy, outcome, problem = stage.busy(), None, ""
usual = setup.usual(stage.mine())
attack, recipe = st.session_state.get(setup.CHOSEN, usual)
left, controls = st.columns(COLUMNS, gap="large", vertical_alignment="bottom")
with left:
    rate = setup.choose_rate(usual[0], disabled=busy)
with controls.container(horizontal=True, vertical_alignment="center"):
    buttons = st.container(horizontal=True, vertical_alignment="center", width="content")
    view = stage.choose_view()

if view == stage.ATTACK:
    form, images = st.columns(COLUMNS, gap="large")
    with form.container(key="train.form"):
        try:
            attack = setup.choose_attack(usual[0])
        except ValueError as error:
            attack, problem = None, f"{error}"
        counts = st.container(height=80, border=False, key="train.counts")
        recipe = setup.choose_recipe(usual[1])
    setup.remember(attack, recipe)
if attack:
    attack = replace(attack, rate=rate, seed=recipe.seed)
    if view == stage.ATTACK or BOARD.ready:  # the stage waits for no worker
        try:
            with st.spinner("Reading the digits …"):
                outcome = BOARD.ask(Preview(attack=attack))
        except WorkerError as error:
            problem = f"{error}"
else:
    problem = problem or "paint at least one cell of the trigger"

if view == stage.ATTACK:
    if problem:
        counts.caption(f":material/warning: {cards.literal(problem)}")
    elif outcome:
        counts.caption(cards.poisoned(outcome, attack))
        with images:
            setup.show_images(outcome["tiles"], attack)
else:
    stage.show(attack, recipe)

with buttons:
    blocked = busy or bool(problem)
    label = cards.on_primary("Train both models", disabled=blocked)
    icon = ":material/play_arrow:"
    if st.button(label, type="primary", icon=icon, disabled=blocked) and not blocked:
        stage.train(recipe, attack)
        st.rerun()
    st.button("Cancel", icon=":material/close:", on_click=stage.cancel, disabled=not busy)
    st.caption(setup.duration(recipe))

highest = outcome["eligible"] / outcome["images"] if outcome else 1.0
setup.offer_sweep(recipe, attack, 0 if busy or attack is None else highest)
runs_list.show()
address.write(key="train.address", models=address.models())  # for the pages that they are about
