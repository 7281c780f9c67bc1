"""Backdoor Lab. Open it with `streamlit run app.py`."""

import streamlit as st

from core.ui import server

app = st.App(
    server.FRAME, lifespan=server.start, routes=server.ROUTES, middleware=server.MIDDLEWARE
)
