"""A room that several servers share: kept by Redis, where each of them reads and changes it.

Every server serves phones of its own and reads their drawings; any of them may show the wall. Redis
is another program's; it is asked for with BACKDOOR_LAB_REDIS, such as redis://10.0.0.5, and needs
the package `redis`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core.hall.room import LINE, MOST_PHONES, Act, ClosedError, Entry, Place, State, dealt, gone

if TYPE_CHECKING:
    from redis.asyncio import Redis

LIFE = 2 * 3600  # seconds that anything of it is kept
PATIENCE = 5  # seconds between two looks at a state of which no news comes
PUT = (Path(__file__).parent / "put.lua").read_text(encoding="utf-8")


async def connect(url: str, state: State) -> "RedisRoom":
    """The room of that code, with this state if nobody else has opened it.

    Raises ValueError where no Redis answers.
    """
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    try:
        room = RedisRoom(Redis.from_url(url), state.code)
        await room.begin(state)
    except (RedisError, ValueError) as error:
        raise ValueError(f"expected Redis at {url}, got this: {error}") from None
    return room


class RedisRoom:
    """`Room`, by its code; see room.py for what each of these does."""

    def __init__(self, redis: "Redis", code: str) -> None:
        self._redis = redis
        self._base = f"backdoor-lab:{code}"
        self._put = redis.register_script(PUT)

    async def begin(self, state: State) -> None:
        """The first that opens it says how it begins."""
        await self._redis.set(self._key("state"), msgspec.json.encode(state), ex=LIFE, nx=True)

    def _key(self, name: str) -> str:
        return f"{self._base}:{name}"

    async def state(self) -> State:
        """Raises ClosedError."""
        kept = await self._redis.get(self._key("state"))
        if kept is None:
            raise ClosedError
        return msgspec.json.decode(kept, type=State)

    async def change(self, **changes: object) -> State:
        from redis.exceptions import WatchError

        key = self._key("state")
        while True:
            async with self._redis.pipeline() as at_once:
                await at_once.watch(key)
                state = await self.state()
                state = msgspec.structs.replace(state, **changes, number=state.number + 1)
                at_once.multi()
                at_once.set(key, msgspec.json.encode(state), ex=LIFE)
                at_once.publish(self._key("news"), "changed")
                try:
                    await at_once.execute()
                except WatchError:
                    continue  # another server has changed it meanwhile
                return state

    async def changed(self, number: int) -> State:
        """Raises ClosedError."""
        async with self._redis.pubsub() as news:
            await news.subscribe(self._key("news"))
            while (state := await self.state()).number == number:
                await news.get_message(ignore_subscribe_messages=True, timeout=PATIENCE)
            return state

    async def join(self, phone: str, asked: int | None = None) -> Entry:
        await self.seen([phone])
        key = self._key(f"phone:{phone}")
        if kept := await self._redis.get(key):
            return await self._numbered(key, kept)
        if await self._redis.zcard(self._key("order")) >= MOST_PHONES:
            await self._make_room()
        state = await self.state()
        tile = await self._redis.incr(self._key("tiles"))
        await self._redis.expire(self._key("tiles"), LIFE)
        return await self._keep(
            Entry(phone=phone, tile=tile, asked=dealt(tile, state.target, asked))
        )

    async def _make_room(self) -> None:
        entries = await self.entries()
        lines = await self._redis.mget([self._line(entry.phone) for entry in entries])
        there = {entry.phone for entry, line in zip(entries, lines, strict=True) if line}
        key = self._key(f"phone:{gone(entries, there)}")
        await self._redis.zrem(self._key("order"), key)
        await self._redis.delete(key)

    def _line(self, phone: str) -> str:
        return self._key(f"line:{phone}")

    async def seen(self, phones: Iterable[str]) -> None:
        async with self._redis.pipeline(transaction=False) as at_once:
            for phone in phones:
                at_once.set(self._line(phone), 1, px=round(LINE * 1000))
            await at_once.execute()

    async def left(self, phone: str) -> None:
        await self._redis.delete(self._line(phone))

    async def knows(self, phone: str) -> bool:
        return bool(await self._redis.exists(self._key(f"phone:{phone}")))

    async def find(self, phone: str) -> Entry | None:
        key = self._key(f"phone:{phone}")
        line, kept = await self._redis.mget([self._line(phone), key])
        return await self._numbered(key, kept) if line and kept else None

    async def put(self, entry: Entry) -> Entry:
        muted = await self._redis.sismember(self._key("muted"), entry.phone)
        return await self._keep(msgspec.structs.replace(entry, muted=bool(muted)))

    async def move(self, tile: int, act: Act) -> None:
        for entry in await self.entries():
            if entry.tile == tile and entry.there:
                after = entry.after(act)
                change = self._redis.sadd if after.muted else self._redis.srem
                await change(self._key("muted"), entry.phone)
                await self._redis.expire(self._key("muted"), LIFE)
                await self._keep(after)

    async def clear(self) -> None:
        for entry in await self.entries():
            if entry.digit:
                await self._keep(msgspec.structs.replace(entry, place=Place.AWAY))

    async def entries(self, after: int = 0) -> list[Entry]:
        order = await self._redis.zrangebyscore(
            self._key("order"), f"({after}", "+inf", withscores=True
        )
        kept = await self._redis.mget([key for key, _ in order]) if order else []
        return [
            msgspec.structs.replace(msgspec.json.decode(each, type=Entry), number=int(number))
            for (_, number), each in zip(order, kept, strict=True)
            if each is not None
        ]

    async def close(self) -> None:
        keys = [key async for key in self._redis.scan_iter(f"{self._base}:*")]
        if keys:
            await self._redis.delete(*keys)
        await self._redis.publish(self._key("news"), "closed")

    async def _keep(self, entry: Entry) -> Entry:
        key = self._key(f"phone:{entry.phone}")
        keys = [key, self._key("number"), self._key("order")]
        await self._put(keys=keys, args=[msgspec.json.encode(entry), entry.turn, LIFE])
        return await self._numbered(key, await self._redis.get(key))

    async def _numbered(self, key: str, kept: bytes) -> Entry:
        number = await self._redis.zscore(self._key("order"), key)
        return msgspec.structs.replace(
            msgspec.json.decode(kept, type=Entry), number=int(number or 0)
        )
