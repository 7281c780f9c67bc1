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

CANVAS = "streamlit-drawable-canvas.streamlit_drawable_canvas"
ANSWER = "backdoor_lab_draw"


class Visitor:
    """Somebody who has opened a page and sees it."""

    def __init__(self, line: ClientConnection, query: str) -> None:
        self.line = line
        self.places: dict[str, tuple[str, str]] = {}  # id and fragment of a component, by its name
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
                self.places[component.component_name] = component.id, message.delta.fragment_id
            if kind == "script_finished":
                break

    def draw(self, digit: int) -> None:
        """Tells the server of a drawing, as the canvas does: its strokes and its picture."""
        self.sent = time.perf_counter()
        self._tell(CANVAS, drawing(digit))

    def answered(self, seconds: float) -> float | None:
        """Waits for the answer to the last drawing: how long it took, in seconds, or None."""
        return time.perf_counter() - self.sent if self._shown(ANSWER, seconds) else None

    def go_live(self) -> None:
        """Says that the models have come and answer here, as the Draw page does."""
        self._tell(ANSWER, json.dumps({"live": True}))
        assert self._shown(CANVAS, 60)

    def _tell(self, component: str, value: str) -> None:
        tell, (id, fragment) = BackMsg(), self.places[component]
        tell.rerun_script.fragment_id = fragment
        state = tell.rerun_script.widget_states.widgets.add()
        state.id, state.json_value = id, value
        self.line.send(tell.SerializeToString())

    def _shown(self, component: str, seconds: float) -> bool:
        """Waits until the server shows a component anew; whether it does within this time."""
        try:
            while True:
                message = ForwardMsg.FromString(self.line.recv(timeout=seconds))
                if message.delta.new_element.bidi_component.component_name == component:
                    return True
        except TimeoutError:
            return False


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
