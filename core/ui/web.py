"""What the browser is given: the components of core/web, and files beside Streamlit's own.

A component is a folder's worth of files that bear its name: NAME.js, and NAME.html and NAME.css
where it has them. The modules are served under a URL that changes with what is in them, so that
a browser may keep them for good, and one module can import another.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.places import ASSETS, PLOTLY, ROOT
from core.show import html

FOLDER = ROOT / "core" / "web"
BOARD = "draw/board.css"  # for the inside of the canvas, which no page's style sheet reaches
WALL = "talk/wall.png"  # the talk's wall of training digits
MEDIA = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}  # the URL has the version

FILES = {path.relative_to(FOLDER).as_posix(): path for path in sorted(FOLDER.rglob("*.js"))}
FILES |= {BOARD: FOLDER / BOARD, WALL: ASSETS / "wall.png"}
VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in FILES.values())).hexdigest()[:12]
GO = "go"  # below it, what phones in a hall ask for
PLOTLY_URL = "/plotly-cartesian-4.1.1.min.js"


def url(name: str) -> str:
    """Where a browser finds one of FILES."""
    return based(f"/web/{VERSION}/{name}")


def based(path: str) -> str:
    """A path of this server as the browser is to ask for it, with server.baseUrlPath."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def component(
    name: str, *, css: str | None = None, isolate_styles: bool = True
) -> Callable[..., Any]:
    """The component whose files bear this name in core/web, to be called with key, data and so on.

    css: instead of NAME.css. Colours are `var(--bl-clean)` and so on, from the style sheet of every
    page.
    """
    _, _, stem = name.rpartition("/")
    mount = st.components.v2.component(
        f"backdoor_lab_{stem}",
        html=_text(f"{name}.html", "<i></i>\n"),  # Streamlit takes one line for a path
        css=_text(f"{name}.css") if css is None else css,
        js=_text("mount.js"),
        isolate_styles=isolate_styles,
    )

    def show(*, data: dict[str, Any], **options: Any) -> Any:
        return mount(data=data | {"module": url(f"{name}.js")}, **options)

    return show


def _text(name: str, otherwise: str | None = None) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else otherwise


async def _file(request: Request) -> Response:
    path = FILES.get(request.path_params["name"])
    if path is None or request.path_params["version"] != VERSION:
        return Response(status_code=404)
    return FileResponse(path, media_type=MEDIA[path.suffix], headers=FOR_GOOD)


async def _plotly(_: Request) -> FileResponse:
    headers = {"Content-Encoding": "gzip"} | FOR_GOOD
    return FileResponse(PLOTLY, media_type="text/javascript", headers=headers)


async def _draw(request: Request) -> Response:
    """The first page by its name, which Streamlit does not know."""
    if request.url.path != based("/draw"):
        return Response(status_code=404)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(based("/") + query)


ROUTES = [  # with server.baseUrlPath too
    Route("/{base:path}draw", _draw),
    Route("/{base:path}" + PLOTLY_URL[1:], _plotly),
    Route("/{base:path}web/{version}/{name:path}", _file),
]


class FirstPage:
    """Gives a page, on its way to the browser, what it is to begin with.

    The browser is told to fetch our scripts while it loads the rest, and the page has its theme's
    background and our style sheet from the first moment on: nothing is shown without it, and no
    figure measures its place before it is there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and asks_for_page(scope):
            plain = [each for each in scope["headers"] if each[0] not in CONDITIONS]
            scope = scope | {"headers": plain}
            send = _with_beginning(send, scope["path"])
        await self.app(scope, receive, send)


CONDITIONS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
BEGINNINGS = {  # by the tag that it follows; the style sheet comes after Streamlit's own
    "<head>": _text("first.html"),
    "<body>": f"<style>{html.style_sheet()}</style>{_text('waiting.html')}",
}
BEGINNINGS = {tag.encode(): (tag + text).encode() for tag, text in BEGINNINGS.items()}


def asks_for_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _with_beginning(send: Send, path: str) -> Send:
    """Sends a page with its beginning; anything else as it is."""
    start: Message | None = None
    body = b""

    async def sending(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if not headers.get("content-type", "").startswith("text/html"):
                return await send(message)
            headers.append("Link", _links(path))
            start = message
        elif start is None:
            await send(message)
        else:
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            for tag, beginning in BEGINNINGS.items():
                body = body.replace(tag, beginning, 1)
            headers = MutableHeaders(scope=start)
            headers["Content-Length"] = str(len(body))
            for name in ("etag", "last-modified"):  # of the page without its beginning
                del headers[name]
            await send(start)
            await send({"type": "http.response.body", "body": body})

    return sending


# What a page is shown with, by the last part of its path: folders of core/web, or single modules
PRELOADED = {
    "present": ("talk/", "live/"),
    "train": ("plot.js",),
    "measure": ("plot.js",),
    "defend": ("plot.js",),
}
DRAW = ("draw/", "live/")
ALWAYS = ("address.js", "listen.js", "reconnect.js", "top.js")


def _links(page: str) -> str:
    """The header's value: the modules that a page is shown with."""
    wanted = (*PRELOADED.get(page.rstrip("/").rpartition("/")[2], DRAW), *ALWAYS)
    urls = [url(name) for name in FILES if name.endswith(".js") and name.startswith(wanted)]
    if "plot.js" in wanted:
        urls.append(based(PLOTLY_URL))
    return ", ".join(f"<{each}>; rel=modulepreload" for each in urls)
