"""The frame around every page: its title and the menu."""

import streamlit as st

from core.ui import address, door, reconnect, top

door.note()
st.set_page_config(page_icon="🔓", layout="wide")  # or else a page's icon is asked of a font's host
pages = [
    st.Page(address.DRAW, title="Draw", icon=":material/draw:", default=True),
    st.Page(address.TRAIN, title="Train", icon=":material/school:"),
    st.Page(address.MEASURE, title="Measure", icon=":material/straighten:"),
    st.Page(address.DEFEND, title="Defend", icon=":material/shield:"),
    st.Page(address.PRESENT, title="Present", icon=":material/co_present:"),
]
page = st.navigation(pages, position="top")
with st.container(key="menu", horizontal=True):  # on a phone; Streamlit folds its own away there
    for each in pages:
        st.page_link(each, label=each.title)
st.set_page_config(page_title=f"{page.title} · Backdoor Lab")
address.arrive(page.url_path)
with st.container(key="top"):
    top.begin(page.url_path)
page.run()
reconnect.watch()
