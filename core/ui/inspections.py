"""Training sets inspected, once for everybody: label by label, by the worker."""

from collections.abc import Iterable

from msgspec import Struct

from core.defend.data import Found
from core.model.role import Role
from core.work.jobs import BOARD
from core.work.questions import Inspect

KEPT = 400  # labels, 40 kB each


class Key(Struct, frozen=True):
    """Of the training images of one label."""

    models: str  # a run's id or a rung's percent
    role: Role
    label: int


# For the whole process, in no cache that a visitor can clear.
_found: dict[Key, Found] = {}


def known(key: Key) -> Found | None:
    return _found.get(key)


def go_on(keys: Iterable[Key]) -> None:
    """Has the first that is not known be inspected, some seconds' work. Raises WorkerError."""
    missing = next((key for key in keys if key not in _found), None)
    if missing is None:
        return
    answer = BOARD.ask(Inspect(models=missing.models, role=missing.role, label=missing.label))
    _found[missing] = Found.from_json(answer)
    for old in list(_found)[:-KEPT]:
        _found.pop(old, None)
