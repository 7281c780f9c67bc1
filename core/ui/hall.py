"""The hall: a room for phones, which the speaker opens, and the wall on a page of its own."""

import asyncio
import os
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.hall import addresses
from core.ui import home, hosts, web
from core.work.once import in_thread

if TYPE_CHECKING:
    from core.hall.presenter import Presenter

LAST_PORT = 65535
# In the environment: the first port that is tried, or APPS; a Redis that several servers share
PORT, SHARED = "BACKDOOR_LAB_HALL_PORT", "BACKDOOR_LAB_REDIS"
APPS = "app"  # the app's own port, where only one can be had
HTML = (web.FOLDER / "hall" / "hall.html").read_text(encoding="utf-8")
CSS = (web.FOLDER / "hall" / "hall.css").read_text(encoding="utf-8")

_MAKING = Lock()


@cache
def _made() -> "Presenter":
    from core.hall.hall import Hall  # with torch, which the server's start does not wait for
    from core.hall.presenter import Presenter

    shared = os.environ.get(SHARED, "")
    hall = Hall(_pair, _page_to_take, first_port=_port(), shared=shared)
    return Presenter(hall, listens=_listens())


def presenter() -> "Presenter":
    """The one of this process."""
    with _MAKING:
        return _made()


def _port() -> int | str | None:
    """The first that is tried, as it was typed: who opens a room hears what is wrong with it.

    None: the app's own.
    """
    wanted, app = os.environ.get(PORT, ""), st.get_option("server.port")
    if wanted == APPS:
        return None
    return wanted or (app + 1 if app < LAST_PORT else 0)


def _listens() -> str:
    """The address that the app itself listens at; "": at all of this machine's."""
    return st.get_option("server.address") or ""


def app_url(page: str) -> str:
    """Return where a phone finds a page of the app. Raises ValueError where it cannot."""
    came = urlsplit(st.context.url or "")
    place = addresses.of_app(came.hostname or "", came.port, _listens())
    return f"{came.scheme}://{place}{web.based(page)}"


def _page_to_take() -> str:
    from core.show import talk

    return home.page(f"{talk.RATE:g}")


def _pair() -> Any:
    """The models that the talk is about. Raises ValueError where they are not there."""
    from core.show import talk
    from core.ui import models

    return talk.pair(models.ladder())


def data() -> dict[str, Any]:
    """What the speaker's window is told. Its key opens and closes the room."""
    return {
        "key": presenter().key,
        "base": web.based("/"),
        "html": HTML,
        "appsPort": _port() is None,
        "private": hosts.private(),
    }


_list = web.component("hall/list", css=CSS, isolate_styles=False)
_page = web.component(
    "hall/page",
    css=CSS + (web.FOLDER / "hall" / "page.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show() -> None:
    """The wall alone."""
    _page(key="hall", data=_wanted())


def show_list() -> None:
    """What the hall has drawn, for the speaker, who may take drawings away."""
    _list(key="hall.list", data=_wanted())


def _wanted() -> dict[str, Any]:
    from core.show import talk

    standing = talk.prepared()["standing"]
    return {"trigger": standing["trigger"], "target": standing["target"], "hall": data()}


async def _answer(request: Request) -> Response:
    if not _made.cache_info().currsize:
        await asyncio.wrap_future(in_thread(presenter))
    return await presenter().answer(request, request.path_params["what"])


async def stop() -> None:
    """Before the server ends."""
    if _made.cache_info().currsize:
        await presenter().hall.close(over=False)


class Go:
    """What phones ask for on the app's own port: nothing, unless a room is open there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not f"{scope.get('path', '')}/".startswith(web.based(f"/{web.GO}/")):
            return await self.app(scope, receive, send)
        phones = presenter().hall.app if _made.cache_info().currsize else None
        if phones:
            await phones(scope | {"root_path": web.based("")}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4404})
        else:
            await Response(status_code=404)(scope, receive, send)


ROUTES = [  # with server.baseUrlPath too
    Route("/{base:path}hall/{what}", _answer, methods=["GET", "POST"]),
]
