"""The table, the same as bars, and the two definitions."""

import streamlit as st

from core.measure import comparison
from core.model.scores import Definition
from core.show import figures
from core.show.score_table import score_table
from core.ui.plot import plot
from core.ui.views.subject import DEFINITION, KEEP, Subject


def show(subject: Subject) -> None:
    compared, definition = subject.comparison, subject.definition
    st.segmented_control(
        "Attack success by",
        [definition.value for definition in Definition],
        format_func=lambda value: Definition(value).choice,
        key=DEFINITION,
        required=True,
        **KEEP,
    )
    left, right = st.columns([8, 5], gap="large")
    with left:
        st.html(score_table(compared, definition))
    with right:
        plot(
            figures.score_bars(compared, definition),
            key="measure.scores",
            alt=comparison.verdict(compared, definition),
            toolbar=True,
        )
    left, right = st.columns([5, 8], gap="large", vertical_alignment="center")
    left.caption(comparison.both_definitions(compared))
    with right:
        plot(
            figures.who_counts(compared),
            key="measure.who",
            alt="Stamped digits of both models: who counts as a success of the trigger",
            toolbar=True,
        )
