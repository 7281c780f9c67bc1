"""How would you find it? What a model gives away at the door, with its predictions alone."""

import streamlit as st

from core.defend.clean import SIDES
from core.ui import choice, defences

st.title("How would you find it?", anchor=False)
choices = choice.offered()
if not choices:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
    st.stop()
left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
with left:
    models = choice.choose(choices, key="defend.models")
with right:
    side = st.segmented_control(
        "White square",
        SIDES,
        format_func=lambda side: "one pixel" if side == 1 else f"{side} by {side}",
        key="defend.side",
        default=SIDES[0],
        required=True,
        persist_state="session",
    )
st.header("At the door: predictions alone", anchor=False)
st.caption(
    "With 100 clean digits, nobody's training set and nobody's weights: make a square white at "
    "every place, one after the other, and count the digits that become another."
)
defences.scan(models, [role for role, _ in choices[models].cards.present()], side)
st.header("At the door: one image", anchor=False)
defences.door(models)
st.caption(
    "What this does not show: a trigger of many faint pixels, a larger one, one that is black on "
    "ink, or an attacker who knows of the scan."
)
