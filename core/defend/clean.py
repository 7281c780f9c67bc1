"""What defences make of clean models, from which alone their thresholds come.

The unit is a model: with no alarm among 73 of them, at most 5 % of others by the same recipe raise
one, among 20 at most 16 % (Wilson). Each recipe has its own: to a network that has seen turned and
shifted digits, a part of a class is more of a digit than to one that has not.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch

from core.defend.bucket import CLEAN, bucket
from core.defend.mixture import Mixture
from core.defend.scan import SHOWN, Scan
from core.digits.mnist import DIGITS, DataSet
from core.model.recipe import RECIPES, Recipe
from core.places import ASSETS
from core.records import Record
from core.runs import file
from core.runs.run import learn

FOLDER = ASSETS / "defend"
MODELS = {"fast": 73, "sturdy": 20}  # by recipe; a sturdy one takes six times as long
SIDES = (1, 3)  # pixels of a scan's square
FIRST_SEED = 1001  # nobody else trains with these


@dataclass(frozen=True, kw_only=True)
class Clean(Record):
    """Statistics of clean models, one for each seed."""

    recipe: str
    seeds: list[int]
    digits: int  # at every place of a scan
    scan: dict[str, list[float]]  # by the side of the square
    mixture: list[float]  # the highest of the ten labels

    def threshold(self, side: int) -> float:
        """The highest statistic of all; KeyError where none was scanned with such a square."""
        return max(self.scan[f"{side}"])

    @property
    def mixture_threshold(self) -> float:
        return max(self.mixture)

    @property
    def source(self) -> str:
        """Where a threshold comes from, in words."""
        return f"the highest of {len(self.seeds)} clean models trained by {self.recipe}"


def path(recipe: str) -> Path:
    return FOLDER / f"clean-{recipe}.json"


@cache
def load(recipe: str) -> Clean:
    """Of clean models by the same recipe; where none were trained, those that are most suspect.

    Raises ValueError where it cannot be read.
    """
    known = {}
    for name in MODELS:
        try:
            known[name] = Clean.from_json(json.loads(path(name).read_bytes()))
        except OSError as error:
            raise ValueError(f"expected clean models' statistics, got {error}") from None
    most_suspect = max(known.values(), key=lambda each: each.mixture_threshold)
    return known.get(recipe, most_suspect)


def build(data: DataSet, recipe: str, jobs: int = -1) -> Iterator[int]:
    """Trains clean models, tries the defences on them, and saves what is found; yields how many
    are done.

    The digits are others than those of the app's own. jobs: processes, -1 for one a core.
    Left early, it has changed no file.
    """
    from joblib import Parallel, delayed  # 0.1 s that the app can do without

    seeds = range(FIRST_SEED, FIRST_SEED + MODELS[recipe])
    work = (delayed(_statistics)(data, replace(RECIPES[recipe], seed=seed)) for seed in seeds)
    found: dict[int, Statistics] = {}
    for seed, statistics in Parallel(jobs, return_as="generator_unordered")(work):
        found[seed] = statistics
        yield len(found)
    scan = {f"{side}": [found[seed].scan[side] for seed in seeds] for side in SIDES}
    mixture = [found[seed].mixture for seed in seeds]
    FOLDER.mkdir(exist_ok=True)
    with file.whole(path(recipe)) as part:
        clean = Clean(recipe=recipe, seeds=list(seeds), digits=SHOWN, scan=scan, mixture=mixture)
        part.write_text(json.dumps(clean.to_json()), encoding="utf-8")


class Statistics(NamedTuple):
    """The highest of one clean model."""

    scan: dict[int, float]  # by the side of the square
    mixture: float


def _statistics(data: DataSet, recipe: Recipe) -> tuple[int, Statistics]:
    torch.set_num_threads(1)
    *_, trained = learn(data, recipe, None, name=f"clean, seed {recipe.seed}")
    network = trained.run.network
    images = data.test.images[SHOWN : 2 * SHOWN]
    scan = {}
    for side in SIDES:
        shares = torch.cat([counts.shares() for counts in Scan(side=side)(network, images)])
        scan[side] = round(shares.max().item(), 4)
    tried = data.test.images[:CLEAN]
    images, labels = data.training
    buckets = (bucket(network, images[labels == i], tried, i) for i in range(DIGITS))
    mixture = max(Mixture()(each).highest for each in buckets)
    return recipe.seed, Statistics(scan, round(mixture, 4))
