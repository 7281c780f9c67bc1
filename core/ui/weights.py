"""The models' weights and the sample digits, as files for the browser.

Their URLs change with what is in them, so that a browser may keep them for good. They name a rung
of the ladder, or a run by its id and role, never a path.
"""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.digits import drawing, samples
from core.ui import web

CLEAN = "clean"  # the ladder's clean model; a rung goes by its percent, a run's by id and role


def url(name: str) -> str | None:
    """Where a browser finds the weights of that name; None where the file is gone by now."""
    try:
        return web.based(f"/weights/{_version(name)}/{name}.safetensors")
    except OSError:
        return None


def samples_url() -> str:
    """Where it finds the ten sample digits as the models read them, 784 bytes each."""
    return web.based(f"/samples/{_digest(_samples())}")


def _path(name: str) -> Path:
    """Raises OSError where there is no such model."""
    from core.runs import ladder, library  # with torch, which the server's start does not wait for

    id, _, role = name.rpartition("-")
    if library.ID.fullmatch(id) and role in ("clean", "backdoored"):
        return library.path(id, role)
    rungs = {f"{percent:g}": percent for percent in ladder.PERCENTS} | {CLEAN: None}
    if name not in rungs:
        raise FileNotFoundError(name)
    return ladder.path(rungs[name], ladder.FOLDER)


def _version(name: str) -> str:
    path = _path(name)
    return _version_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _version_of(path: Path, changed: int) -> str:  # noqa: ARG001 - another file after every change
    return _digest(path.read_bytes())


@cache
def _samples() -> bytes:
    digits = (drawing.centre(samples.sample(digit).ink()) for digit in range(10))
    return b"".join(drawing.to_bytes(digit).tobytes() for digit in digits)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


async def _weights(request: Request) -> Response:
    name = request.path_params["name"]
    try:
        if _version(name) != request.path_params["version"]:
            return Response(status_code=404)
    except OSError:
        return Response(status_code=404)
    # Said to be encoded, so that no middleware packs it again for every visitor: it gains 7 %.
    headers = web.FOR_GOOD | {"Content-Encoding": "identity"}
    return FileResponse(_path(name), media_type="application/octet-stream", headers=headers)


async def _ten_digits(_: Request) -> Response:
    return Response(_samples(), media_type="application/octet-stream", headers=web.FOR_GOOD)


ROUTES = [  # with server.baseUrlPath too
    Route("/{base:path}weights/{version}/{name}.safetensors", _weights),
    Route("/{base:path}samples/{version}", _ten_digits),
]
