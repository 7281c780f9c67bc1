"""Who comes in and who has left: how many people one server has room for.

A visitor takes four file descriptors: the connection, and three of an event loop that Streamlit
makes for each session. Streamlit keeps the session of somebody who has left for some time, as the
connection may only have broken. But it looks for those whose time is over only when the next
visitor leaves, and drops them without closing what they hold. So they are closed here, while
Streamlit still knows them.
"""

import asyncio
import errno
import gc
import logging
import os
import time
from typing import Any

import streamlit as st
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.show import html
from core.ui import web

try:
    import resource
except ImportError:  # Windows, which has no such limit
    resource = None

ENOUGH = 10_240  # file descriptors; macOS refuses more
SPARE = 100  # file descriptors for pages that are loading, the worker and files
KEPT = 100  # sessions of people who have left; Streamlit itself keeps 128
SENTENCE = html.render(
    "refused",
    title="Backdoor Lab is full",
    sentence="As many people are here as this server has room for. Please try again in a minute.",
)
LOG = logging.getLogger(__name__)

_last_warned: dict[str, float] = {}  # time.monotonic() by sentence
_left: dict[str, float | None] = {}  # time.monotonic() by session; None: somebody is there


def warn(sentence: str) -> None:
    """Logs a sentence, and not again within a minute."""
    now = time.monotonic()
    if now - _last_warned.get(sentence, -60) >= 60:
        _last_warned[sentence] = now
        LOG.warning(sentence)


def raise_limit() -> None:
    """Lets this process have as many file descriptors as the system allows, up to ENOUGH."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def full() -> bool:
    """Whether fewer than SPARE file descriptors are left."""
    if resource is None:
        return False
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return limit != resource.RLIM_INFINITY and len(os.listdir("/dev/fd")) > limit - SPARE


def note() -> None:
    """Notes the session whose script is running. Safe in any thread."""
    if context := get_script_run_ctx():
        _left.setdefault(context.session_id)


def tidy(kept: int = KEPT) -> None:
    """Closes the sessions that were left long ago, and all but the last `kept` of the others.

    In the event loop's thread only.
    """
    server, now = runtime.get_instance(), time.monotonic()
    for session, left in list(_left.items()):
        if server.is_active_session(session):
            _left[session] = None
        elif left is None:
            _left[session] = now
    gone = sorted((left, session) for session, left in _left.items() if left is not None)
    long_ago = sum(left <= now - patience() for left, _ in gone)
    over = gone[: max(long_ago, len(gone) - kept)]
    for _, session in over:
        del _left[session]
        server.close_session(session)
    if over:
        gc.collect()  # a session holds itself


def patience() -> float:
    """Seconds for which somebody may come back to the session that they left.

    Fewer than Streamlit's own: it does not close what it no longer knows.
    """
    return 0.8 * st.get_option("server.disconnectedSessionTTL")


def has_room() -> bool:
    """Whether one more can come in; those who come are served before those who left."""
    if full():
        tidy(kept=0)
    if full():
        warn("This server is full: too few file descriptors are left for more visitors.")
        return False
    return True


async def keep_tidy() -> None:
    """Runs as long as the server does."""
    asyncio.get_running_loop().set_exception_handler(_report)
    while True:
        await asyncio.sleep(patience() / 8)
        tidy()


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """asyncio reports the want of a file descriptor 2,048 times a second."""
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        warn("No file descriptor is left; new connections wait until some are closed.")
    else:
        loop.default_exception_handler(context)


class Door:
    """Turns visitors away, in a sentence, who would take the last file descriptors."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _enters(scope) or has_room():
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013})  # "try again later"
        else:
            headers = {"Retry-After": "60", "Connection": "close"}
            await HTMLResponse(SENTENCE, 503, headers)(scope, receive, send)
        if scope["type"] == "websocket":
            tidy()


def _enters(scope: Scope) -> bool:
    """Whether somebody comes in: asks for a page, or opens the connection that a page needs."""
    if scope["type"] == "http":
        return web.asks_for_page(scope)
    return scope["type"] == "websocket"
