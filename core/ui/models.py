"""Models, loaded once for everybody. They are only ever read.

They lie in Python's caches: Streamlit's, any visitor can clear.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from threading import Lock

from torch import Tensor

from core.attack.trigger import Trigger
from core.model import network
from core.model.network import Answers
from core.model.role import Role
from core.runs import ladder as shipped
from core.runs import library
from core.runs.run import Models, Run

# A thread's first convolution sets up oneDNN for it, which takes 25 ms, and Streamlit runs every
# script in a new thread. So one thread, which lives on, asks the models for everybody.
_READER = ThreadPoolExecutor(1, thread_name_prefix="reader")


_LOADING = Lock()  # the first visitor may come while the ladder is being loaded


@cache
def _ladder() -> shipped.Ladder:
    return shipped.load()


def ladder() -> shipped.Ladder:
    with _LOADING:
        return _ladder()


def ask(clean: Run | None, rungs: Sequence[Run], image: Tensor, trigger: Trigger) -> Answers:
    """Shows one image, (1, 1, 28, 28), to a clean and to backdoored models; see network.ask."""
    networks = [run.network for run in rungs]
    return _READER.submit(network.ask, clean and clean.network, networks, image, trigger).result()


@lru_cache(maxsize=8)
def _models(id: str, stamp: int | None) -> Models:  # noqa: ARG001 - a new one reads anew
    return library.load(id)


def models(id: str) -> Models:
    """A run of this machine. Raises StoreError where it cannot be read."""
    return _models(id, dict(library.stamp()).get(id))


def named(name: str) -> Models:
    """A rung, by its percent, or a run, by its id. Raises StoreError where it cannot be read."""
    rungs = {f"{percent:g}": run for percent, run in ladder().rungs.items()}
    if name in rungs:
        return Models(ladder().clean, rungs[name])
    if library.ID.fullmatch(name) and library.path(name, Role.BACKDOORED).exists():
        return models(name)
    return library.models(name)  # which says why there is none


@lru_cache(maxsize=1)
def _listed(stamp: object) -> tuple[list[library.Entry], list[str]]:  # noqa: ARG001
    return library.listed()


def listed() -> tuple[list[library.Entry], list[str]]:
    """The runs of this machine, read again when the folder has changed."""
    return _listed(library.stamp())
