"""Which names this server has, and whose pages may talk to it.

A page of any site can make a visitor's browser connect to this server. The browser then says which
site's page asks (`Origin`), so pages of other sites are refused. A site can also let its own name
lead to this machine (DNS rebinding): then the page and the server seem to be one, under a name
(`Host`) that is not this server's. So only names that it has are answered. An address in numbers is
always right, as only a name can be made to lead elsewhere.

Streamlit would refuse pages of other sites too, but first asks an address in the internet for this
machine's own, and serves nobody meanwhile. So they are refused before it sees them.
"""

import ipaddress
import os
import socket
from contextlib import suppress
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.show import html
from core.ui import door

# In the environment: more names, with commas between them, such as lab.example.org or *.example.org
HOSTS = "BACKDOOR_LAB_HOSTS"
LONGEST = 253  # characters of a host's name
REFUSED = (
    "Somebody asked for this server by a name that it does not know, or from another site's page, "
    f"and was refused. If the name is right, start the app with {HOSTS}=NAME."
)


def host_of(address: str) -> str:
    """Return the host in an address, with or without scheme and port; "" where there is none."""
    address = address.strip()
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".")


def knows(host: str) -> bool:
    """Return whether this server is meant by a request for this host."""
    name = host_of(host)
    with suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    own = socket.gethostname().lower()
    configured = [st.get_option(each) or "" for each in ("server.address", "browser.serverAddress")]
    known = ["localhost", "*.localhost", own, f"{own}.local", *map(host_of, configured), *_given()]
    return any(fnmatchcase(name, each) for each in known if each)


def trusts(origin: str, host: str) -> bool:
    """Return whether a page of this origin may talk to this host, as which it has reached us.

    They are the same, or the origin has one of the given names, where a proxy changes the host.
    """
    return origin.partition("://")[2] == host or any(
        fnmatchcase(host_of(origin), each) for each in _given()
    )


def _given() -> list[str]:
    return list(filter(None, map(host_of, os.environ.get(HOSTS, "").split(","))))


def private() -> bool:
    """Return whether only this machine reaches the app, by the address that it listens on."""
    address = st.get_option("server.address") or "0.0.0.0"
    if address.startswith("unix:"):
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return address == "localhost"


class Hosts:
    """Refuses, in a sentence, who asks by a name that is not this server's or from another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not knows(host):
            return await _refuse(host_of(host), scope, receive, send)
        if origin is not None and not trusts(origin, host):
            return await _refuse(host_of(origin), scope, receive, send)
        if origin is not None:  # to all behind this, which would judge it anew, the page is our own
            headers = MutableHeaders(headers)
            headers["origin"] = f"http://{host}"
            scope = scope | {"headers": headers.raw}
        await self.app(scope, receive, send)


async def _refuse(name: str, scope: Scope, receive: Receive, send: Send) -> None:
    door.warn(REFUSED)
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008})  # "policy violation"
    name = name[:LONGEST] or "no name"
    page = html.render(
        "refused",
        title="This server does not know that name",
        sentence=f"Expected a name of this server, got {name}. If that is right, start the app "
        f"with {HOSTS}={name}.",
    )
    await HTMLResponse(page, 403)(scope, receive, send)
