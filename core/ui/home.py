"""The page with models that is taken home, as a file of this server."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.show.html import HOME, TAKEN_HOME
from core.ui import web
from core.work.once import Once

NEXT = "The page Measure makes those that there are, under “Take away”."


def url(models: str) -> str:
    """models: a rung's percent or a run's id."""
    return web.based(f"/home/{models}/{HOME}")


def page(models: str) -> str:
    """Return the page, made once for everybody. Raises WorkerError."""
    return _pages(models).result()


def _make(models: str) -> str:
    from core.work.jobs import BOARD  # with torch, which the server's start does not wait for
    from core.work.searches import TakeHome

    while not (made := BOARD.ask(TakeHome(models=models))):
        pass
    return made


_pages = Once(_make, kept=4)


async def _home(request: Request) -> Response:
    from core.runs import library
    from core.runs.file import StoreError
    from core.work.jobs import WorkerError

    models = request.path_params["models"]
    try:
        if library.sealed(models):
            raise StoreError("expected models that are no secret, got a sealed one")
        await asyncio.to_thread(library.compared, models)
    except StoreError as error:
        return PlainTextResponse(f"There is no such page: {error}. {NEXT}", 404)
    try:
        made = await asyncio.wrap_future(_pages(models))
    except WorkerError as error:
        return PlainTextResponse(f"The page could not be made: {error}.", 503)
    sandbox = {"Content-Security-Policy": "sandbox allow-scripts"}  # here it is a file, not a page
    return Response(made, media_type="text/html", headers=TAKEN_HOME | sandbox)


ROUTES = [  # with server.baseUrlPath too
    Route("/{base:path}home/{models}/" + HOME, _home),
]
