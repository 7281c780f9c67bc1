"""What defences find in clean models, from which alone their thresholds come.

The unit is a model: with no alarm among 73 of them, at most 5 % of others by the same recipe raise
one, among 20 at most 16 % (Wilson). Each recipe has its own: to a network that has seen turned and
shifted digits, a part of a class is more of a digit than to one that has not.

The rule: a model is accused where its statistic exceeds the highest of the clean models by more
than a margin, and borderline up to there; of clean models that exceed the highest at all, one in
twenty would exceed the margin too. That takes the clean statistics above their median to fall off
exponentially: the gap between the two highest, over the mean of the k gaps below it, each times its
rank, is then distributed as F with 2 and 2 k degrees of freedom. That is Gnedenko's test (Ascher
1990, A survey of tests for exponentiality, Communications in Statistics, Theory and Methods 19).
"""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median
from threading import Event

import torch

from core.defend.evidence import Evidence, clean_digits
from core.defend.finding import Finding, Suspect, Verdict
from core.defend.methods import METHODS, last
from core.digits import mnist
from core.model.recipe import RECIPES, Recipe
from core.places import ASSETS
from core.records import Record
from core.runs import bank, engines, file

FOLDER = ASSETS / "defend"
MODELS = {"fast": 73, "sturdy": 20}  # by recipe; a sturdy one takes six times as long
FIRST_SEED = 1001  # nobody else trains with these
LEVEL = 0.05  # of the clean models above all others, those that are accused


@dataclass(frozen=True, kw_only=True)
class Clean(Record):
    """Statistics of clean models, one for each seed."""

    recipe: str
    seeds: list[int]
    statistics: dict[str, list[float]]  # by method
    published: dict[str, list[float]]  # those of the published rule, where ours is another

    def threshold(self, method: str) -> float:
        """The highest statistic of all; KeyError where the method was not tried on them."""
        return max(self.statistics[method])

    def margin(self, method: str) -> float:
        """How far above the threshold a statistic is borderline."""
        return margin(self.statistics[method])

    def verdict(self, method: str, statistic: float) -> Verdict:
        """What a statistic of another model comes to."""
        threshold = self.threshold(method)
        if statistic <= threshold:
            return Verdict.NOTHING
        borderline = statistic <= threshold + self.margin(method)
        return Verdict.BORDERLINE if borderline else Verdict.FOUND


def described(recipe: Recipe) -> str:
    """What a model by this recipe is held against, in a sentence."""
    known = load(recipe.name)
    models = f"{len(known.seeds)} clean models"
    if known.recipe != recipe.name:
        return f"Held against {models} by the recipe {known.recipe}, as none by its own are known."
    return f"Held against {models} by the same recipe, {recipe.name}, of other seeds."


def margin(statistics: Sequence[float]) -> float:
    """How far above the highest of them another is at most, in all but LEVEL of the cases in which
    it is above it at all. From two statistics on."""
    highest, *_ = ordered = sorted(statistics, reverse=True)
    gaps = len(ordered) // 2
    # the new one makes a gap of its own, so the rank of all others is one more
    sums = highest + sum(ordered[:gaps]) - (gaps + 1) * ordered[gaps]
    # the quantile of F with 2 and 2 k degrees of freedom
    return sums * (LEVEL ** (-1 / gaps) - 1)


def judge(method: str, suspect: Suspect, recipe: Recipe) -> Finding:
    """Hold what a method finds in a model that was trained by a recipe against clean models."""
    known = load(recipe.name)
    return Finding(
        suspect=suspect,
        verdict=known.verdict(method, suspect.statistic),
        highest=known.threshold(method),
        margin=known.margin(method),
        models=len(known.seeds),
        recipe=known.recipe,
        comparable=replace(recipe, seed=1) == RECIPES[known.recipe],
    )


def path(recipe: str) -> Path:
    return FOLDER / f"clean-{recipe}.json"


@cache
def load(recipe: str) -> Clean:
    """Of clean models by the same recipe; where none were trained, those that are most suspect.

    Raises ValueError where it cannot be read.
    """
    known = {name: _read(name) for name in MODELS}
    most_suspect = max(known.values(), key=lambda each: each.threshold("whitening"))
    return known.get(recipe, most_suspect)


def _read(recipe: str) -> Clean:
    try:
        return Clean.from_json(json.loads(path(recipe).read_bytes()))
    except OSError as error:
        raise ValueError(f"expected clean models' statistics, got {error}") from None


def build(recipe: str, methods: Collection[str] = METHODS, jobs: int = -1) -> Iterator[int]:
    """Tries methods on clean models, and saves what they find beside what others have found.

    The models come from the bank, and are trained where they are not there. The clean digits are
    others than those that the app's own models are judged by.
    jobs: processes, -1 for one a core. Yields how many models are done; left early, it has changed
    no file.
    """
    file.check_writable(path(recipe))
    seeds = range(FIRST_SEED, FIRST_SEED + MODELS[recipe])
    tasks = [(recipe, seed, tuple(methods)) for seed in seeds]
    found: dict[int, dict[str, Suspect]] = {}
    for done in engines.run(_statistics, tasks, jobs=jobs):
        if done:
            place, suspects = done
            found[seeds[place]] = suspects
            yield len(found)
    statistics, published = {}, {}
    with suppress(ValueError):
        before = _read(recipe)
        statistics, published = before.statistics, before.published
    for name in methods:
        suspects = [found[seed][name] for seed in seeds]
        statistics[name] = [round(each.statistic, 4) for each in suspects]
        if suspects[0].published is not None:
            published[name] = [round(each.published, 4) for each in suspects]
    with file.whole(path(recipe)) as part:
        clean = Clean(recipe=recipe, seeds=list(seeds), statistics=statistics, published=published)
        part.write_text(json.dumps(clean.to_json()), encoding="utf-8")


def _statistics(
    recipe: str, seed: int, methods: tuple[str, ...], _: Event | None = None
) -> dict[str, Suspect]:
    """What the methods find in one clean model."""
    torch.set_num_threads(1)
    run = bank.model(replace(RECIPES[recipe], seed=seed), None)
    _, training, test = mnist.load()
    evidence = Evidence(
        network=run.network,
        clean=clean_digits(test, calibrating=True),
        labels=training.labels,
        learnt=lambda rows: training.images[rows],
    )
    return {name: last(METHODS[name].search(evidence)).statistics for name in methods}


def markdown() -> str:
    """The lowest, the median and the highest of every recipe's models, a line for each method."""
    known = [load(recipe) for recipe in MODELS]
    lines = [
        "| " + " | ".join(["method", *(f"{len(of.seeds)} by {of.recipe}" for of in known)]) + " |",
        "|---" * (1 + len(known)) + "|",
    ]
    for name, method in METHODS.items():
        cells = [method.words]
        for of in known:
            values = of.statistics[name]
            cells.append(f"{min(values):.3f}, {median(values):.3f}, {max(values):.3f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
