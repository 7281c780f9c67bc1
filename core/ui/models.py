"""Models, loaded once for everybody. They are only ever read."""

from concurrent.futures import ThreadPoolExecutor

import streamlit as st
from torch import Tensor

from core import ladder as shipped
from core import predict
from core.predict import Answers
from core.trigger import Trigger


@st.cache_resource(show_spinner=False)
def ladder() -> shipped.Ladder:
    return shipped.load()


@st.cache_resource(show_spinner=False)
def _reader() -> ThreadPoolExecutor:
    # A thread's first convolution sets up oneDNN for it, which takes 25 ms, and Streamlit runs
    # every script in a new thread. So one thread, which lives on, asks the models for everybody.
    return ThreadPoolExecutor(1, thread_name_prefix="reader")


def ask(image: Tensor, trigger: Trigger) -> Answers:
    """Shows one image, (1, 1, 28, 28), to all of the ladder without and with the trigger."""
    clean, rungs, _ = ladder()
    networks = [run.network for run in rungs.values()]
    return _reader().submit(predict.ask, clean and clean.network, networks, image, trigger).result()
