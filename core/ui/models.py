"""Models, loaded once for everybody. They are only ever read."""

import streamlit as st

from core import ladder as shipped


@st.cache_resource(show_spinner=False)
def ladder() -> shipped.Ladder:
    return shipped.load()
