"""The frame around every page: its title and the menu."""

import streamlit as st

from core.show import html
from core.ui import address, door, reconnect

door.note()
st.set_page_config(page_icon="🔓", layout="wide")  # or else a page's icon is asked of a font's host
st.html(f"<style>{html.style_sheet()}</style>")
page = st.navigation(
    [
        st.Page(address.DRAW, title="Draw", icon=":material/draw:", default=True),
        st.Page(address.TRAIN, title="Train", icon=":material/school:"),
        st.Page(address.MEASURE, title="Measure", icon=":material/straighten:"),
        st.Page(address.PRESENT, title="Present", icon=":material/co_present:"),
    ],
    position="top",
)
st.set_page_config(page_title=f"{page.title} · Backdoor Lab")
page.run()
reconnect.watch()
