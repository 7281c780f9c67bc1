"""The frame around every page: its title and the menu."""

from pathlib import Path

import streamlit as st

from core.ui import reconnect

PAGES = Path(__file__).parent.parent.parent / "pages"

st.set_page_config(page_title="Backdoor Lab", page_icon="🔓", layout="wide")
st.navigation(
    [
        st.Page(PAGES / "draw.py", title="Draw", icon=":material/draw:", default=True),
        st.Page(PAGES / "train.py", title="Train", icon=":material/school:"),
    ],
    position="top",
).run()
reconnect.watch()
