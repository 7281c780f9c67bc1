"""Sweeps: the same numbers whoever trains them, and nothing lost when it is cut short."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest

from core.attack.poison import Attack
from core.digits import mnist
from core.model.recipe import FAST, RECIPES
from core.runs import curve, sweep
from core.runs.card import Card
from core.runs.sweep import Sweep
from tests import slices
from tests.harness import ROOT, free_port

SMALL = Sweep(
    recipe=replace(FAST, epochs=1, batch=512),
    attack=Attack(),
    rates=(0, 0.05),
    seeds=(1, 2),
)


def scores(cards):
    return {(card.measured_under.rate, card.recipe.seed): card.scores.to_json() for card in cards}


@pytest.fixture(scope="module", autouse=True)
def small():
    """Every training is on a slice of MNIST, whichever process it is in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "train_one", slices.train_one)
        patch.setattr(mnist, "load", slices.small)
        yield


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweep") / "alone.json"
    return scores(sweep.run(SMALL, path, backend="sequential"))


def test_every_rate_meets_every_seed(alone):
    assert set(alone) == {(0, 1), (0, 2), (0.05, 1), (0.05, 2)}


def test_the_engine_does_not_change_the_numbers(alone, tmp_path):
    assert scores(sweep.run(SMALL, tmp_path / "loky.json", backend="loky", jobs=2)) == alone


def test_it_goes_on_where_it_was(alone, tmp_path, monkeypatch):
    path = tmp_path / "sweep.json"
    half = replace(SMALL, seeds=(1,))
    assert len(list(sweep.run(half, path, backend="sequential"))) == 2
    trained = []
    train_one = sweep.train_one
    monkeypatch.setattr(sweep, "train_one", lambda *task: trained.append(task) or train_one(*task))
    assert scores(sweep.run(SMALL, path, backend="sequential")) == alone
    assert [task[1].seed for task in trained] == [2, 2]
    assert len(json.loads(path.read_text())["runs"]) == 4
    assert len(list(sweep.run(half, path, backend="sequential"))) == 2  # what was asked for
    assert len(json.loads(path.read_text())["runs"]) == 4  # and nothing is thrown away


def test_a_worker_that_dies_loses_nothing(alone, tmp_path, monkeypatch):
    victim = tmp_path / "victim"
    victim.touch()
    train_one = sweep.train_one

    def dying_once(*task):
        if victim.exists():
            victim.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return train_one(*task)

    monkeypatch.setattr(sweep, "train_one", dying_once)
    assert scores(sweep.run(SMALL, tmp_path / "s.json", backend="loky", jobs=2)) == alone
    assert not victim.exists()


def test_workers_that_keep_dying_end_it_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep, "train_one", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(RuntimeError, match="3 workers died one after another"):
        list(sweep.run(SMALL, tmp_path / "s.json", backend="loky", jobs=2))


def test_a_file_holds_sweeps_of_any_settings_and_nothing_else(tmp_path):
    path = tmp_path / "s.json"
    one = replace(SMALL, rates=(0,), seeds=(1,))
    other = replace(one, attack=Attack(target=3))
    first = next(sweep.run(one, path, backend="sequential"))
    second = next(sweep.run(other, path, backend="sequential"))
    assert curve.curves(curve.read(path)) == [[first], [second]]
    assert curve.settings(first) != curve.settings(second)
    path.write_text("no JSON")
    with pytest.raises(ValueError, match="to hold a sweep"):
        next(sweep.run(SMALL, path, backend="sequential"))


def test_a_rate_without_an_image_is_refused_before_anything_is_trained(tmp_path):
    path = tmp_path / "s.json"
    with pytest.raises(ValueError, match="expected a poison rate of 0 or at least"):
        next(sweep.run(replace(SMALL, rates=(0.05, 1e-7)), path, backend="sequential"))
    assert not path.exists()


@pytest.mark.parametrize("wrong", [{"rates": ()}, {"seeds": ()}, {"rates": (2,)}])
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"expected .* got"):
        replace(SMALL, **wrong)


@pytest.fixture
def dask_cluster(tmp_path):
    """The README's two lines: a scheduler and two workers, each a process of its own."""
    pytest.importorskip("dask.distributed", reason="an optional extra")
    place = ["--scheduler-file", str(tmp_path / "scheduler.json"), "--no-dashboard"]
    dask = [sys.executable, "-m", "dask"]
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    address = f"tcp://127.0.0.1:{free_port()}"
    started = [
        subprocess.Popen(
            [*dask, "scheduler", "--port", address.rpartition(":")[2], *place], **quiet
        ),
        subprocess.Popen(
            [*dask, "worker", *place, "--nworkers", "2", "--nthreads", "1"],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            **quiet,
        ),
    ]
    yield address, psutil.Process(started[1].pid)
    for process in reversed(started):
        process.terminate()
        process.wait(30)


def test_dask_gives_the_same_numbers_and_survives_a_killed_worker(alone, tmp_path, dask_cluster):
    address, nannies = dask_cluster
    cards = sweep.run(SMALL, tmp_path / "s.json", backend="dask", address=address)
    first = next(cards)
    max(nannies.children(recursive=True), key=lambda child: child.memory_info().rss).kill()
    assert scores([first, *cards]) == alone


@pytest.mark.parametrize(("name", "rates", "seeds"), [("fast", 10, 5), ("article", 6, 3)])
def test_the_shipped_curves_are_what_the_readme_says(name, rates, seeds):
    recipe = replace(RECIPES[name], seed=0)
    runs = next(
        runs
        for runs in curve.curves(curve.read(curve.SHIPPED))
        if curve.settings(runs[0]) == ("MNIST", recipe, Attack(rate=0, seed=0))
    )
    table = (ROOT / "README.md").read_text()
    found: dict[float, list[Card]] = {}
    for card in runs:
        found.setdefault(card.measured_under.rate, []).append(card)
    enough = [rate for rate, cards in found.items() if rate and len(cards) >= seeds]
    assert len(enough) >= rates
    for cards in found.values():
        assert [card.recipe.seed for card in cards] == list(range(1, len(cards) + 1))
        values = [card.scores.attack_success.value * 100 for card in cards]
        mean = sum(values) / len(values)
        line = f"| {mean:.1f} | {min(values):.1f} to {max(values):.1f} |"
        assert f"| {cards[0].poisoned:,} | {len(cards)} |" in table
        assert line in table
