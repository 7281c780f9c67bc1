"""Where room or memory is wanting, it is said and nothing is lost."""

from dataclasses import replace

import psutil
import pytest

from core.attack.poison import Attack
from core.runs import library, sweep
from core.work import jobs
from core.work.messages import State
from core.work.questions import Warm
from core.work.tasks import SaveAgain, TrainMany
from tests.work.board import BRIEF, DEAF, LONG, over, train, until

try:
    import resource
except ImportError:  # Windows
    resource = None
needs_limits = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="Linux alone limits another process"
)


def limit(board, what: int, size: int) -> None:
    resource.prlimit(board._worker.pid, what, (size, resource.RLIM_INFINITY))


def unlimit(board, what: int) -> None:
    resource.prlimit(board._worker.pid, what, (resource.RLIM_INFINITY,) * 2)


@needs_limits
def test_want_of_memory_is_a_sentence_and_the_worker_lives_on(board):
    board.ask(Warm())
    worker = board._worker
    # The first layer alone makes half a gigabyte of 6,000 images, and its gradient as much.
    limit(board, resource.RLIMIT_AS, psutil.Process(worker.pid).memory_info().vms + 2**29)
    job = over(train(board, replace(BRIEF, batch=6000)))
    unlimit(board, resource.RLIMIT_AS)
    assert (job.state, job.words) == (
        State.FAILED,
        "this machine has not enough free memory for it",
    )
    assert over(train(board)).state == State.DONE
    assert board._worker is worker


@needs_limits
def test_a_full_disk_loses_nothing(board):
    board.ask(Warm())
    limit(board, resource.RLIMIT_FSIZE, 100_000)
    before = library.listed()[0]
    job = over(train(board, title="nearly lost"))
    assert job.state == State.FAILED
    assert "could not be written" in job.words
    assert library.listed()[0] == before
    assert not list(library.home().glob(".*.part"))
    again = over(board.start(SaveAgain(token=job.progress.unsaved)))
    assert again.state == State.FAILED
    unlimit(board, resource.RLIMIT_FSIZE)
    again = over(board.start(SaveAgain(token=again.progress.unsaved)))
    assert again.state == State.DONE
    assert library.load(again.progress.run).backdoored.card.name == "nearly lost"
    assert again.progress.cards == job.progress.cards
    assert again.progress.unsaved is None


@needs_limits
def test_a_cancelled_sweep_keeps_its_worker_and_the_models_that_wait_for_room(board, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", 0)  # whoever may be killed is killed
    board.ask(Warm())
    worker = board._worker
    limit(board, resource.RLIMIT_FSIZE, 100_000)
    unsaved = over(train(board, title="still here")).progress.unsaved
    unlimit(board, resource.RLIMIT_FSIZE)
    rates = tuple(rate / 1000 for rate in range(1, 31))
    job = board.start(TrainMany(recipe=BRIEF, attack=Attack(seed=7), rates=rates, seeds=1))
    until(lambda: job.progress.swept)
    waiting = board.start(SaveAgain(token=unsaved))
    board.cancel(job)
    assert over(job).state == State.CANCELLED
    assert len(job.progress.swept) < len(rates)
    kept = sweep.read(sweep.path_in(library.home()))
    assert all(card in kept for card in job.progress.swept)
    assert over(waiting).state == State.DONE
    assert library.load(waiting.progress.run).backdoored.card.name == "still here"
    assert board._worker is worker


def test_models_still_wait_when_their_saving_is_cancelled_in_the_queue(another, monkeypatch):
    monkeypatch.setattr(jobs, "COMMAND", DEAF)
    train(another)
    job = another.start(SaveAgain(token="t"))
    another.cancel(job)
    assert (job.state, job.progress.unsaved) == (State.CANCELLED, "t")


def test_a_folder_that_cannot_be_written_is_said_before_the_training(
    another, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path / "file"))
    job = over(train(another, LONG))
    assert job.state == State.FAILED
    assert "cannot be written" in job.words
    assert job.progress.share == 0
