"""How would you find it? At the door, in the training data, in the weights."""

import streamlit as st

from core.ui import address, choice, sealed, subject
from core.ui.stands import STAND, STANDS

st.title("How would you find it?", anchor=False)
choices = choice.offered()
if not choices:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
    st.stop()
models = choice.choose(choices | sealed.OFFER, key="defend.models")
stand = choice.choose_view("Where the defender stands", STANDS, key=STAND, parameter="stand")
address.write(key="defend.address", stand=stand, models=address.models(), **sealed.kept())
if models is None:
    st.stop()
if models == sealed.CHOICE:
    about = sealed.show()
else:
    about = subject.of(models, choices[models].cards)
if about:
    STANDS[stand].show(about)
