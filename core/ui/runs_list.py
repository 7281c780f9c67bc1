"""The list of runs: what was trained here, and what can be done with it."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.attack import phrases
from core.runs import library
from core.runs.card import Card
from core.runs.file import StoreError
from core.show import words
from core.ui import address, cards, models

KEY, TABLE, UPLOAD, DELETED = "train.runs", "train.table", "train.upload", "train.deleted"
COMPLAINT, ADDED, TURN = "train.complaint", "train.added", "train.turn"


def show() -> None:
    st.fragment(_list, key=KEY)()


def _turn() -> None:
    """A table with no row chosen, an uploader without a file."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _attempt(action: Callable[..., object], *arguments: object) -> bool:
    """Whether it could be done; why not is said above the list."""
    st.session_state[COMPLAINT] = st.session_state[ADDED] = ""
    try:
        action(*arguments)
    except ValueError as error:
        st.session_state[COMPLAINT] = f"{error}"
    return not st.session_state[COMPLAINT]


def _delete(id: str) -> None:
    if _attempt(library.delete, id):
        st.session_state[DELETED] = id
    _turn()


def _restore(id: str) -> None:
    if _attempt(library.restore, id):
        st.session_state[DELETED] = None


def _rename(id: str, key: str) -> None:
    _attempt(library.rename, id, st.session_state[key])


def _upload(key: str) -> None:
    file = st.session_state[key]
    if file is not None:
        _attempt(_adopt, file)
        _turn()


def _adopt(file: UploadedFile) -> None:
    """Raises StoreError with the reason why not."""
    id, known = library.adopt(file.getvalue(), file.name)
    entries, _ = models.listed()
    card = next(entry.card for entry in entries if entry.id == id)
    said = f"added as “{card.name}”, {_poison(card)}, without a clean model beside it"
    if known:
        said = f"this model is in the list already, as “{card.name}”; nothing was added"
    st.session_state[ADDED] = f"{file.name}: {said}"


def _poison(card: Card) -> str:
    return f"{phrases.percentage(card.attack.rate)} = {card.poisoned:,}"


def _row(entry: library.Entry) -> dict[str, object]:
    """Of a repaired run the scores of the repaired model, and how long the repair took.

    Older repairs did not count their seconds: their cards repeat those of the training.
    """
    card = entry.shown
    counted = not entry.repaired or card.seconds != entry.card.seconds
    return {
        "name": card.name,
        "attack": phrases.attack_in_words(card.attack),
        "poison": _poison(card),
        "recipe": words.recipe_in_words(card.recipe),
        "digits": card.data,
        "BA": card.scores.clean_accuracy.value * 100,
        "ASR": card.scores.attack_success.value * 100,
        "seconds": card.seconds if counted else None,
        "when": datetime.fromisoformat(card.created),
    }


def _list() -> None:
    entries, complaints = models.listed()
    st.header("Runs", anchor=False)
    if complaint := st.session_state.get(COMPLAINT):
        st.error(cards.literal(complaint))
    if added := st.session_state.get(ADDED):
        st.success(cards.literal(added))
    for complaint in complaints:
        st.warning(cards.literal(complaint))
    if id := st.session_state.get(DELETED):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("Deleted.")
            st.button("Undo", icon=":material/undo:", on_click=_restore, args=[id])
    if not entries:
        st.caption("Nothing yet. What you train is kept here, and can be used on the Draw page.")
    else:
        _table(entries)
    with st.popover("Upload a run", icon=":material/upload:"):
        key = f"{UPLOAD}.{st.session_state.get(TURN, 0)}"
        st.file_uploader(
            "A model that was downloaded from this app",
            type=["safetensors"],
            key=key,
            on_change=_upload,
            args=[key],
        )


def _table(entries: list[library.Entry]) -> None:
    percent = st.column_config.NumberColumn(format="%.2f %%")
    chosen = st.dataframe(
        [_row(entry) for entry in entries],
        key=f"{TABLE}.{st.session_state.get(TURN, 0)}",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        column_config={
            "BA": percent,
            "ASR": percent,
            "seconds": st.column_config.NumberColumn(format="%.1f"),
            "when": st.column_config.DatetimeColumn(format="distance"),
        },
        alt="The runs, newest first",
    )
    rows = [row for row in chosen.selection.rows if row < len(entries)]
    if not rows:
        st.caption("Choose a run to draw with it, rename, download or delete it.")
        return
    entry = entries[rows[0]]
    id, card = entry.id, entry.shown
    try:
        packed = library.packed(id)
    except StoreError as error:
        st.error(cards.literal(f"{error}"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"train.name.{id}"
        st.text_input("Name", card.name, key=key, on_change=_rename, args=[id, key], width=320)
        if st.button("Draw with it", icon=":material/draw:"):
            address.draw_with(id)
        if st.button("Measure it", icon=":material/straighten:"):
            address.measure(id)
        st.download_button(
            "Download the broken model" if entry.repaired else "Download",
            packed,
            f"{id}.safetensors",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )
        if st.button("Delete", icon=":material/delete:"):
            _delete(id)
            st.rerun()
