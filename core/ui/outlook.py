"""What a training would do: to the training set, and to one's time."""

from typing import Any

import streamlit as st

from core.attack.poison import Attack
from core.model.recipe import Recipe
from core.ui import cards
from core.work.jobs import BOARD, WorkerError
from core.work.tasks import Estimate, Preview, Warm


def consequences(attack: Attack) -> dict[str, Any]:
    """Counts, and the first poisoned images. Raises WorkerError where the attack cannot be."""
    with st.spinner("Reading the digits …"):
        return BOARD.ask(Preview(attack=attack))


def images(tiles: list[dict[str, Any]], attack: Attack) -> None:
    """Sixteen images of the poisoned training set, as they will be learnt."""
    st.caption("Some poisoned images, true digit → label. Can you see what was done to them?")
    ring = st.toggle("Show me the trigger", key="train.ring")
    st.html(cards.tiles(tiles, attack.trigger if ring else None))


def duration(recipe: Recipe) -> str:
    """In words; none while the worker is still to start, or has nothing to tell it from."""
    if not BOARD.ready:
        BOARD.prepare(Warm())
        return ""
    try:
        seconds = BOARD.ask(Estimate(recipe=recipe, busy=BOARD.running is not None))
    except WorkerError:
        return ""
    return f"About {max(1, round(seconds))} s on this machine." if seconds else ""
