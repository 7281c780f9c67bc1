"""Trigger scans, made once for everybody: the worker stamps digits, the app keeps the counts."""

import time
from collections.abc import Iterable

from msgspec import Struct

from core.defend import shipped
from core.defend.scan import Scan, Turned
from core.model.role import Role
from core.work.jobs import BOARD
from core.work.questions import ScanRow

KEPT = 60  # scans, 20 kB each


class Key(Struct, frozen=True):
    """Of a scan."""

    models: str  # a run's id or a rung's percent
    role: Role
    side: int  # pixels of the square


# For the whole process, in no cache that a visitor can clear. Rows from the top, none missing
# between: who looks away and back goes on where it was.
_rows: dict[Key, dict[int, Turned]] = {}


def rows(key: Key) -> list[Turned]:
    """Those that are known."""
    if made_before := shipped.load().scan(key.models, key.role, key.side):
        return made_before
    return [turned for _, turned in sorted(_rows.get(key, {}).items())]


def is_whole(key: Key) -> bool:
    return known(key) == Scan(side=key.side).places


def known(key: Key) -> int:
    """How many rows."""
    return len(rows(key))


def go_on(keys: Iterable[Key], seconds: float) -> None:
    """Asks for rows that are missing, for about so long. Raises WorkerError."""
    end = time.monotonic() + seconds
    for key in keys:
        if is_whole(key):
            continue
        rows = _rows.setdefault(key, {})
        for row in range(Scan(side=key.side).places):
            if time.monotonic() > end:
                return
            if row not in rows:
                answer = BOARD.ask(
                    ScanRow(models=key.models, role=key.role, side=key.side, row=row)
                )
                rows[row] = Turned(**answer)
    for old in list(_rows)[:-KEPT]:
        _rows.pop(old, None)
