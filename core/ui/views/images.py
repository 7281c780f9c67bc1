"""The digits themselves, by what the models made of them."""

import streamlit as st

from core.measure.selections import SELECTIONS
from core.ui import address, gallery
from core.ui.views.subject import KEEP, Subject

SELECTION = "measure.selection"  # in the session


def show(subject: Subject) -> None:
    evaluation = subject.evaluation
    rows = {name: selection.rows(evaluation) for name, selection in SELECTIONS.items()}
    st.session_state.setdefault(SELECTION, address.choice("selection", SELECTIONS, "resists"))
    name = st.selectbox(
        "Test digits that …",
        SELECTIONS,
        format_func=lambda name: f"{SELECTIONS[name].words}: {len(rows[name]):,}",
        key=SELECTION,
        **KEEP,
    )
    address.write(key="measure.address", selection=name)
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
