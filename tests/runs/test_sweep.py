"""Sweeps: the same numbers whoever trains them, and nothing lost when it is cut short."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pytest

from core.attack.poison import Attack
from core.digits import mnist
from core.model.recipe import FAST, RECIPES
from core.places import ASSETS
from core.runs import sweep
from core.runs.card import Card
from core.runs.sweep import Sweep
from tests import slices
from tests.harness import ROOT

SMALL = Sweep(
    recipe=replace(FAST, epochs=1, batch=512),
    attack=Attack(),
    rates=(0, 0.05),
    seeds=(1, 2),
)


def scores(cards):
    return {
        (card.measured_under.rate, card.recipe.seed): card.scores.to_json()
        for card in cards
        if card
    }


def first(cards) -> Card:
    return next(filter(None, cards))


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


def test_it_goes_on_where_it_was(alone, tmp_path, monkeypatch):
    path = tmp_path / "sweep.json"
    half = replace(SMALL, seeds=(1,))
    assert len(scores(sweep.run(half, path, backend="sequential"))) == 2
    trained = []
    train_one = sweep.train_one
    monkeypatch.setattr(sweep, "train_one", lambda *task: trained.append(task) or train_one(*task))
    assert scores(sweep.run(SMALL, path, backend="sequential")) == alone
    assert [task[1].seed for task in trained] == [2, 2]
    assert len(sweep.read(path)) == 4
    assert len(scores(sweep.run(half, path, backend="sequential"))) == 2  # what was asked for
    assert len(sweep.read(path)) == 4  # and nothing is thrown away


@pytest.fixture
def victim(tmp_path, monkeypatch) -> Path:
    """Makes the worker that begins the first training kill itself; its file is gone then."""
    victim = tmp_path / "victim"
    victim.touch()
    train_one = sweep.train_one

    def dying_once(*task):
        try:
            victim.unlink()
        except FileNotFoundError:
            return train_one(*task)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(sweep, "train_one", dying_once)
    return victim


def test_the_engine_changes_no_number_and_a_worker_that_dies_loses_nothing(alone, tmp_path, victim):
    assert scores(sweep.run(SMALL, tmp_path / "s.json", backend="loky", jobs=2)) == alone
    assert not victim.exists()


def test_workers_that_keep_dying_end_it_in_a_sentence_that_says_what_is_kept(tmp_path, monkeypatch):
    path = tmp_path / "s.json"

    def dying(*_, **__):
        raise RuntimeError("3 workers died one after another")
        yield

    monkeypatch.setattr(sweep.engines, "run", dying)
    with pytest.raises(RuntimeError, match=r"3 workers died .* what was done is in"):
        list(sweep.run(SMALL, path))


def test_a_file_holds_sweeps_of_any_settings_and_nothing_else(tmp_path):
    path = tmp_path / "s.json"
    one = replace(SMALL, rates=(0,), seeds=(1,))
    other = replace(one, attack=Attack(target=3))
    cards = [first(sweep.run(each, path, backend="sequential")) for each in (one, other)]
    assert sweep.curves(sweep.read(path)) == [[card] for card in cards]
    assert len({sweep.settings(card) for card in cards}) == 2
    path.write_text("no JSON", encoding="utf-8")
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


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_what_is_left_keeps_what_was_trained(tmp_path, backend):
    path, before = tmp_path / "s.json", set(threading.enumerate())
    cards = sweep.run(SMALL, path, backend=backend, jobs=1)
    card = first(cards)
    cards.close()
    assert sweep.read(path) == [card]
    for thread in set(threading.enumerate()) - before:
        if "ThreadPool" in thread.name:
            thread.join(30)  # it stops at its next step
            assert not thread.is_alive()


def test_what_is_left_before_a_training_ends_is_given_up(tmp_path, monkeypatch):
    events = []

    def endless(*_, **__):
        while True:
            events.append(1)
            yield None

    monkeypatch.setattr(sweep, "learn", endless)
    cards = sweep.run(SMALL, tmp_path / "s.json", backend="threading", jobs=2)
    assert next(cards) is None
    cards.close()  # and comes back, which it would not if a training went on
    assert events
    assert not (tmp_path / "s.json").exists()


def test_two_sweeps_into_one_file_lose_nothing(alone, tmp_path):
    path = tmp_path / "s.json"
    sweeps = [
        sweep.run(replace(SMALL, seeds=(seed,)), path, backend="threading") for seed in (1, 2)
    ]
    cards = [card for each in zip_longest(*sweeps) for card in each]  # turn by turn
    assert scores(cards) == scores(sweep.read(path)) == alone


def test_programs_that_write_to_one_file_wait_for_each_other(tmp_path):
    path = tmp_path / "s.json"
    program = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from core.runs import sweep\n"
        "path, first = Path(sys.argv[1]), int(sys.argv[2])\n"
        "card = sweep.read(sweep.SHIPPED)[0]\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "for seed in range(first, first + 20):\n"
        "    sweep.add(path, [replace(card, recipe=replace(card.recipe, seed=seed))])\n"
    )
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path), str(1000 * number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2, 3)
    ]
    for each in programs:
        assert each.stdout.readline() == "ready\n"
    for each in programs:
        each.stdin.write("go\n")
        each.stdin.flush()
    assert [each.wait(60) for each in programs] == [0, 0, 0]
    seeds = sorted(card.recipe.seed for card in sweep.read(path))
    assert seeds == [1000 * number + i for number in (1, 2, 3) for i in range(20)]


@pytest.mark.parametrize(("name", "rates", "seeds"), [("fast", 10, 5), ("article", 6, 3)])
def test_the_shipped_curves_are_what_the_tables_say(name, rates, seeds):
    recipe = replace(RECIPES[name], seed=0)
    runs = next(
        runs
        for runs in sweep.curves(sweep.read(sweep.SHIPPED))
        if sweep.settings(runs[0]) == ("MNIST", recipe, Attack(rate=0, seed=0))
    )
    table = (ASSETS / "results.md").read_text(encoding="utf-8")
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
