"""Scans of the ladder's models, made before, so that they are shown at once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import torch

from core.defend.clean import SIDES
from core.defend.scan import SHOWN, Scan, Turned
from core.digits.mnist import DataSet
from core.model.role import Role
from core.places import ASSETS
from core.records import Record
from core.runs import file, ladder

PATH = ASSETS / "defend" / "ladder.json"
RUNGS = {f"{percent:g}" for percent in ladder.PERCENTS}


@dataclass(frozen=True)
class Shipped(Record):
    """By a square's side and a model's name all rows of a scan."""

    scans: dict[str, dict[str, list[Turned]]]

    def scan(self, models: str, role: Role, side: int) -> list[Turned] | None:
        """None where there is none, as of runs of one's own. All rungs have one clean twin."""
        if models not in RUNGS:
            return None
        return self.scans.get(f"{side}", {}).get(role if role is Role.CLEAN else models)


@cache
def load() -> Shipped:
    """Nothing where it cannot be read: then the models are scanned anew."""
    try:
        return Shipped.from_json(json.loads(PATH.read_bytes()))
    except (OSError, ValueError):
        return Shipped({})


def build(data: DataSet) -> Iterator[int]:
    """Scans every model of the ladder and saves it; yields how many scans are done."""
    shipped, images = ladder.load(), data.test.images[:SHOWN]
    runs = {Role.CLEAN: shipped.clean}
    runs |= {f"{percent:g}": run for percent, run in shipped.rungs.items()}
    scans: dict[str, dict[str, list[Turned]]] = {}
    torch.set_num_threads(1)
    for side in SIDES:
        for name, run in runs.items():
            rows = Scan(side=side)(run.network, images)
            scans.setdefault(f"{side}", {})[name] = [counts.turned() for counts in rows]
            yield sum(map(len, scans.values()))
    with file.whole(PATH) as part:
        part.write_text(json.dumps(Shipped(scans).to_json()), encoding="utf-8")
