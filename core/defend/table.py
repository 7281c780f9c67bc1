"""Every method on every attack: who finds what, and how right it is.

Models by *fast*, three seeds an attack, targets from 0 to 9 spread over them, and clean models
that no threshold comes from.
"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event

import torch

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import BLENDED, CORNER, SQUARE, painted
from core.defend import clean, grader
from core.defend.finding import Grade, Suspect, Verdict
from core.defend.methods import METHODS, last
from core.digits import mnist
from core.digits.mnist import DIGITS
from core.model.recipe import ARTICLE, FAST, Recipe
from core.model.scores import Scores
from core.places import ASSETS
from core.records import Record
from core.runs import bank, engines, file

PATH = ASSETS / "defend" / "table.json"
SEEDS = (1, 2, 3)
CLEAN_SEEDS = tuple(range(1, 11))
FOUR = painted([(2, 6, 1), (8, 24, 1), (20, 2, 1), (25, 17, 1)], name="four scattered pixels")
ATTACKS = {
    **{f"one pixel, {percent} %": Attack(rate=percent / 100) for percent in (0.1, 0.2, 0.5, 1, 10)},
    "corner pattern, 1 %": Attack(trigger=CORNER),
    "3 by 3 square, 1 %": Attack(trigger=SQUARE),
    "four scattered pixels, 1 %": Attack(trigger=FOUR),
    "blended, 1 %": Attack(trigger=BLENDED),
    "one pixel, one source, 1 %": Attack(rule=LabelRule.ONE_SOURCE, source=0),
    "one pixel, all to all, 1 %": Attack(rule=LabelRule.ALL_TO_ALL),
}


@dataclass(frozen=True, kw_only=True)
class Attempt(Record):
    """Of one method on one model."""

    statistic: float
    target: int
    place: tuple[int, int] | None
    seconds: float  # on one thread
    grade: Grade | None  # of its rows, where it chooses some


@dataclass(frozen=True, kw_only=True)
class Tried(Record):
    """One model, and what every method finds in it."""

    name: str  # of the attack, in `tasks`
    recipe: Recipe
    attack: Attack | None  # None: a clean model
    scores: Scores
    attempts: dict[str, Attempt]  # by method


def tasks() -> list[tuple[str, Recipe, Attack | None]]:
    """All models, and what their attacks are called."""
    made: list[tuple[str, Recipe, Attack | None]] = []
    for i, (name, attack) in enumerate(ATTACKS.items()):
        for seed in SEEDS:
            made.append((name, replace(FAST, seed=seed), _turned(attack, seed, 3 * i + seed - 1)))
    for seed in SEEDS:
        recipe = replace(ARTICLE, seed=seed)
        made.append(("one pixel, 1 %, by article", recipe, _turned(Attack(), seed, seed + 2)))
    for seed in CLEAN_SEEDS:
        made.append(("clean", replace(FAST, seed=seed), None))
    return made


def _turned(attack: Attack, seed: int, target: int) -> Attack:
    """With another target, and another source where there is one."""
    if attack.rule == LabelRule.ALL_TO_ALL:
        return replace(attack, seed=seed)
    target %= DIGITS
    source = None if attack.source is None else (target + 5) % DIGITS
    return replace(attack, seed=seed, target=target, source=source)


def attempt(name: str, recipe: Recipe, attack: Attack | None, _: Event | None = None) -> Tried:
    """Trains a model, or takes it from the bank, and tries every method on it."""
    torch.set_num_threads(1)
    run = bank.model(recipe, attack)
    evidence, truth = grader.evidence(run, mnist.load())
    attempts = {}
    for key, method in METHODS.items():
        begun = time.perf_counter()
        suspect = last(method.search(evidence))
        seconds = round(time.perf_counter() - begun, 1)
        rows = suspect.rows
        attempts[key] = Attempt(
            statistic=round(suspect.statistic, 4),
            target=suspect.target,
            place=suspect.place,
            seconds=seconds,
            grade=None if rows is None else Grade.of(rows, truth.bears),
        )
    return Tried(name=name, recipe=recipe, attack=attack, scores=run.card.scores, attempts=attempts)


def load() -> list[Tried]:
    """What ships. Raises ValueError where it cannot be read."""
    try:
        return [Tried.from_json(each) for each in json.loads(PATH.read_bytes())]
    except OSError as error:
        raise ValueError(f"expected the table of the defences, got {error}") from None


def build(*, backend: str, address: str | None, jobs: int) -> Iterator[int]:
    """Tries every method on every model; yields how many models are done.

    Each is saved before the next is begun, so that the same call goes on from there. See
    engines.run. What was tried with other methods than today's is tried again.
    """
    file.check_writable(PATH)
    wanted = tasks()
    done = {}
    with suppress(ValueError):
        done = {_key(each): each for each in load() if set(each.attempts) == set(METHODS)}
    done = {task: done[task] for task in wanted if task in done}
    left = [task for task in wanted if task not in done]
    for each in engines.run(attempt, left, backend=backend, address=address, jobs=jobs):
        if each:
            done[_key(each[1])] = each[1]
            _save([done[task] for task in wanted if task in done])
            yield len(done)


def _key(tried: Tried) -> tuple[str, Recipe, Attack | None]:
    return tried.name, tried.recipe, tried.attack


def _save(table: list[Tried]) -> None:
    with file.whole(PATH) as part:
        part.write_text(json.dumps([each.to_json() for each in table]), encoding="utf-8")


def markdown(table: list[Tried]) -> str:
    """A line for each attack and method."""
    groups: dict[str, list[Tried]] = {}
    for tried in table:
        groups.setdefault(tried.name, []).append(tried)
    lines = [
        "| attack | ASR | method | found | borderline | right target | place within 2 pixels "
        "| precision of images | recall | seconds |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, models in groups.items():
        success = [each.scores.attack_success.value * 100 for each in models]
        asr = f"{min(success):.1f} to {max(success):.1f}"
        for key, method in METHODS.items():
            lines.append(f"| {name} | {asr} | {method.words} | {_line(models, key)} |")
    return "\n".join(lines)


def _line(models: list[Tried], key: str) -> str:
    found, borderline, targets, near, precision, recall = 0, 0, 0, 0, [], []
    seconds = [each.attempts[key].seconds for each in models]
    placed = models[0].attempts[key].place is not None
    for tried in models:
        one, attack = tried.attempts[key], tried.attack
        suspect = Suspect(one.statistic, one.target, one.place)
        finding = clean.judge(key, suspect, tried.recipe)
        borderline += finding.verdict is Verdict.BORDERLINE
        if not finding.accused:
            continue
        found += 1
        if attack:
            targets += attack.rule != LabelRule.ALL_TO_ALL and one.target == attack.target
            near += placed and _distance(one.place, attack) <= 2
        if one.grade:
            precision.append(one.grade.precision.value)
            recall.append(one.grade.recall.value)
    return " | ".join(
        [
            f"{found} of {len(models)}",
            f"{borderline} of {len(models)}",
            f"{targets} of {found}",
            f"{near} of {found}" if placed else "",
            _range(precision),
            _range(recall),
            f"{sum(seconds) / len(seconds):.0f}",
        ]
    )


def _range(shares: list[float]) -> str:
    return f"{min(shares):.3f} to {max(shares):.3f}" if shares else ""


def _distance(place: tuple[int, int], attack: Attack) -> int:
    """Pixels from the nearest cell of the trigger, the larger of rows and columns."""
    row, column = place
    return min(max(abs(row - cell.row), abs(column - cell.col)) for cell in attack.trigger.cells)
