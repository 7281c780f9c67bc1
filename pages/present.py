"""The talk: eight scenes for a projector, and the speaker's notes in a second window."""

import streamlit as st

from core.ui import notes, talk

if st.query_params.get("notes"):
    notes.show()
else:
    talk.project()
