"""Visitors without a browser: each asks for the page and talks to the server as the page does."""

import base64
import io
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from urllib.request import urlopen

import numpy as np
import psutil
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from core.digits.samples import sample
from tests.harness import Server


class Visitor:
    """Somebody who has opened a page and sees it."""

    def __init__(self, line: ClientConnection, query: str) -> None:
        self.line = line
        self.canvas = self.fragment = ""  # the pad's, once it is there
        self.sent = 0.0
        ask = BackMsg()
        ask.rerun_script.query_string = query
        line.send(ask.SerializeToString())
        while True:
            message = ForwardMsg.FromString(line.recv(timeout=60))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            if kind == "delta":
                component = message.delta.new_element.bidi_component
                if "drawable" in component.component_name:
                    self.canvas, self.fragment = component.id, message.delta.fragment_id
            if kind == "script_finished":
                break

    def draw(self, digit: int) -> None:
        """Tells the server of a drawing, as the canvas does: its strokes and its picture."""
        tell = BackMsg()
        tell.rerun_script.fragment_id = self.fragment
        state = tell.rerun_script.widget_states.widgets.add()
        state.id, state.json_value = self.canvas, drawing(digit)
        self.sent = time.perf_counter()
        self.line.send(tell.SerializeToString())

    def answered(self, seconds: float) -> float | None:
        """Waits until the last drawing is answered: how long it took, in seconds, or None."""
        try:
            while True:
                message = ForwardMsg.FromString(self.line.recv(timeout=seconds))
                if message.WhichOneof("type") == "script_finished":
                    return time.perf_counter() - self.sent
        except TimeoutError:
            return None


@cache
def drawing(digit: int) -> str:
    """A sample digit as streamlit-drawable-canvas sends it."""
    ink, file = sample(digit).ink(), io.BytesIO()
    Image.fromarray(np.dstack([ink, ink, ink, np.full_like(ink, 255)])).save(file, "PNG")
    url = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    objects = [{"type": "Path", "path": stroke} for stroke in sample(digit).strokes]
    return json.dumps({"drawing": {"raw": {"objects": objects}, "data": url}})


@contextmanager
def visitor(server: Server, query: str = "", session: str = "") -> Iterator[Visitor]:
    """Opens the Draw page, in a session that was left if one is named, and goes again."""
    with urlopen(f"{server.url}/{query}", timeout=60) as answer:
        answer.read()
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    names = ["streamlit", "no-token", session] if session else ["streamlit"]
    with connect(
        address, subprotocols=names, max_size=None, ping_interval=None, close_timeout=1
    ) as line:
        yield Visitor(line, query)


def come_and_go(server: Server, people: int, query: str = "") -> int:
    """So many are there at the same time, and leave; how many descriptors they took."""
    before = descriptors(server)
    with ExitStack() as here:
        for _ in range(people):
            here.enter_context(visitor(server, query))
        return descriptors(server) - before


def descriptors(server: Server) -> int:
    return psutil.Process(server.process.pid).num_fds()


def memory(server: Server) -> float:
    """What the server holds, in MB."""
    return psutil.Process(server.process.pid).memory_info().rss / 2**20
