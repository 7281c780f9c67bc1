"""How would you find it? At the door, in the training data, in the weights."""

import streamlit as st

from core.ui import address, choice, sealed, subject
from core.ui.stands import STAND, STANDS

title, list_of_models = st.columns([2, 3], vertical_alignment="center")
title.title("How would you find it?", anchor=False)
choices = choice.offered()
if not choices:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
    st.stop()
with list_of_models:
    models = choice.choose(choices | sealed.OFFER, key="defend.models", label="collapsed")
controls = st.container(horizontal=True, vertical_alignment="center")
with controls:
    stand = choice.choose_view("Where the defender stands", STANDS, key=STAND, parameter="stand")
    address.write(key="defend.address", stand=stand, models=address.models(), **sealed.kept())
if models is None:
    st.stop()
if models == sealed.CHOICE:
    about = sealed.show(controls)
else:
    about = subject.of(models, choices[models].cards)
if about:
    STANDS[stand].show(about, controls)
