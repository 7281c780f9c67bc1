"""The talk: scenes for a projector, notes for the speaker, and the wall of the hall alone."""

import streamlit as st

from core.ui import hall, notes, talk

if st.query_params.get("notes"):
    notes.show()
elif st.query_params.get("hall"):
    hall.show()
else:
    talk.project()
