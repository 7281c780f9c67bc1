"""Many trainings: poison rates x seeds, in parallel through joblib, gone on with where it stopped.

Every training uses one thread, so that the numbers are the same whichever engine runs them and
however many run at once.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import joblib
import torch
from joblib.externals.loky.process_executor import TerminatedWorkerError

from core.attack.poison import Attack, poison
from core.digits import mnist
from core.model.recipe import Recipe
from core.runs import curve
from core.runs.card import Card
from core.runs.run import Run, make

BACKENDS = ("loky", "threading", "sequential", "dask", "ray")
PATIENCE = 3  # times in a row that a worker may die before a sweep gives up


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

    def tasks(self) -> list[tuple[Recipe, Attack]]:
        return [
            (replace(self.recipe, seed=seed), replace(self.attack, rate=rate, seed=seed))
            for rate in self.rates
            for seed in self.seeds
        ]


def train_one(recipe: Recipe, attack: Attack) -> Card:
    """One training on one thread of whatever machine this is."""
    torch.set_num_threads(1)
    clean = attack.rate == 0
    events = make(
        mnist.load(),
        recipe,
        None if clean else attack,
        name=f"{attack.rate:.4%}, seed {attack.seed}",
        measured_under=attack,
        device="cpu",
    )
    *_, run = events
    assert isinstance(run, Run)
    return run.card


def run(
    sweep: Sweep, path: Path, *, backend: str = "loky", address: str | None = None, jobs: int = -1
) -> Iterator[Card]:
    """Yields the card of every training, those in `path` first, each new one written there at once.

    backend: one of BACKENDS; address: of the Dask or Ray cluster to attach to.
    `path` may hold any number of sweeps; what is there stays.
    Raises ValueError where it holds something else, RuntimeError where workers keep dying.
    """
    if backend not in BACKENDS:
        raise ValueError(f"expected a backend of {', '.join(BACKENDS)}, got {backend}")
    done = {_key(card): card for card in curve.read(path)}
    wanted = {(mnist.NAME, *task): task for task in sweep.tasks()}
    yield from (done[key] for key in wanted if key in done)
    for key, (_, attack) in wanted.items():
        if key not in done:
            poison(mnist.load().training, attack)  # refuses a rate that does not fit, before hours
    deaths = 0
    while waiting := [task for key, task in wanted.items() if key not in done]:
        try:
            for card in _train(waiting, backend, address, jobs):
                done[_key(card)] = card
                curve.write(path, done.values())
                deaths = 0
                yield card
        except TerminatedWorkerError as error:
            deaths += 1
            if deaths == PATIENCE:
                raise RuntimeError(
                    f"{PATIENCE} workers died one after another, perhaps for want of memory; what "
                    f"was done is in {path}, and the same command goes on from there"
                ) from error


def _train(
    tasks: list[tuple[Recipe, Attack]], backend: str, address: str | None, jobs: int
) -> Iterator[Card]:
    with ExitStack() as stack:
        for context in _engine(backend, address, jobs):
            stack.enter_context(context)
        parallel = joblib.Parallel(return_as="generator_unordered", pre_dispatch="all")
        yield from parallel(joblib.delayed(train_one)(*task) for task in tasks)


def _engine(backend: str, address: str | None, jobs: int) -> list[AbstractContextManager]:
    if backend == "dask":
        from dask.distributed import Client

        # joblib's Dask backend uses the client that is open
        return [Client(address), joblib.parallel_config(backend, n_jobs=jobs)]
    if backend == "ray":
        import ray
        from ray.util.joblib import register_ray

        ray.init(address=address or "auto", ignore_reinit_error=True)
        register_ray()
    if backend == "loky":
        return [joblib.parallel_config(backend, n_jobs=jobs, inner_max_num_threads=1)]
    return [joblib.parallel_config(backend, n_jobs=jobs)]


def _key(card: Card) -> tuple[str, Recipe, Attack]:
    """What no two runs of a file have in common."""
    return card.data, card.recipe, card.measured_under
