"""How would you find it? At the door, with predictions alone, and in the training data."""

import streamlit as st

from core.defend.clean import SIDES
from core.ui import choice, defences, inside

st.title("How would you find it?", anchor=False)
choices = choice.offered()
if not choices:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
    st.stop()
left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
with left:
    models = choice.choose(choices, key="defend.models")
with right:
    stand = st.segmented_control(
        "Where the defender stands",
        ["At the door", "In the data"],
        key="defend.stand",
        default="At the door",
        required=True,
        persist_state="session",
    )
if stand == "In the data":
    st.caption(
        "With the training set and the weights: the last hidden layer's view of the images that "
        "bear one label, cut into parts; what a part has and the others have not is added to clean "
        "digits, and those are counted that it takes along to the label."
    )
    inside.show(models, choices[models].cards)
    st.caption(
        "What this does not show: poison that looks like the class it is put into, or an attacker "
        "who knows of this. Less than a few dozen poisoned images make no part of their own."
    )
    st.stop()
side = st.segmented_control(
    "White square",
    SIDES,
    format_func=lambda side: "one pixel" if side == 1 else f"{side} by {side}",
    key="defend.side",
    default=SIDES[0],
    required=True,
    persist_state="session",
)
st.header("Predictions alone", anchor=False)
st.caption(
    "With 100 clean digits, nobody's training set and nobody's weights: make a square white at "
    "every place, one after the other, and count the digits that become another."
)
defences.scan(models, choices[models].cards, side)
st.header("One image", anchor=False)
defences.door(models)
st.caption(
    "What this does not show: a trigger of many faint pixels, a larger one, one that is black on "
    "ink, or an attacker who knows of the scan."
)
