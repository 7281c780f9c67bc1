"""Which names are this server's, and whose pages may talk to it."""

import socket

import pytest
from starlette.responses import PlainTextResponse

from core.ui import hall, hosts, server
from tests.hall.phone import run

OWN = socket.gethostname().lower()


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost:8501", True),
        ("lab.localhost:8501", True),
        ("LOCALHOST.", True),
        ("127.0.0.1:8501", True),
        ("192.168.1.5:8501", True),  # only a name can be made to lead elsewhere
        ("[::1]:8501", True),
        (f"{OWN}:8501", True),
        (f"{OWN}.local", True),
        ("evil.example:8501", False),
        ("localhost.evil.example", False),
        (f"{OWN}.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("evil.example@localhost", True),  # a browser never sends that; it names localhost
        ("localhost@evil.example", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_which_hosts_are_this_server(host, ours):
    assert hosts.knows(host) is ours


@pytest.mark.parametrize(
    ("given", "host", "ours"),
    [
        ("lab.example.org", "lab.example.org:443", True),
        ("https://lab.example.org/, other.example", "other.example", True),
        ("*.example.org", "a.example.org", True),
        ("*.example.org", "example.org.evil.example", False),
        ("lab.example.org", "evil.example", False),
        (" , ", "evil.example", False),
    ],
)
def test_a_person_gives_more_names(monkeypatch, given, host, ours):
    monkeypatch.setenv(hosts.HOSTS, given)
    assert hosts.knows(host) is ours
    assert hosts.trusts(f"https://{host}", "127.0.0.1:8501") is ours


@pytest.mark.parametrize(
    ("origin", "host", "trusted"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        ("https://192.168.1.5", "192.168.1.5", True),
        ("http://localhost:3000", "localhost:8501", False),  # another program's page
        ("http://127.0.0.1:8501", "localhost:8501", False),
        ("http://192.168.1.6:8501", "192.168.1.5:8501", False),
        ("http://evil.example", "localhost:8501", False),
        ("http://localhost:8501@evil.example", "localhost:8501", False),
        ("null", "localhost:8501", False),
        ("null", "null", False),
        ("", "localhost:8501", False),
        ("http://[", "localhost:8501", False),
    ],
)
def test_which_pages_may_talk_to_it(origin, host, trusted):
    assert hosts.trusts(origin, host) is trusted


def asked(kind: str, path: str = "/", **headers: str) -> tuple[list[dict], dict | None]:
    """What a request is answered, and what comes through to the app behind, if it does."""
    said, seen = [], None

    async def app(scope, receive, send):
        nonlocal seen
        seen = dict(scope["headers"])
        await PlainTextResponse("here")(scope | {"type": "http"}, receive, send)

    async def send(message):
        said.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "method": "GET", "headers": raw}
    run(hosts.Hosts(app)(scope, None, send))
    return said, seen


def test_the_page_of_another_site_is_refused_before_the_app_hears_of_it():
    said, seen = asked("websocket", host="localhost:8501", origin="http://evil.example")
    assert (said, seen) == ([{"type": "websocket.close", "code": 1008}], None)
    said, seen = asked("http", host="localhost:8501", origin="http://evil.example")
    assert (said[0]["status"], seen) == (403, None)


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_name_that_leads_here_from_elsewhere_is_refused(kind):
    origin = "http://evil.example:8501"
    _, seen = asked(kind, host="evil.example:8501", origin=origin)
    assert seen is None


def test_the_refusal_says_what_to_set_and_shows_names_as_text():
    said, _ = asked("http", host="<b>lab.example.org")
    assert f"{hosts.HOSTS}=&lt;b&gt;lab.example.org" in said[1]["body"].decode()


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_behind_a_proxy_that_changes_the_host_its_page_counts_as_our_own(monkeypatch, kind):
    monkeypatch.setenv(hosts.HOSTS, "lab.example.org")
    _, seen = asked(kind, host="127.0.0.1:8501", origin="https://lab.example.org")
    assert seen[b"origin"] == b"http://127.0.0.1:8501"


def test_who_is_no_browser_says_no_origin():
    _, seen = asked("websocket", host="127.0.0.1:8501")
    assert seen == {b"host": b"127.0.0.1:8501"}


def test_phones_come_by_any_name_as_on_a_port_of_their_own():
    order = [each.cls for each in server.MIDDLEWARE]
    assert order.index(hall.Go) < order.index(hosts.Hosts)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("unix:///run/lab.sock", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        (None, False),  # Streamlit then listens on all
    ],
)
def test_whom_the_address_lets_in(monkeypatch, address, private):
    monkeypatch.setattr(hosts.st, "get_option", {"server.address": address}.get)
    assert hosts.private() is private
