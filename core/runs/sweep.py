"""Many trainings: poison rates x seeds, at once wherever there is room, gone on with later.

Their cards are kept in a file; those that differ in poison rate and seed alone make a curve.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from core.attack import effect
from core.attack.phrases import percentage
from core.attack.poison import Attack, poison
from core.digits import mnist
from core.model.recipe import Recipe
from core.places import ASSETS
from core.runs import engines, file
from core.runs.card import Card
from core.runs.run import Trained, learn

SHIPPED = ASSETS / "curve.json"

Task = tuple[Recipe, Attack]


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """Which models to train: every rate with every seed, all else the same."""

    recipe: Recipe
    attack: Attack  # its rate and seed are replaced by each of these
    rates: tuple[float, ...]  # shares of the training set; 0 is clean
    seeds: tuple[int, ...]  # of the weights, the order of images, and the choice of rows alike

    def __post_init__(self) -> None:
        if not self.rates or not self.seeds:
            raise ValueError("expected at least one poison rate and one seed, got none")
        for rate in self.rates:
            replace(self.attack, rate=rate)  # refuses a rate that is none

    def tasks(self) -> list[Task]:
        return [
            (replace(self.recipe, seed=seed), replace(self.attack, rate=rate, seed=seed))
            for rate in self.rates
            for seed in self.seeds
        ]


def train_one(recipe: Recipe, attack: Attack, stop: Event | None = None) -> Card:
    """One training on one thread of whatever machine this is.

    Raises CancelledError at its next step once `stop` is set.
    """
    events = learn(
        mnist.load(),
        recipe,
        attack if attack.rate else None,
        name=f"{percentage(attack.rate)}, seed {attack.seed}",
        measured_under=attack,
        device="cpu",
    )
    return engines.finish(events, Trained, stop).run.card


def run(
    sweep: Sweep, path: Path, *, backend: str = "loky", address: str | None = None, jobs: int = -1
) -> Iterator[Card | None]:
    """Yields the card of every training, those in `path` first, and None while there are none.

    Leave the loop to cancel: what was trained is in `path`, each written there before it is
    yielded; what is still being trained is given up.
    backend, address, jobs: see engines.run, which also says what it raises.
    `path` may hold any number of sweeps, and others may write to it meanwhile; what is there stays.
    Raises ValueError where it holds something else.
    """
    done = {identity(card): card for card in read(path)}
    waiting = {(mnist.NAME, *task): task for task in sweep.tasks()}
    yield from (done[key] for key in waiting if key in done)
    tasks = [task for key, task in waiting.items() if key not in done]
    for _, attack in tasks:
        poison(mnist.load().training, attack)  # refuses a rate that does not fit, before hours
    if any(attack.rate for _, attack in tasks):
        effect.check(sweep.attack.trigger, mnist.load().training.images)
    if tasks:
        file.check_writable(path)
    try:
        for each in engines.run(train_one, tasks, backend=backend, address=address, jobs=jobs):
            if each:
                add(path, [each[1]])
            yield each and each[1]
    except RuntimeError as error:
        raise RuntimeError(
            f"{error}; what was done is in {path}, and the same command goes on from there"
        ) from error


def path_in(folder: Path) -> Path:
    """Where the app keeps the sweeps that were made with it."""
    return folder / "sweeps.json"


def read(path: Path) -> list[Card]:
    """The runs that a file of sweeps holds, of whatever settings; none where there is no file.

    Raises ValueError for a file of anything else.
    """
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["runs"]
        return [Card.from_json(record) for record in records]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"expected {path} to hold a sweep, got something else ({error})") from None


def settings(card: Card) -> tuple[str, Recipe, Attack]:
    """What the runs of one curve have in common: all but poison rate and seeds."""
    attack = replace(card.measured_under, rate=0, seed=0)
    return card.data, replace(card.recipe, seed=0), attack


def curves(cards: Iterable[Card]) -> list[list[Card]]:
    """The runs of each curve among these, by rising poison rate and seed."""
    groups: dict[tuple[str, Recipe, Attack], list[Card]] = {}
    for card in cards:
        groups.setdefault(settings(card), []).append(card)
    return [sorted(runs, key=_place) for runs in groups.values()]


def _place(card: Card) -> tuple[float, int]:
    return card.measured_under.rate, card.recipe.seed


def identity(card: Card) -> tuple[str, Recipe, Attack]:
    """What no two runs of a file have in common."""
    return card.data, card.recipe, card.measured_under


def add(path: Path, cards: Iterable[Card]) -> None:
    """Adds runs of any number of curves to a file, all of them or none; what is there stays.

    Several programs may add to one file at once. Raises ValueError where it holds something else.
    """
    with file.locked(path):
        known = {identity(card): card for card in [*read(path), *cards]}
        ordered = [card.to_json() for runs in curves(known.values()) for card in runs]
        with file.whole(path) as part:
            part.write_text(json.dumps({"runs": ordered}, indent=1), encoding="utf-8")
