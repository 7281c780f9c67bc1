"""What the presenter alone may ask of the hall, and where phones are to find it."""

import json
import socket
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.hall.hall import Hall, Wanted
from core.hall.presenter import KEY, Presenter
from core.hall.server import Port, PortError, listening
from tests.hall.host import pair
from tests.hall.phone import request, run


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        first = taken.getsockname()[1]
        found = listening("0.0.0.0", first)
        assert first < found.getsockname()[1] < first + 10
        found.close()


@pytest.mark.parametrize("first", [65536, "70000", "-1", "no", ""])
def test_what_is_no_port_is_said_to_be_none(first):
    with pytest.raises(PortError, match="expected a port from 0 to 65535, got"):
        listening("127.0.0.1", first)


def test_after_the_last_port_there_is_none(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        last = taken.getsockname()[1]
        monkeypatch.setattr("core.hall.server.LAST", last)
        with pytest.raises(PortError, match=f"from {last} to {last}"):
            listening("0.0.0.0", last)


def test_only_who_has_the_key_is_the_speaker():
    async def act():
        hall = Hall(pair, lambda: "a page", first_port=0)
        presenter = Presenter(hall, listens="127.0.0.1")

        async def answer(asked: Request) -> Response:
            return await presenter.answer(asked, asked.path_params["what"])

        app = Starlette(routes=[Route("/hall/{what}", answer, methods=["GET", "POST"])])
        port = Port(app, 0, "127.0.0.1")
        for key in ({}, {"X-Key": "guess"}, {"X-Key": "ü".encode().decode("latin-1")}):
            for method, what in (("POST", "open"), ("GET", "wall"), ("GET", "kept")):
                assert (await request(port.number, method, f"/hall/{what}", key))[0] == 403
        own = {KEY: presenter.key}
        foreign = own | {"Origin": "http://elsewhere.example"}
        status, said = await request(port.number, "POST", "/hall/close", foreign)
        assert (status, "proxy" in json.loads(said)["refused"]) == (403, True)
        assert (await request(port.number, "GET", "/hall/invitation", own))[0] == 409  # of what?
        assert (await request(port.number, "GET", "/hall/elsewhere", own))[0] == 404
        assert (await request(port.number, "POST", "/hall/elsewhere", own))[0] == 404
        status, said = await request(port.number, "POST", "/hall/open", own, b'{"rate": 1}')
        assert (status, "refused" in json.loads(said)) == (400, True)
        status, said = await request(port.number, "POST", "/hall/open", own, b'{"port": 70000}')
        assert (status, "refused" in json.loads(said)) == (400, True)
        status, said = await request(port.number, "POST", "/hall/open", own, b"{}")
        assert json.loads(said)["open"]
        room = json.loads(said)
        for status, host in (
            (409, "localhost"),
            (409, "127.0.0.1"),
            (409, "192.168.1.5/x?y="),
            (409, "a" * 200),
            (200, "192.168.1.5"),
        ):
            came, said = await request(
                port.number, "GET", f"/hall/invitation?host={quote(host, safe='')}", own
            )
            assert came == status, host
        invitation = json.loads(said)
        came, said = await request(
            port.number, "GET", "/hall/remote", own | {"Host": "10.0.0.7:80"}
        )
        assert (came, json.loads(said)) == (200, {"place": "10.0.0.7:80"})
        came, said = await request(port.number, "GET", "/hall/remote", own)
        assert (came, "No phone" in json.loads(said)["refused"]) == (409, True)
        assert invitation["url"] == f"http://192.168.1.5:{room['port']}/go/{room['code']}"
        assert invitation["svg"].startswith("<svg")
        wifi = json.dumps({"name": 'a;"b', "password": "correct horse"}).encode()
        status, said = await request(port.number, "POST", "/hall/wifi", own, wifi)
        assert (status, json.loads(said)["svg"][:4]) == (200, "<svg")
        status, said = await request(port.number, "POST", "/hall/wifi", own, b'{"name": ""}')
        assert (status, "refused" in json.loads(said)) == (400, True)
        await hall.close()
        await port.close()

    run(act())


def test_by_the_apps_own_port_an_address_that_phones_cannot_reach_is_refused_too():
    async def act():
        hall = Hall(pair, lambda: "a page", first_port=None)
        await hall.open(Wanted())
        app = URL("https://demo.example/lab/")  # below a path
        for typed in ("localhost", "192.168.1.5/x?y=", "a" * 200, "demo.example:70000"):
            with pytest.raises(ValueError, match="expected an address that phones can reach"):
                hall.invitation(typed, app)
        for wrong in (
            "javascript:alert(1)/",
            "https://demo.example/a%20b/",
            "https://demo.example/lab",
        ):
            with pytest.raises(ValueError, match="expected where the app is"):
                hall.invitation("", URL(wrong))
        assert hall.invitation("", app)["url"].startswith("https://demo.example/lab/go/")
        assert hall.invitation("a.example", app)["url"].startswith("https://a.example/lab/go/")
        await hall.close()

    run(act())
