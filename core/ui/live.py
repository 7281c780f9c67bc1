"""The answer to a drawing, and the models that a browser gets to answer by itself.

A browser finds weights under a URL that says whose they are and changes with what is in them. It
names a rung of the ladder or a run's id, never a path.
"""

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import torch
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.digits import samples
from core.digits.drawing import Digit, centre
from core.digits.mnist import DIGITS
from core.model.role import Role
from core.runs import ladder, library
from core.runs.run import Run
from core.show import html, live
from core.ui import cards, models, web

CLEAN = "clean"  # the ladder's clean model; a rung goes by its percent, a run's by id and role
RUN = re.compile(rf"({library.ID.pattern})-({'|'.join(Role)})")

_answer = web.component("draw/draw", css=html.style_sheet(), isolate_styles=False)


def describe(run: str | None, clean: Run | None, backdoored: dict[float, Run]) -> live.JSON:
    """What the browser is told of these models: `live.describe`, and where their weights are.

    run: the id of a run of this machine, None for the ladder.
    """
    told = live.describe(clean and clean.card, [each.card for each in backdoored.values()])
    names = [f"{run}-{Role.BACKDOORED}"] if run else [f"{percent:g}" for percent in backdoored]
    clean_name = f"{run}-{Role.CLEAN}" if run else CLEAN
    for rung, name in zip(told["rungs"], names, strict=True):
        rung["weights"] = _url(name)
    trigger = next(iter(backdoored.values())).card.attack.trigger
    return told | {"clean": clean and _url(clean_name), "rings": cards.rings(trigger)}


def read(clean: Run | None, backdoored: dict[float, Run], digit: Digit | None) -> live.JSON:
    """A digit and what these models make of it, as the browser takes both."""
    if digit is None:
        return {"digit": None, "reading": None}
    rungs, image = list(backdoored.values()), torch.from_numpy(digit)[None, None]
    answers = models.ask(clean, rungs, image, rungs[0].card.attack.trigger)
    return {"digit": live.digit(digit), "reading": live.reading(answers)}


def answer(*, key: str, on_live: Callable[[], None], **data: Any) -> None:
    """Shows the answer to a drawing. on_live: a callback, once the browser answers by itself."""
    data["samples"] = web.based(f"/samples/{_version(_samples())}")
    _answer(key=key, data=data, on_live_change=on_live)


@cache
def _samples() -> bytes:
    """The ten sample digits as the models read them, 784 bytes each."""
    digits = (live.digit(centre(samples.sample(digit).ink())) for digit in range(DIGITS))
    return b"".join(map(b64decode, digits))


def _path(name: str) -> Path | None:
    """The file of a model, by the name that its URL has for it; None where nobody has that name."""
    if run := RUN.fullmatch(name):
        return library.path(run[1], Role(run[2]))
    rungs = {f"{percent:g}": percent for percent in ladder.PERCENTS} | {CLEAN: None}
    return ladder.path(rungs[name], ladder.FOLDER) if name in rungs else None


@lru_cache(maxsize=64)
def _digest(path: Path, changed: int) -> str:  # noqa: ARG001 - another file after every change
    return _version(path.read_bytes())


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _url(name: str) -> str | None:
    """None where the file is gone by now; then Python answers alone."""
    path = _path(name)
    try:
        return web.based(f"/weights/{_digest(path, path.stat().st_mtime_ns)}/{name}.safetensors")
    except OSError:
        return None


async def _weights(request: Request) -> Response:
    path = _path(request.path_params["name"])
    if path is None or not path.is_file():
        return Response(status_code=404)
    if _digest(path, path.stat().st_mtime_ns) != request.path_params["version"]:
        return Response(status_code=404)
    # Said to be encoded, so that no middleware packs it again for every visitor: it gains 7 %.
    headers = web.FOR_GOOD | {"Content-Encoding": "identity"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


async def _ten_digits(_: Request) -> Response:
    return Response(_samples(), media_type="application/octet-stream", headers=web.FOR_GOOD)


ROUTES = [  # with server.baseUrlPath too
    Route("/{base:path}weights/{version}/{name}.safetensors", _weights),
    Route("/{base:path}samples/{version}", _ten_digits),
]
