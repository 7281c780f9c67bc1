"""A hall that is pressed upon by many, or by one who means no good, obeys its speaker."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from core.hall import phones
from core.hall.hall import Change, Hall, Wanted
from tests.hall.host import in_a_room, pair
from tests.hall.phone import Phone, request, run

PAGE = "a page, of a size that no socket takes at once" * 40_000


def live(phone: Phone):
    return connect(f"ws://127.0.0.1:{phone.port}/go/{phone.code}/live?phone={phone.id}")


def test_sixty_phones_take_home_a_page_that_is_made_once_and_no_control_waits_for_a_thread():
    made, may = [], Event()

    def home() -> str:
        made.append(1)
        assert may.wait(60)
        return PAGE

    async def act():
        taken, never = ThreadPoolExecutor(1), Event()
        asyncio.get_running_loop().set_default_executor(taken)
        taken.submit(never.wait)  # of the threads that all of this process share, none is free
        hall = Hall(pair, home, first_port=0)
        await hall.open(Wanted())
        try:
            wall = await hall.wall(0)
            phone = Phone(wall["port"], wall["code"])
            path = f"/go/{wall['code']}/home"
            await hall.change(Change(revealed=True))
            assert not (await phone.state())["home"]  # nothing is offered that would be waited for
            early = await asyncio.gather(*(request(phone.port, "GET", path) for _ in range(60)))
            assert {status for status, _ in early} == {503}
            async with live(phone) as line:
                await line.recv()
                may.set()
                assert json.loads(await line.recv())["home"]
                taking = [asyncio.create_task(request(phone.port, "GET", path)) for _ in range(60)]
                await asyncio.sleep(0)
                await hall.change(Change(trigger=True))
                assert json.loads(await line.recv())["trigger"]
                assert all([await each == (200, PAGE.encode()) for each in taking])
            assert made == [1]
        finally:
            never.set()
            await hall.close()

    run(act())


@in_a_room
async def test_who_has_no_line_draws_nothing_and_takes_nobodys_place(hall, wall):
    stranger, other = (Phone(wall["port"], wall["code"]) for _ in range(2))
    status, said = await stranger.draw(3)
    assert (status, said["refused"]) == (409, "expected a phone with a line to this room")
    assert (await hall.wall(0))["joined"] == 0
    async with live(other) as line:
        asked = json.loads(await line.recv())["asked"]
        assert (await other.draw(asked))[0] == 200
    await stranger.state()  # a phone that can keep no line looks again and again
    assert (await stranger.draw(3))[0] == 200


@in_a_room
async def test_a_phone_that_made_room_for_another_is_told_and_the_others_hear_on(hall, wall):
    lost, other = (Phone(wall["port"], wall["code"]) for _ in range(2))
    async with live(lost) as line, live(other) as heard:
        await line.recv()
        await heard.recv()
        room = hall._opened.room
        del room._entries[lost.id]  # as a full room does
        await hall.change(Change(trigger=True))
        assert json.loads(await asyncio.wait_for(heard.recv(), 20))["trigger"]
        with pytest.raises(ConnectionClosed) as left:
            await asyncio.wait_for(line.recv(), 20)
        assert left.value.rcvd.code == phones.FULL


@in_a_room
async def test_after_many_wrong_codes_no_other_is_looked_at_but_who_is_in_stays_in(hall, wall):
    inside, guess = (Phone(wall["port"], wall["code"]) for _ in range(2))
    await inside.state()
    guess.code = "AAAA"
    came = [(await guess.ask("state"))[0] for _ in range(phones.GUESSES[0] + 1)]
    assert came == [404] * phones.GUESSES[0] + [429]
    guess.code = wall["code"]  # it is right, and not told from a wrong one
    assert (await guess.ask("state"))[0] == 429
    assert (await request(wall["port"], "GET", f"/go/{wall['code']}/home"))[0] == 429
    assert (await inside.draw((await inside.state())["asked"]))[0] == 200
    assert (await hall.wall(0))["joined"] == 1


@in_a_room
async def test_the_speaker_can_take_all_away_and_a_wall_hears_who_has_made_room(hall, wall):
    drawn = [Phone(wall["port"], wall["code"]) for _ in range(3)]
    for phone in drawn:
        await phone.draw((await phone.state())["asked"])
    before = await hall.wall(0)
    assert (before["tally"]["wall"], before["known"]) == (3, [1, 2, 3])
    await hall.clear()
    after = await hall.wall(before["number"])
    assert [tile["place"] for tile in after["tiles"]] == ["away"] * 3
    assert (await drawn[0].state())["place"] == "away"
