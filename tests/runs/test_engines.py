"""Engines: the same results from each, though a worker dies; and they end where nobody waits."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest
from dask.distributed import Client

from core.runs import engines
from tests.harness import ROOT, free_port

TASKS = [(i, 10) for i in range(6)]
SUMS = {i: i + 10 for i in range(6)}


def work(victim: str = "", seconds: float = 0) -> Callable[..., int]:
    """A sum that takes some time; the one worker that takes the victim's file away kills itself.

    A closure, so that workers need to import nothing of these tests.
    """

    def add(one: int, other: int, stop: object = None) -> int:
        with suppress(FileNotFoundError):  # another worker was quicker
            if victim:
                os.unlink(victim)
                os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(seconds)
        return one + other

    return add


def results(done) -> dict[int, int]:
    return dict(each for each in done if each)


@pytest.mark.parametrize("backend", ["sequential", "threading"])
def test_threads_do_all_of_it(backend):
    assert results(engines.run(work(), TASKS, backend=backend)) == SUMS


def test_processes_do_all_of_it_though_one_dies(tmp_path):
    victim = tmp_path / "victim"
    victim.touch()
    assert results(engines.run(work(str(victim)), TASKS, backend="loky", jobs=2)) == SUMS
    assert not victim.exists()


def test_workers_that_keep_dying_end_it_in_a_sentence():
    def dying(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(RuntimeError, match="3 workers died one after another"):
        list(engines.run(dying, TASKS[:1], backend="loky", jobs=1))


def test_an_engine_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match=r"expected a backend of loky, .* got spark"):
        next(engines.run(work(), TASKS, backend="spark"))


def test_an_error_of_the_work_is_the_callers():
    def failing(*_):
        raise ValueError("this one")

    with pytest.raises(ValueError, match="this one"):
        list(engines.run(failing, TASKS, backend="threading"))


def test_whoever_leaves_early_stops_the_threads():
    begun, ended = Event(), Event()

    def endless(_one, _other, stop: Event) -> None:
        begun.set()
        while not stop.is_set():
            time.sleep(0.01)
        ended.set()

    done = engines.run(endless, TASKS, backend="threading", jobs=1)
    assert next(done) is None
    assert begun.wait(10)
    done.close()
    assert ended.wait(10)


@contextmanager
def running(*commands):
    """Programs of a cluster, each with its children, until the end."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    quiet = {"cwd": ROOT, "env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen([sys.executable, *command], **quiet) for command in commands]
    try:
        yield
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


@contextmanager
def dask(folder):
    """The README's two lines: a scheduler and two workers, each a process of its own."""
    address = f"tcp://127.0.0.1:{free_port()}"
    place = ["--scheduler-file", str(folder / "scheduler.json"), "--no-dashboard"]
    scheduler = ["-m", "dask", "scheduler", "--port", address.rpartition(":")[2], *place]
    workers = ["-m", "dask", "worker", *place, "--nworkers", "2", "--nthreads", "1"]
    with running(scheduler, workers):
        with Client(address) as client:  # one that dies before it is there takes the other along
            client.wait_for_workers(2, timeout=60)
        yield address


@contextmanager
def ray(folder):
    """The README's line: a head that has two workers."""
    address = f"127.0.0.1:{free_port()}"
    head = ["-m", "ray.scripts.scripts", "start", "--head", "--block", "--num-cpus=2"]
    head += [f"--port={address.rpartition(':')[2]}", "--include-dashboard=false"]
    head += [f"--temp-dir={folder}", "--node-ip-address=127.0.0.1"]
    with running(head):
        yield address


@pytest.mark.parametrize("cluster", [dask, ray])
def test_a_cluster_does_all_of_it_though_a_worker_dies(tmp_path, cluster):
    victim = tmp_path / "victim"
    victim.touch()
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder)) as address:
        act = work(str(victim), seconds=0.5)
        done = engines.run(act, TASKS, backend=cluster.__name__, address=address)
        assert results(done) == SUMS
    assert not victim.exists()
