"""What the server does before its first visitor, and the one file it serves besides Streamlit's own.

The app is started as st.App rather than as a plain script for three reasons: models are loaded
before anyone waits for them; the browser draws with the plotly.min.js of the installed package,
from this server; and since frame.py, not app.py, is the main script, Streamlit does not mistake
pages/ for its legacy folder of pages, which would open deep links without the frame.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
import torch
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from core.trigger import PIXEL
from core.ui import models

FRAME = Path(__file__).parent / "frame.py"
PLOTLY = FRAME.parent.parent.parent / "assets" / "plotly-cartesian.min.js"
PLOTLY_URL = "/plotly-cartesian-4.1.1.min.js"


@asynccontextmanager
async def warm(_: st.App) -> AsyncIterator[None]:
    """Loads the ladder and runs every model once."""
    torch.set_num_threads(1)  # one digit is too little work to share; ten visitors share the cores
    if models.ladder().rungs:
        models.ask(torch.zeros(1, 1, 28, 28), PIXEL)
    # Streamlit collects garbage after every run, which takes 0.1 s with torch loaded. What is
    # alive now stays alive: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    yield


async def plotly_js(_: Request) -> FileResponse:
    forever = {"Cache-Control": "public, max-age=31536000, immutable"}  # the URL has the version
    return FileResponse(PLOTLY, media_type="text/javascript", headers=forever)


ROUTES = [Route(PLOTLY_URL, plotly_js)]
