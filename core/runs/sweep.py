"""Many trainings: poison rates x seeds, at once wherever there is room, gone on with later.

Their cards are kept in a file; those that differ in poison rate and seed alone make a curve.

Every training uses one thread, so that the numbers are the same whichever engine runs them and
however many run at once.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import torch

from core.attack.phrases import percentage
from core.attack.poison import Attack, poison
from core.digits import mnist
from core.model.recipe import Recipe
from core.places import ASSETS
from core.runs import file
from core.runs.card import Card
from core.runs.run import Trained, learn

SHIPPED = ASSETS / "curve.json"
BACKENDS = ("loky", "threading", "sequential", "dask", "ray")
PATIENCE = 3  # times in a row that a worker may die before a sweep gives up
TICK = 0.1  # seconds between two looks at whether anybody still wants the result

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
    torch.set_num_threads(1)
    events = learn(
        mnist.load(),
        recipe,
        attack if attack.rate else None,
        name=f"{percentage(attack.rate)}, seed {attack.seed}",
        measured_under=attack,
        device="cpu",
    )
    for event in events:
        if isinstance(event, Trained):
            return event.run.card
        if stop and stop.is_set():
            break
    raise CancelledError


def run(
    sweep: Sweep, path: Path, *, backend: str = "loky", address: str | None = None, jobs: int = -1
) -> Iterator[Card | None]:
    """Yields the card of every training, those in `path` first, and None while there are none.

    Leave the loop to cancel: what was trained is in `path`, each written there before it is
    yielded; what is still being trained is given up.
    backend: one of BACKENDS; address: of the Dask or Ray cluster to attach to; jobs: trainings at
    once, -1 for as many as there are cores.
    `path` may hold any number of sweeps, and others may write to it meanwhile; what is there stays.
    Raises ValueError where it holds something else, RuntimeError where workers keep dying.
    """
    if backend not in BACKENDS:
        raise ValueError(f"expected a backend of {', '.join(BACKENDS)}, got {backend}")
    done = {identity(card): card for card in read(path)}
    waiting = {(mnist.NAME, *task): task for task in sweep.tasks()}
    yield from (done[key] for key in waiting if key in done)
    waiting = {key: task for key, task in waiting.items() if key not in done}
    for _, attack in waiting.values():
        poison(mnist.load().training, attack)  # refuses a rate that does not fit, before hours
    deaths = 0
    while waiting:
        try:
            for card in _train(list(waiting.values()), backend, address, jobs):
                if card:
                    add(path, [card])
                    del waiting[identity(card)]
                    deaths = 0
                yield card
        except BrokenProcessPool as error:
            deaths += 1
            if deaths == PATIENCE:
                raise RuntimeError(
                    f"{PATIENCE} workers died one after another, perhaps for want of memory; what "
                    f"was done is in {path}, and the same command goes on from there"
                ) from error


def _train(
    tasks: list[Task], backend: str, address: str | None, jobs: int
) -> Iterator[Card | None]:
    with _engine(backend, address, jobs) as submit:
        futures = {submit(task) for task in tasks}
        while futures:
            ready, futures = wait(futures, timeout=TICK, return_when=FIRST_COMPLETED)
            yield None
            for future in ready:
                yield future.result()


@contextmanager
def _engine(
    backend: str, address: str | None, jobs: int
) -> Iterator[Callable[[Task], Future[Card]]]:
    """Gives a function that has a task done somewhere; what is not done at the end is given up.

    Raises BrokenProcessPool where a worker died.
    """
    import joblib  # 0.1 s that the app, which trains nothing itself, can do without

    if backend == "dask":
        yield from _dask(address)
    elif backend == "ray":
        yield from _ray(address)
    elif backend == "loky":
        processes = joblib.externals.loky.get_reusable_executor(
            max_workers=joblib.effective_n_jobs(jobs)
        )
        try:
            yield lambda task: processes.submit(train_one, *task)
        finally:
            processes.shutdown(kill_workers=True)
    else:
        stop = Event()
        jobs = 1 if backend == "sequential" else joblib.effective_n_jobs(jobs)
        threads = ThreadPoolExecutor(jobs)
        try:
            yield lambda task: threads.submit(train_one, *task, stop)
        finally:
            stop.set()
            threads.shutdown(wait=False, cancel_futures=True)  # measuring takes seconds


def _dask(address: str | None) -> Iterator[Callable[[Task], Future[Card]]]:
    from dask.distributed import Client, KilledWorker

    with Client(address) as client:
        executor = client.get_executor()
        try:
            yield lambda task: executor.submit(train_one, *task)
        except KilledWorker as error:
            raise BrokenProcessPool(f"{error}") from error


def _ray(address: str | None) -> Iterator[Callable[[Task], Future[Card]]]:
    import ray

    ray.init(address=address or "auto")
    remote = ray.remote(train_one)  # done again, elsewhere, where its worker dies
    try:
        yield lambda task: remote.remote(*task).future()
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
        raise BrokenProcessPool(f"{error}") from error
    finally:
        ray.shutdown()


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
