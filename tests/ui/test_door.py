"""Many people come and go, and one more than there is room for."""

import socket
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from core.ui import door
from tests import crowd, harness

PROXY = socket.create_server(("127.0.0.1", 0))  # never answers
PROXY.setblocking(False)
OFFLINE = dict.fromkeys(
    ("http_proxy", "https_proxy"), f"http://127.0.0.1:{PROXY.getsockname()[1]}"
)  # where whoever asks the internet would come by
QUICK = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "5"}  # seconds


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A server that forgets quickly who has left, and what it logs."""
    log = tmp_path_factory.mktemp("log") / "log"
    with harness.serving(env=QUICK | OFFLINE, log=log) as server:
        yield server, log


def test_thirty_people_leave_nothing_behind(house):
    server, _ = house
    with crowd.visitor(server):
        pass
    before = crowd.descriptors(server)
    assert crowd.come_and_go(server, 30) >= 90
    harness.eventually(lambda: crowd.descriptors(server) < before + 4, True)


def test_a_tab_that_lost_its_connection_finds_its_session_again(house):
    server, _ = house
    with crowd.visitor(server) as somebody:
        pass
    with crowd.visitor(server, session=somebody.session) as again:
        assert again.session == somebody.session


def test_the_page_of_another_site_is_refused_and_the_internet_is_asked_nothing(house):
    server, _ = house
    line = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused:
        connect(line, origin="http://evil.example", subprotocols=["streamlit"])
    assert refused.value.response.status_code == 403
    with connect(line, origin=server.url, subprotocols=["streamlit"]):
        pass
    with pytest.raises(BlockingIOError):
        PROXY.accept()


@pytest.mark.skipif(door.resource is None, reason="Windows has no such limit")
def test_people_beyond_the_limit_are_told_so_in_a_sentence_and_once_in_the_log(house):
    server, log = house
    process = psutil.Process(server.process.pid)
    page = Request(server.url, headers={"Accept": "text/html,*/*"})
    limits = process.rlimit(psutil.RLIMIT_NOFILE)
    with crowd.visitor(server):
        process.rlimit(psutil.RLIMIT_NOFILE, (crowd.descriptors(server) + 50, limits[1]))
        for _ in range(3):
            with pytest.raises(HTTPError) as refused:
                urlopen(page)
            assert refused.value.code == 503
            assert "Please try again in a minute" in refused.value.read().decode()
            with pytest.raises(InvalidStatus), crowd.visitor(server):
                pass
        assert urlopen(f"{server.url}/_stcore/health").status == 200
    process.rlimit(psutil.RLIMIT_NOFILE, limits)
    with urlopen(page) as answer, crowd.visitor(server):
        assert answer.status == 200
    lines = log.read_text(encoding="utf-8").splitlines()
    assert sum("server is full" in line for line in lines) == 1
    assert not any("Traceback" in line for line in lines)


@pytest.mark.skipif(door.resource is None, reason="Windows has no such limit")
def test_the_limit_is_raised_as_far_as_the_system_allows():
    program = """if True:
        import resource
        from core.ui import door
        limit = resource.RLIMIT_NOFILE
        resource.setrlimit(limit, (200, 300))
        door.raise_limit()
        print(*resource.getrlimit(limit))
    """
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=harness.ROOT, capture_output=True, text=True
    )
    assert done.stdout.split() == ["300", "300"], done.stderr


def test_the_want_of_a_descriptor_is_one_line_however_often_it_is_reported(caplog, monkeypatch):
    monkeypatch.setattr(door, "_last_warned", {})
    context = {"message": "socket.accept() out of system resource", "exception": OSError(24, "")}
    for _ in range(2048):
        door._report(None, context)
    assert len(caplog.records) == 1
