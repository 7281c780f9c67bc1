"""The hall: a room for phones, which the speaker opens, and the wall on a page of its own."""

import asyncio
import os
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.ui import home, web

if TYPE_CHECKING:
    from core.hall.presenter import Hall

# In the environment: the first port that is tried; a Redis that several servers share
PORT, SHARED = "BACKDOOR_LAB_HALL_PORT", "BACKDOOR_LAB_REDIS"
HTML = (web.FOLDER / "hall" / "hall.html").read_text(encoding="utf-8")
CSS = (web.FOLDER / "hall" / "hall.css").read_text(encoding="utf-8")

_MAKING = Lock()


@cache
def _made() -> "Hall":
    from core.hall.presenter import Hall  # with torch, which the server's start does not wait for

    port = os.environ.get(PORT, "")
    first = int(port) if port.isdecimal() else _next_port()
    return Hall(_pair, _page_to_take, first_port=first, shared=os.environ.get(SHARED, ""))


def hall() -> "Hall":
    """The one of this process."""
    with _MAKING:
        return _made()


def _next_port() -> int:
    return st.get_option("server.port") + 1


def _page_to_take() -> str:
    from core.show import talk

    return home.page(f"{talk.RATE:g}")


def _pair() -> Any:
    """The models that the talk is about. Raises ValueError where they are not there."""
    from core.model.role import Pair
    from core.show import talk
    from core.ui import models

    ladder = models.ladder()
    if ladder.clean is None or talk.RATE not in ladder.rungs:
        raise ValueError(" ".join(ladder.complaints))
    return Pair(ladder.clean, ladder.rungs[talk.RATE])


def data() -> dict[str, str]:
    """What the speaker's window is told. Its key opens and closes the room."""
    return {"key": hall().key, "base": web.based("/"), "html": HTML}


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
    made = await asyncio.to_thread(hall)
    return await made.answer(request, request.path_params["what"])


async def stop() -> None:
    """Before the server ends."""
    if _made.cache_info().currsize:
        await hall().close(over=False)


ROUTES = [  # with server.baseUrlPath too
    Route("/{base:path}hall/{what}", _answer, methods=["GET", "POST"]),
]
