"""On other pages than its own: that a training goes on."""

import sys
from typing import Any

import streamlit as st

TICK = 1.0  # seconds between two looks


def mention() -> None:
    """How far it is, in a line, as long as it goes on."""
    # Whoever began one has loaded the board; a page that only asks is not to wait for it.
    if (jobs := sys.modules.get("core.work.jobs")) and jobs.BOARD.running:
        st.fragment(_mention, run_every=TICK)(jobs.BOARD)


def _mention(board: Any) -> None:
    if job := board.running:
        st.caption(f"On the page *Train* a training goes on: {job.progress.share * 100:.0f} %.")
