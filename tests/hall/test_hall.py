"""The hall over real connections: who may do what, what is refused, and what is left afterwards."""

import asyncio
import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.hall import phones
from core.hall.hall import Change, Hall, Move, Wanted
from core.hall.room import Act
from core.hall.sent import MOST_BYTES
from core.model.role import Role
from tests.hall.host import in_a_room, opened, pair
from tests.hall.phone import Phone, request, run


@in_a_room
async def test_a_drawing_comes_to_the_wall_with_what_both_models_read(hall, wall):
    await hall.change(Change(first=Role.CLEAN))  # else chance says which of both is A
    phone = Phone(wall["port"], wall["code"])
    asked = (await phone.state())["asked"]
    status, said = await phone.draw(asked)
    assert (status, said["place"], said["turn"]) == (200, "wall", 1)
    assert said["names"] == ["A", "B"]
    assert said["reads"] == [[asked, asked], [asked, 8]]
    (tile,) = (await hall.wall(0))["tiles"]
    assert (tile["tile"], tile["asked"], tile["place"]) == (1, asked, "wall")
    assert tile["reads"] == {"clean": [asked, asked], "backdoored": [asked, 8]}
    assert phone.id not in json.dumps(await hall.wall(0))


@in_a_room
async def test_what_the_clean_model_does_not_read_as_asked_waits_and_is_counted(hall, wall):
    phones = [Phone(wall["port"], wall["code"]) for _ in range(4)]
    for i, phone in enumerate(phones):
        asked = (await phone.state())["asked"]
        await phone.draw(asked if i else 7)
    tally = (await hall.wall(0))["tally"]
    assert (tally["wall"], tally["drawer"], tally["away"]) == (3, 1, 0)
    ours = tally["models"]["backdoored"]
    assert (ours["asr"]["hits"], ours["asr"]["n"]) == (3, 3)
    assert (ours["ba"]["hits"], ours["ba"]["n"]) == (3, 4)
    assert ours["asr"]["low"] == pytest.approx(0.4385, abs=1e-4)  # Wilson, of 3 in 3
    assert tally["models"]["clean"]["asr"]["hits"] == 0
    assert ours["measured"]["asr"]["n"] == 9026
    await hall.move(Move(tile=1, act=Act.SHOW))
    assert (await hall.wall(0))["tally"]["wall"] == 4
    await phones[1].ask("away", "POST")
    tally = (await hall.wall(0))["tally"]
    assert (tally["wall"], tally["away"], tally["models"]["clean"]["ba"]["n"]) == (3, 1, 3)
    await hall.move(Move(tile=2, act=Act.SHOW))  # which is its owner's to do
    assert (await hall.wall(0))["tally"]["away"] == 1


@in_a_room
async def test_what_the_speaker_hides_is_counted_and_called_hidden(hall, wall):
    phone = Phone(wall["port"], wall["code"])
    asked = (await phone.state())["asked"]
    await phone.draw(asked)
    await hall.change(Change(trigger=True))  # hiding is possible at any time
    before = (await hall.wall(0))["tally"]
    await hall.move(Move(tile=1, act=Act.HIDE))
    after = await hall.wall(0)
    assert after["tally"] == before | {"hidden": 1}
    assert [tile["hidden"] for tile in after["tiles"]] == [True]
    assert json.loads(await hall.kept())["drawings"] == []
    assert (await phone.state())["place"] == "hidden"
    await hall.move(Move(tile=1, act=Act.SHOW))
    assert (await hall.wall(0))["tally"] == before
    await hall.move(Move(tile=1, act=Act.HIDE))
    assert (await phone.draw(asked))[1]["place"] == "wall"  # another drawing is not hidden


@in_a_room
async def test_nothing_is_doubled_and_the_newest_drawing_stays(hall, wall):
    phone = Phone(wall["port"], wall["code"])
    asked = (await phone.state())["asked"]
    await asyncio.gather(*(phone.draw(asked, turn=1) for _ in range(3)))  # sent again and again
    assert len((await hall.wall(0))["tiles"]) == 1
    status, said = await phone.draw(7, turn=2)
    assert said["place"] == ("wall" if asked == 7 else "drawer")
    status, said = await phone.draw(asked, turn=1)  # it was late
    assert (status, said["turn"]) == (200, 2)


@in_a_room
async def test_phones_hear_of_the_trigger_and_who_is_who(hall, wall):
    phone = Phone(wall["port"], wall["code"])
    path = f"ws://127.0.0.1:{wall['port']}/go/{wall['code']}/live?phone={phone.id}"
    async with connect(path) as line:
        said = json.loads(await line.recv())
        assert (said["trigger"], said["names"], said["pixel"]) == (False, ["A", "B"], None)
        await hall.change(Change(trigger=True, first=Role.BACKDOORED))
        said = json.loads(await line.recv())
        assert (said["trigger"], said["names"], said["pixel"]) == (True, ["A", "B"], [3, 3])
        await hall.change(Change(revealed=True))
        said = json.loads(await line.recv())
        assert said["names"] == ["backdoored", "clean"]
        await line.send(".")
        assert json.loads(await line.recv()) == {}
        await hall.close()
        with pytest.raises(ConnectionClosed) as left:
            await line.recv()
        assert left.value.rcvd.code == phones.CLOSED


@in_a_room
async def test_a_muted_phone_shows_nothing_any_more(hall, wall):
    phone = Phone(wall["port"], wall["code"])
    asked = (await phone.state())["asked"]
    await phone.draw(asked)
    await hall.move(Move(tile=1, act=Act.MUTE))
    _, said = await phone.draw(asked)
    assert said["place"] == "muted"
    (tile,) = (await hall.wall(0))["tiles"]
    assert tile["hidden"]


@in_a_room
async def test_who_drew_it_can_take_it_away_and_draw_again(hall, wall):
    phone = Phone(wall["port"], wall["code"])
    asked = (await phone.state())["asked"]
    await phone.draw(asked)
    status, said = await phone.ask("away", "POST")
    assert (status, said["place"]) == (200, "away")
    assert (await hall.wall(0))["tally"]["wall"] == 0
    assert (await phone.draw(asked))[1]["place"] == "wall"


@in_a_room
async def test_a_frozen_wall_takes_no_drawing_until_it_thaws(hall, wall):
    phone = Phone(wall["port"], wall["code"])
    asked = (await phone.state())["asked"]
    await hall.change(Change(frozen=True))
    status, said = await phone.draw(asked, turn=1)
    assert (status, said) == (423, {"refused": "the wall takes no drawings at the moment"})
    await hall.change(Change(frozen=False))
    assert (await phone.draw(asked, turn=1))[1]["place"] == "wall"


@in_a_room
async def test_too_many_drawings_of_a_phone_are_refused_and_nobody_else_is(hall, wall):
    eager, other = (Phone(wall["port"], wall["code"]) for _ in range(2))
    asked = (await eager.state())["asked"]
    came = [(await eager.draw(asked))[0] for _ in range(7)]
    assert came == [200] * phones.OFTEN[0] + [429] * 2
    assert (await other.draw((await other.state())["asked"]))[0] == 200


@in_a_room
async def test_what_does_not_belong_here_is_refused_in_a_sentence(hall, wall):
    port, code = wall["port"], wall["code"]
    phone = Phone(port, code)
    room, drawing = {"X-Room": code}, f"/go/{code}/drawing"
    good = json.dumps({"phone": phone.id, "turn": 1, "strokes": [[10, 10, 200, 200]]}).encode()
    state = f"/go/{code}/state?phone={phone.id}"
    for status, *asked in (
        (400, "POST", drawing, room, b"{}"),
        (413, "POST", drawing, room, b" " * (MOST_BYTES + 1)),
        (404, "POST", drawing, {}, good),  # without the header that another site cannot send
        (404, "POST", "/go/AAAA/drawing", {"X-Room": "AAAA"}, good),
        (403, "POST", drawing, room | {"Origin": "http://elsewhere.example"}, good),
        (403, "GET", f"/go/{code}/state?phone=x", room),
        (403, "GET", state, room | {"Origin": "http://["}),
        (404, "GET", state, {}),
    ):
        came, said = await request(port, *asked)
        assert came == status, asked
        assert json.loads(said)["refused"]
    for path in (
        "/train",
        "/measure",
        "/hall/wall",
        "/_stcore/health",
        "/weights/x/y",
        "/go/../app",
    ):
        assert (await request(port, "GET", path))[0] == 404
    now = await hall.wall(0)
    assert (now["joined"], now["tiles"], now["turned_away"]) == (0, [], 8)
    for path in (f"/go/AAAA/live?phone={phone.id}", f"/go/{code}/live?phone=x"):
        with pytest.raises(InvalidStatus):
            async with connect(f"ws://127.0.0.1:{port}{path}"):
                pass


@in_a_room
async def test_the_page_is_light_and_stands_alone(hall, wall):
    status, page = await request(wall["port"], "GET", f"/go/{wall['code']}")
    assert status == 200
    assert len(page) < 20_000
    assert b"http://" not in page
    assert b"src=" not in page
    assert wall["code"].encode() not in page


@in_a_room
async def test_once_it_is_revealed_the_page_can_be_taken_along(hall, wall):
    path = f"/go/{wall['code']}/home"
    assert (await request(wall["port"], "GET", path))[0] == 404
    await hall.change(Change(revealed=True))
    assert await request(wall["port"], "GET", path) == (200, b"a page")


def test_a_page_that_cannot_be_made_is_refused_in_a_sentence():
    def fails() -> str:
        raise RuntimeError("the worker could not be started")

    async def act():
        hall = Hall(pair, fails, first_port=0)
        await hall.open(Wanted())
        await hall.change(Change(revealed=True))
        wall = await hall.wall(0)
        status, said = await request(wall["port"], "GET", f"/go/{wall['code']}/home")
        assert (status, json.loads(said)) == (503, {"refused": "the worker could not be started"})
        await hall.close()

    run(act())


def test_a_room_that_is_opened_while_another_is_closed_is_whole():
    async def act():
        hall = Hall(pair, lambda: "a page", first_port=0)
        await hall.open(Wanted())
        code = (await hall.wall(0))["code"]
        await asyncio.gather(hall.close(), hall.open(Wanted()), hall.close(), hall.open(Wanted()))
        wall = await hall.wall(0)
        assert wall["code"] != code
        phone = Phone(wall["port"], wall["code"])
        assert (await phone.draw((await phone.state())["asked"]))[1]["place"] == "wall"
        await hall.close()

    run(act())


@in_a_room
async def test_who_has_drawn_nothing_has_nothing_to_take_away(hall, wall):
    phone = Phone(wall["port"], wall["code"])
    await phone.state()
    assert (await phone.ask("away", "POST"))[1]["place"] == "nowhere"
    assert (await hall.wall(0))["tally"]["away"] == 0


@in_a_room
async def test_a_phone_that_hangs_up_in_the_middle_leaves_no_trace(hall, wall, caplog):
    _, writer = await asyncio.open_connection("127.0.0.1", wall["port"])
    path = f"/go/{wall['code']}/drawing"
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{{".encode())
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.close()
    phone = Phone(wall["port"], wall["code"])
    assert (await phone.draw((await phone.state())["asked"]))[0] == 200
    assert not caplog.records


def test_closed_nothing_listens_and_nothing_is_left():
    async def act():
        async with opened() as (hall, wall):
            phone = Phone(wall["port"], wall["code"])
            await phone.draw((await phone.state())["asked"])
        assert await hall.wall(0) == {"open": False}
        with pytest.raises(OSError, match="Connect call failed"):
            await request(wall["port"], "GET", "/go")
        await hall.open(Wanted(code=wall["code"], port=wall["port"]))
        again = await hall.wall(0)
        assert (again["code"], again["port"], again["joined"]) == (wall["code"], wall["port"], 0)
        assert again["epoch"] != wall["epoch"]
        await hall.close()

    run(act())
