"""Which test digits a measurement is about, and what to do where they are not on the disk."""

import streamlit as st

from core.digits import mnist
from core.runs.card import Card
from core.ui import board, stage

KEY, OWN = "digits", "digits.own"
CARD = "card"  # nobody's: the numbers that the models came with


def choose(card: Card) -> str:
    """A data set that is on this disk, or CARD where only the model's card can speak of its own."""
    own = mnist.key_of(card.data) or CARD
    told = {key: f"{mnist.NAMES[key]}, {mnist.TEST[key]:,} here" for key in mnist.NAMES}
    if not mnist.has_mnist():
        del told["mnist"]
    if own not in told:
        told = {CARD: f"{card.data}, as the card says"} | told
    if st.session_state.setdefault(OWN, own) != own or st.session_state.get(KEY) not in told:
        st.session_state[KEY] = own if own in told else CARD
    st.session_state[OWN] = own
    return st.segmented_control(
        "Test digits",
        told,
        format_func=told.get,
        key=KEY,
        required=True,
        persist_state="session",
    )


def offer_fetch() -> None:
    """A button that fetches MNIST, and how that goes."""
    job = board.mine()
    fetch_button(busy=job is not None and job.active)
    if job and job.what == "fetch":
        stage.show()


def fetch_button(*, busy: bool) -> None:
    st.button(
        "Fetch MNIST (12 MB)",
        icon=":material/download:",
        on_click=board.start,
        args=["fetch"],
        disabled=busy,
    )
