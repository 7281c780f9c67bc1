"""What the server does before its first visitor, and the one file it serves beside Streamlit's own.

The app is started as st.App rather than as a plain script for three reasons. Models are loaded
before anyone waits for them. The browser draws with a plotly.js from this server. And with
frame.py, not app.py, as the main script, Streamlit does not take pages/ for its legacy folder of
pages, which would open deep links without the frame.
"""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
import torch
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.attack.trigger import PIXEL
from core.show import talk
from core.show.figures import PLOTLY
from core.ui import door, models

FRAME = Path(__file__).parent / "frame.py"
PLOTLY_URL = "/plotly-cartesian-4.1.1.min.js"
WALL_URL = "/wall.png"  # of the talk


def served(url: str) -> str:
    """One of these as the browser is to ask for it, with server.baseUrlPath."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{url}" if base else url


@asynccontextmanager
async def warm(_: st.App) -> AsyncIterator[None]:
    """Makes room for visitors, loads the ladder and runs every model once."""
    door.raise_limit()
    torch.set_num_threads(1)  # one digit is too little work to share; ten visitors share the cores
    clean, rungs, _ = models.ladder()
    if rungs:
        models.ask(clean, list(rungs.values()), torch.zeros(1, 1, 28, 28), PIXEL)
    # Streamlit collects garbage after every run, which takes 0.1 s with torch loaded. What is
    # alive now stays alive: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    tidying = asyncio.create_task(door.keep_tidy())
    yield
    tidying.cancel()


async def plotly_js(_: Request) -> FileResponse:
    headers = {
        "Content-Encoding": "gzip",
        "Cache-Control": "public, max-age=31536000, immutable",  # the URL has the version
    }
    return FileResponse(PLOTLY, media_type="text/javascript", headers=headers)


class Preload:
    """Tells the browser, with the page itself, to fetch plotly.js while it loads the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_link(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("Link", f"<{scope['root_path']}{PLOTLY_URL}>; rel=modulepreload")
            await send(message)

        await self.app(scope, receive, with_link if scope["type"] == "http" else send)


async def wall(_: Request) -> FileResponse:
    return FileResponse(talk.WALL, media_type="image/png")


# With server.baseUrlPath too
ROUTES = [
    Route("/{base:path}" + PLOTLY_URL[1:], plotly_js),
    Route("/{base:path}" + WALL_URL[1:], wall),
]
MIDDLEWARE = [Middleware(door.Door), Middleware(Preload)]
