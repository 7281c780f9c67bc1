"""Where much work is done at once: threads or processes of this machine, a Dask or a Ray cluster.

Every piece of work uses one thread, so that the numbers are the same whichever engine does it and
however much is done at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from threading import Event
from typing import Any, TypeVar

import torch

CLUSTERS = ("dask", "ray")
BACKENDS = ("loky", "threading", "sequential", *CLUSTERS)
PATIENCE = 3  # times in a row that a worker may die before the rest is given up
TICK = 0.1  # seconds between two looks at whether anybody still wants the results

Act = Callable[..., Any]  # takes a task's arguments and, from threads, an Event that asks it to end
Task = tuple[Any, ...]
Last = TypeVar("Last")
Submit = Callable[[Task], Future[Any]]


def run(
    act: Act,
    tasks: Sequence[Task],
    *,
    backend: str = "loky",
    address: str | None = None,
    jobs: int = -1,
) -> Iterator[tuple[int, Any] | None]:
    """Yields the place and the result of each task as it is done, and None while none is.

    Leave the loop to cancel; what is still being done is given up.
    backend: one of BACKENDS; address: of the Dask or Ray cluster to attach to; jobs: tasks at once,
    -1 for as many as there are cores.
    Raises ValueError for another backend or an address that it has no use for, RuntimeError where
    workers keep dying.
    """
    if backend not in BACKENDS:
        raise ValueError(f"expected a backend of {', '.join(BACKENDS)}, got {backend}")
    if address and backend not in CLUSTERS:
        raise ValueError(f"expected no address for {backend}, which is this machine, got {address}")
    waiting = dict(enumerate(tasks))
    deaths = 0
    while waiting:
        try:
            for done in _all(act, dict(waiting), backend, address, jobs):
                if done:
                    del waiting[done[0]]
                    deaths = 0
                yield done
        except BrokenProcessPool as error:
            deaths += 1
            if deaths == PATIENCE:
                raise RuntimeError(
                    f"{PATIENCE} workers died one after another, perhaps for want of memory"
                ) from error


def _all(
    act: Act, tasks: dict[int, Task], backend: str, address: str | None, jobs: int
) -> Iterator[tuple[int, Any] | None]:
    with _engine(act, backend, address, jobs) as submit:
        places = {submit(task): place for place, task in tasks.items()}
        while places:
            ready, _ = wait(places, timeout=TICK, return_when=FIRST_COMPLETED)
            yield None
            for future in ready:
                yield places.pop(future), future.result()


def finish(events: Iterable[Any], last: type[Last], stop: Event | None) -> Last:
    """What a training ends with, on one thread. Raises CancelledError at its next step once `stop`
    is set."""
    torch.set_num_threads(1)
    for event in events:
        if isinstance(event, last):
            return event
        if stop and stop.is_set():
            break
    raise CancelledError


@contextmanager
def _engine(act: Act, backend: str, address: str | None, jobs: int) -> Iterator[Submit]:
    """Gives a function that has a task done somewhere; what is not done at the end is given up.

    Raises BrokenProcessPool where a worker died.
    """
    import joblib  # 0.1 s that the app, which trains nothing itself, can do without

    if backend == "dask":
        yield from _dask(act, address)
    elif backend == "ray":
        yield from _ray(act, address)
    elif backend == "loky":
        processes = joblib.externals.loky.get_reusable_executor(
            max_workers=joblib.effective_n_jobs(jobs)
        )
        try:
            yield lambda task: processes.submit(act, *task)
        finally:
            processes.shutdown(kill_workers=True)
    else:
        stop = Event()
        jobs = 1 if backend == "sequential" else joblib.effective_n_jobs(jobs)
        threads = ThreadPoolExecutor(jobs)
        try:
            yield lambda task: threads.submit(act, *task, stop)
        finally:
            stop.set()
            threads.shutdown(wait=False, cancel_futures=True)  # measuring takes seconds


def _dask(act: Act, address: str | None) -> Iterator[Submit]:
    from dask.distributed import Client, KilledWorker

    with Client(address) as client:
        executor = client.get_executor()
        try:
            yield lambda task: executor.submit(act, *task)
        except KilledWorker as error:
            raise BrokenProcessPool(f"{error}") from error


def _ray(act: Act, address: str | None) -> Iterator[Submit]:
    import ray

    ray.init(address=address or "auto")
    remote = ray.remote(act)  # done again, elsewhere, where its worker dies
    try:
        yield lambda task: remote.remote(*task).future()
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
        raise BrokenProcessPool(f"{error}") from error
    finally:
        ray.shutdown()
