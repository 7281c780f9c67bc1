"""The digits themselves, by what the models made of them."""

import streamlit as st

from core.measure.selections import SELECTIONS
from core.ui import gallery
from core.ui.views.subject import KEEP, Subject


def show(subject: Subject) -> None:
    evaluation = subject.evaluation
    rows = {name: selection.rows(evaluation) for name, selection in SELECTIONS.items()}
    name = st.selectbox(
        "Test digits that …",
        SELECTIONS,
        format_func=lambda name: f"{SELECTIONS[name].words}: {len(rows[name]):,}",
        key="measure.selection",
        **KEEP,
    )
    stamped = SELECTIONS[name].stamped
    bearing = "as the models read them, with the trigger" if stamped else "without the trigger"
    st.caption(f"Shown {bearing}. {gallery.legend(evaluation)}")
    gallery.show(
        evaluation,
        rows[name],
        models=subject.models,
        stamped=stamped,
        key=f"measure.wall.{name}",
    )
