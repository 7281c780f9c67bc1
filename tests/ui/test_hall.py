"""The hall beside the app: where it is found, and that nothing keeps its speaker waiting."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import streamlit as st
from starlette.applications import Starlette

from core.hall.presenter import KEY
from core.hall.server import Port
from core.ui import hall
from tests.hall.phone import Phone, request, run


@pytest.fixture(autouse=True)
def presenter(monkeypatch):
    """One of the test's own, whose page to take home asks no worker."""
    monkeypatch.setattr(hall, "_page_to_take", lambda: "a page")
    hall._made.cache_clear()
    yield
    hall._made.cache_clear()


def test_on_the_apps_port_below_a_path_all_is_found_though_every_thread_is_taken(monkeypatch):
    monkeypatch.setenv(hall.PORT, hall.APPS)
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/lab/"}.get)
    app = hall.Go(Starlette(routes=hall.ROUTES))

    async def act():
        taken, never = ThreadPoolExecutor(1), Event()
        asyncio.get_running_loop().set_default_executor(taken)
        taken.submit(never.wait)
        port = Port(app, 0, "127.0.0.1")

        async def ask(method: str, path: str, body: bytes = b""):
            key = {KEY: hall.presenter().key}
            status, said = await request(port.number, method, path, key, body)
            return status, said

        try:
            assert (await ask("GET", "/lab/go/AAAA"))[0] == 404
            _, said = await ask("POST", "/lab/hall/open", b"{}")
            code = json.loads(said)["code"]
            where = "/lab/hall/invitation?app=https%3A%2F%2Fdemo.example%2Flab%2F"
            _, said = await ask("GET", where)
            assert json.loads(said)["url"] == f"https://demo.example/lab/go/{code}"
            assert (await ask("GET", f"/lab/go/{code}"))[0] == 200
            assert (await ask("GET", f"/go/{code}"))[0] == 404
            phone = Phone(port.number, code, base="/lab")
            assert (await phone.draw((await phone.state())["asked"]))[1]["place"] == "wall"
            assert (await ask("POST", "/lab/hall/close", b"null"))[0] == 200
        finally:
            never.set()
            await port.close()

    run(act())


@pytest.mark.parametrize("word", ["70000", "-1", "eighty"])
def test_a_port_that_is_none_is_said_to_who_opens_the_room(word, monkeypatch):
    monkeypatch.setenv(hall.PORT, word)
    app = Starlette(routes=hall.ROUTES)

    async def act():
        port = Port(app, 0, "127.0.0.1")
        key = {KEY: hall.presenter().key}
        status, said = await request(port.number, "POST", "/hall/open", key, b"{}")
        assert status == 409
        assert json.loads(said)["refused"] == f"expected a port from 0 to 65535, got '{word}'"
        await port.close()

    run(act())
