"""A room that two servers share, by a real Redis."""

import asyncio
import json
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from core.hall import phones
from core.hall.hall import Change, Hall, Move, Wanted
from core.hall.room import Act
from tests import harness
from tests.hall.host import pair
from tests.hall.phone import Phone, run


def server(redis: str) -> Hall:
    return Hall(pair, lambda: "a page", first_port=0, shared=redis)


async def until(look, wanted, seconds: float = 10):
    end = time.monotonic() + seconds
    while (found := await look()) != wanted and time.monotonic() < end:
        await asyncio.sleep(0.02)
    assert found == wanted


def test_two_servers_share_a_room(redis):
    async def act():
        one, two = server(redis), server(redis)
        await one.open(Wanted())
        first = await one.wall(0)
        await two.open(Wanted(code=first["code"]))
        second = await two.wall(0)
        assert second["epoch"] == first["epoch"]
        assert second["port"] != first["port"]
        here, there = (Phone(each["port"], first["code"]) for each in (first, second))
        asked = [(await phone.state())["asked"] for phone in (here, there)]
        assert len(set(asked)) == 2  # dealt by one and the other
        assert (await here.draw(asked[0]))[1]["place"] == "wall"
        path = f"ws://127.0.0.1:{second['port']}/go/{first['code']}/live?phone={there.id}"
        async with connect(path) as line:
            await line.recv()
            await there.draw(asked[1])
            assert [tile["tile"] for tile in (await one.wall(0))["tiles"]] == [1, 2]
            await one.change(Change(trigger=True))
            assert json.loads(await asyncio.wait_for(line.recv(), 10))["trigger"]
            await one.move(Move(tile=2, act=Act.MUTE))
            assert json.loads(await asyncio.wait_for(line.recv(), 10))["place"] == "muted"
            await one.close()
            with pytest.raises(ConnectionClosed) as left:
                await asyncio.wait_for(line.recv(), 10)
            assert left.value.rcvd.code == phones.CLOSED
        await until(lambda: two.wall(0), {"open": False})

    run(act())


def test_a_server_that_stops_leaves_the_room_to_the_others(redis):
    async def act():
        one, two = server(redis), server(redis)
        await one.open(Wanted())
        code = (await one.wall(0))["code"]
        await two.open(Wanted(code=code))
        phone = Phone((await one.wall(0))["port"], code)
        await phone.draw((await phone.state())["asked"])
        await one.close(over=False)
        phone.port = (await two.wall(0))["port"]
        assert (await phone.state())["place"] == "wall"
        await two.close()

    run(act())


def test_without_redis_it_is_said():
    async def act():
        with pytest.raises(ValueError, match="expected Redis at redis://127"):
            await server(f"redis://127.0.0.1:{harness.free_port()}").open(Wanted())

    run(act())
