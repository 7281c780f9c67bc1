"""Brings a page back to life when its server was restarted.

A browser that finds its server again does not ask for the page if nothing had changed, and a
fragment of the old server is unknown to the new one, so every click would fall flat. This
component, outside of all fragments, asks for the page.
"""

import time

from core.ui import web

SERVER = str(time.time_ns())  # tells this start of the server from others

_reconnect = web.component("reconnect")


def watch() -> None:
    """Belongs at the end of the frame."""
    _reconnect(key="reconnect", data={"server": SERVER}, on_found_change=lambda: None, height=1)
