"""Visitors without a browser: each asks for the page and talks to the server as the page does."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.request import urlopen

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.harness import Server


class Visitor:
    """Somebody who has opened a page and sees it."""

    def __init__(self, line: ClientConnection, query: str) -> None:
        self.line = line
        ask = BackMsg()
        ask.rerun_script.query_string = query
        line.send(ask.SerializeToString())
        while True:
            message = ForwardMsg.FromString(line.recv(timeout=60))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            if kind == "script_finished":
                break


@contextmanager
def visitor(server: Server, query: str = "", session: str = "") -> Iterator[Visitor]:
    """Opens the Draw page, in a session that was left if one is named, and goes again."""
    with urlopen(f"{server.url}/{query}", timeout=60) as answer:
        answer.read()
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    names = ["streamlit", "no-token", session] if session else ["streamlit"]
    with connect(address, subprotocols=names, max_size=None, open_timeout=60) as line:
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
