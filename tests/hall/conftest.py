"""A Redis for rooms that several servers share, and rooms of either kind."""

import os
import shutil
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator

import pytest

from core.hall import redis_room
from core.hall.room import OwnRoom, Room, State
from tests import harness


@pytest.fixture(scope="session")
def redis(tmp_path_factory) -> Iterator[str]:
    """The URL of a real server that keeps nothing."""
    server = shutil.which("redis-server")
    if server is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
        give_up("no redis-server is installed here")
    port = harness.free_port()
    options = ["--port", f"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    folder = tmp_path_factory.mktemp("redis")
    with subprocess.Popen([server, *options], cwd=folder, stdout=subprocess.DEVNULL) as process:
        harness.eventually(lambda: answers(port), True)
        yield f"redis://127.0.0.1:{port}"
        process.terminate()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["own", "shared"])
def opened(request) -> Callable[[State], Awaitable[Room]]:
    """Opens a room in this process, or one that Redis keeps."""
    if request.param == "shared":
        url = request.getfixturevalue("redis")
        return lambda state: redis_room.connect(url, state)

    async def own(state: State) -> Room:
        return OwnRoom(state)

    return own
