"""What the server does before its first visitor, and what it serves beside Streamlit's own.

The app is started as st.App rather than as a plain script for three reasons. Models are loaded
before anyone waits for them. The browser gets our scripts from this server. And with
frame.py, not app.py, as the main script, Streamlit does not take pages/ for its legacy folder of
pages, which would open deep links without the frame.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from core.ui import door, hall, home, hosts, web, weights

FRAME = Path(__file__).parent / "frame.py"


@asynccontextmanager
async def start(_: st.App) -> AsyncIterator[None]:
    """Makes room for visitors, and loads the models while the first browser loads its scripts."""
    door.raise_limit()
    tasks = [asyncio.create_task(door.keep_tidy()), asyncio.create_task(asyncio.to_thread(warm))]
    yield
    await hall.stop()
    for task in tasks:
        task.cancel()


def warm() -> None:
    """Loads the ladder and runs every model once."""
    import torch  # takes most of the start, so it is imported here, where nobody waits for it yet

    from core.attack.trigger import PIXEL
    from core.ui import models

    torch.set_num_threads(1)  # one digit is too little work to share; ten visitors share the cores
    ladder = models.ladder()
    if ladder.rungs:
        models.ask(ladder.clean, list(ladder.rungs.values()), torch.zeros(1, 1, 28, 28), PIXEL)
    # Streamlit collects garbage after every run, which takes 0.1 s with torch loaded. What is
    # alive now stays alive: the collector need not look at it again.
    gc.collect()
    gc.freeze()


ROUTES = web.ROUTES + weights.ROUTES + hall.ROUTES + home.ROUTES
# Phones have to know the room's code, so they are answered before names and origins are looked at.
MIDDLEWARE = [
    Middleware(door.Door),
    Middleware(hall.Go),
    Middleware(hosts.Hosts),
    Middleware(web.FirstPage),
]
