"""A hall with a room that is open, for tests over real connections."""

from contextlib import asynccontextmanager

from core.hall.hall import Hall, Wanted
from core.model.role import Pair
from core.runs import ladder
from tests.hall.phone import run


def pair() -> Pair:
    models = ladder.load()
    return Pair(models.clean, models.rungs[1.0])


@asynccontextmanager
async def opened():
    hall = Hall(pair, lambda: "a page", first_port=0)
    await hall.open(Wanted())
    try:
        yield hall, await hall.wall(0)
    finally:
        await hall.close()


def in_a_room(test):
    """Runs an asynchronous test with a hall and what its wall says of the open room."""

    async def act(*fixtures):
        async with opened() as (hall, wall):
            await test(hall, wall, *fixtures)

    if "caplog" in test.__code__.co_varnames:
        return lambda caplog: run(act(caplog))
    return lambda: run(act())
