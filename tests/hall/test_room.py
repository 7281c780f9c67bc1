"""A room: deals evenly, keeps the newest drawing of a phone, and tells of every change.

Each of these is asked of both kinds: the one in this process, and the one that Redis keeps.
"""

import asyncio
from collections import Counter

import msgspec
import pytest

from core.hall.room import Act, FullError, Place, new_state
from tests.hall.phone import run


def test_digits_are_dealt_evenly_and_the_target_to_nobody(opened):
    async def deal():
        room = await opened(new_state(8))
        return [(await room.join(f"{i:016}")).asked for i in range(180)]

    counts = Counter(run(deal()))
    assert counts == dict.fromkeys([0, 1, 2, 3, 4, 5, 6, 7, 9], 20)


def test_who_comes_back_keeps_the_digit_and_the_tile(opened):
    async def twice():
        room = await opened(new_state(8))
        first, other, again = [await room.join(name) for name in ("a" * 16, "b" * 16, "a" * 16)]
        anew = await opened(new_state(8))  # the server has started anew
        return first, other, again, await anew.join("b" * 16, other.asked)

    first, other, again, later = run(twice())
    assert again == first != other
    assert (later.tile, later.asked) == (1, other.asked)


def test_a_digit_that_nobody_is_dealt_cannot_be_claimed(opened):
    async def claim():
        return await (await opened(new_state(8))).join("a" * 16, 8)

    assert run(claim()).asked == 0


def test_of_two_drawings_of_a_phone_the_later_stays_whichever_comes_last(opened):
    async def put():
        room = await opened(new_state(8))
        entry = await room.join("a" * 16)
        late = msgspec.structs.replace(entry, turn=2, place=Place.WALL)
        await room.put(late)
        return await room.put(msgspec.structs.replace(entry, turn=1)), await room.entries()

    kept, entries = run(put())
    assert [each.turn for each in entries] == [kept.turn] == [2]


def test_who_is_muted_stays_so(opened):
    async def mute():
        room = await opened(new_state(8))
        entry = await room.join("a" * 16)
        drawn = msgspec.structs.replace(entry, turn=1, digit=bytes(784), place=Place.WALL)
        await room.put(drawn)
        await room.move(entry.tile, Act.MUTE)
        muted = await room.put(msgspec.structs.replace(drawn, turn=2))
        await room.move(entry.tile, Act.SHOW)
        return muted, (await room.entries())[0]

    muted, back = run(mute())
    assert muted.muted
    assert (back.muted, back.place) == (False, Place.WALL)


def test_only_what_has_changed_is_told(opened):
    async def change():
        room = await opened(new_state(8))
        entries = [await room.join(f"{i:016}") for i in range(3)]
        before = entries[-1].number
        await room.put(msgspec.structs.replace(entries[0], turn=1))
        return await room.entries(before)

    (changed,) = run(change())
    assert (changed.tile, changed.turn) == (1, 1)


def test_who_waits_hears_of_a_change(opened):
    async def wait():
        room = await opened(new_state(8))
        waiting = asyncio.create_task(room.changed(0))
        await asyncio.sleep(0)
        await room.change(trigger=True)
        return await asyncio.wait_for(waiting, 5)

    assert run(wait()).trigger


def test_in_a_full_room_who_has_no_line_makes_room_and_nobody_else(opened, monkeypatch):
    most = 9
    for module in ("room", "redis_room"):
        monkeypatch.setattr(f"core.hall.{module}.MOST_PHONES", most)

    async def fill():
        room = await opened(new_state(8))
        for i in range(most):
            entry = await room.join(f"{i:016}")
            if i != 7:
                await room.put(msgspec.structs.replace(entry, turn=1, digit=bytes(784)))
        with pytest.raises(FullError):  # who has drawn nothing yet is there, too
            await room.join("z" * 16)
        for i in (5, 6, 7):
            await room.left(f"{i:016}")
        await room.seen([f"{6:016}"])  # it is back
        assert (await room.join("z" * 16)).tile == most + 1
        assert f"{7:016}" not in phones(await room.entries())  # who drew nothing goes first
        await room.join("y" * 16)
        assert f"{5:016}" not in phones(await room.entries())
        with pytest.raises(FullError):
            await room.join("x" * 16)

    run(fill())


def phones(entries):
    return {entry.phone for entry in entries}


def test_who_was_not_seen_for_long_is_not_there(opened, monkeypatch):
    for module in ("room", "redis_room"):
        monkeypatch.setattr(f"core.hall.{module}.LINE", 0.01)

    async def wait():
        room = await opened(new_state(8))
        entry = await room.join("a" * 16)
        await asyncio.sleep(0.05)
        assert await room.find("a" * 16) is None
        assert await room.knows("a" * 16)
        monkeypatch.undo()
        await room.seen(["a" * 16, "b" * 16])
        assert await room.find("a" * 16) == entry
        assert await room.find("b" * 16) is None  # it has never joined
        assert not await room.knows("b" * 16)

    run(wait())


def test_all_can_be_taken_away(opened):
    async def clear():
        room = await opened(new_state(8))
        drawn, mute, _ = [await room.join(name * 16) for name in "abc"]
        for entry in (drawn, mute):
            shown = msgspec.structs.replace(entry, turn=1, digit=bytes(784), place=Place.WALL)
            await room.put(shown)
        await room.move(mute.tile, Act.MUTE)
        await room.clear()
        return {entry.tile: entry.standing for entry in await room.entries()}

    assert run(clear()) == {1: "away", 2: "muted", 3: "nowhere"}


def test_a_code_is_of_four_letters_that_cannot_be_taken_for_digits():
    codes = {new_state(8).code for _ in range(50)}
    assert len(codes) > 40
    assert all(len(code) == 4 and not set(code) & set("IO01") for code in codes)
    assert new_state(8, "WALZ").code == "WALZ"
