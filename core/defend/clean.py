"""What defences make of clean models, from which alone their thresholds come.

The unit is a model: with no alarm among 73 of them, at most 5 % of others raise one (Wilson).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch

from core.defend.scan import SHOWN, Scan
from core.digits.mnist import DataSet
from core.model.recipe import FAST
from core.places import ASSETS
from core.records import Record
from core.runs import file
from core.runs.run import learn

PATH = ASSETS / "defend" / "clean.json"
MODELS = 73
SIDES = (1, 3)  # pixels of a scan's square
FIRST_SEED = 1001  # nobody else trains with these


@dataclass(frozen=True, kw_only=True)
class Clean(Record):
    """Statistics of clean models, one for each seed."""

    recipe: str
    seeds: list[int]
    digits: int  # at every place of a scan
    scan: dict[str, list[float]]  # by the side of the square

    def threshold(self, side: int) -> float:
        """The highest statistic of all; KeyError where none was scanned with such a square."""
        return max(self.scan[f"{side}"])

    @property
    def source(self) -> str:
        """Where a threshold comes from, in words."""
        return f"the highest of {len(self.seeds)} clean models trained by {self.recipe}"


def load() -> Clean:
    """Raises ValueError where it cannot be read."""
    try:
        return Clean.from_json(json.loads(PATH.read_bytes()))
    except OSError as error:
        raise ValueError(f"expected clean models' statistics in {PATH}, got {error}") from None


def build(data: DataSet, models: int = MODELS, jobs: int = -1) -> Iterator[int]:
    """Trains clean models and scans them, and saves what is found; yields how many are done.

    The digits are others than those of the app's own scans. jobs: processes, -1 for one a core.
    Left early, it has changed no file.
    """
    from joblib import Parallel, delayed  # 0.1 s that the app can do without

    seeds = range(FIRST_SEED, FIRST_SEED + models)
    work = (delayed(_statistics)(data, seed) for seed in seeds)
    found: dict[int, dict[int, float]] = {}
    for seed, statistics in Parallel(jobs, return_as="generator_unordered")(work):
        found[seed] = statistics
        yield len(found)
    scan = {f"{side}": [found[seed][side] for seed in seeds] for side in SIDES}
    PATH.parent.mkdir(exist_ok=True)
    with file.whole(PATH) as part:
        clean = Clean(recipe=FAST.name, seeds=list(seeds), digits=SHOWN, scan=scan)
        part.write_text(json.dumps(clean.to_json()), encoding="utf-8")


def _statistics(data: DataSet, seed: int) -> tuple[int, dict[int, float]]:
    """Of one clean model: the seed, and the highest share of a scan with each square."""
    torch.set_num_threads(1)
    *_, trained = learn(data, replace(FAST, seed=seed), None, name=f"clean, seed {seed}")
    images = data.test.images[SHOWN : 2 * SHOWN]
    highest = {}
    for side in SIDES:
        rows = Scan(side=side)(trained.run.network, images)
        shares = torch.cat([counts.shares() for counts in rows])
        highest[side] = round(shares.max().item(), 4)
    return seed, highest
