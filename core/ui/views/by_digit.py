"""The confusion matrices, the images behind their cells, and the scores of each class."""

import streamlit as st

from core.model.role import Role
from core.show import figures
from core.ui import address, cards, gallery
from core.ui.plot import plot
from core.ui.views.subject import KEEP, Subject

# In the session: whether the digits bear the trigger, the chosen cell, how often one was clicked
STAMPED = "measure.stamped"
MODEL, TRUE, READ = "measure.cell.model", "measure.cell.true", "measure.cell.read"
CLICKS = "measure.clicks"
USUAL = (3, 8)  # the cell to begin with: true digit, and what it is read as


def show(subject: Subject) -> None:
    evaluation = subject.evaluation
    roles = evaluation.roles
    names = [role.value for role in roles]
    if st.session_state.get(MODEL) not in names:
        st.session_state[MODEL] = address.choice("by", names, names[-1])
    st.session_state.setdefault(TRUE, address.read("true", range(10), USUAL[0]))
    st.session_state.setdefault(READ, address.read("read", range(10), USUAL[1]))
    st.session_state.setdefault(STAMPED, address.read("stamped", (False, True), True))
    stamped = st.toggle("With the trigger", key=STAMPED, **KEEP)
    maps = st.container()
    row = st.container(horizontal=True, vertical_alignment="bottom")
    true = row.selectbox("Images of a true", range(10), key=TRUE, width=140, **KEEP)
    read = row.selectbox("read as", range(10), key=READ, width=120, **KEEP)
    chosen = Role(row.selectbox("by the model", names, key=MODEL, width=180, **KEEP))
    cell = address.of(true=true, read=read, stamped=stamped)
    address.write(key="measure.address", by=chosen.value, **cell)
    for column, role in zip(maps.columns(len(roles)), roles, strict=True):
        with column:
            plot(
                figures.confusion_map(
                    evaluation.confusion(role, stamped=stamped),
                    role,
                    marked=(true, read) if role == chosen else None,
                ),
                key=f"measure.confusion.{role}",
                alt=f"Confusion matrix of the {role} model",
                before=cards.caption(f"The {role} model. Click a cell to see its images."),
                toolbar=True,
                on_click=lambda x, y, role=role: _open_cell(role, y, x),
            )
    rows = evaluation.behind(chosen, stamped=stamped, true=true, read=read)
    row.caption(f"**{len(rows):,}** images. {gallery.legend(evaluation)}")
    gallery.show(
        evaluation,
        rows,
        models=subject.models,
        stamped=stamped,
        key="measure.behind",
        turn=st.session_state.get(CLICKS, 0),
    )
    _of_classes(subject)


def _open_cell(role: Role, true: float, read: float) -> None:
    st.session_state[MODEL] = role.value
    st.session_state[TRUE], st.session_state[READ] = round(true), round(read)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1


def _of_classes(subject: Subject) -> None:
    definition, (left, right) = subject.definition, st.columns(2)
    title = "Read right without the trigger, by true digit"
    with left:
        plot(
            figures.class_dots(subject.evaluation, lambda scores: scores.clean_accuracy),
            key="measure.classes.right",
            alt=title,
            before=cards.caption(title),
            toolbar=True,
        )
    title = f"The trigger wins, by true digit{definition.tail}"
    with right:
        plot(
            figures.class_dots(subject.evaluation, definition.success),
            key="measure.classes.success",
            alt=title,
            before=cards.caption(title),
            toolbar=True,
        )
