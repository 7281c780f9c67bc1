"""The worker process and its queue, with real work on a slice of MNIST."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core.attack.poison import Attack
from core.model.recipe import FAST
from core.runs import library
from core.runs.card import Card
from core.work import jobs
from core.work.jobs import Board, Job, State
from tests.conftest import SMALL_WORKER

ROOT = Path(__file__).parent.parent.parent
BRIEF = replace(FAST, epochs=1, batch=512, bf16=False)
LONG = replace(BRIEF, epochs=1000, hardest=1)
try:
    import resource
except ImportError:  # Windows
    resource = None
needs_limits = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="Linux alone limits another process"
)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """A board of its own, with a runs folder of its own."""
    patch = pytest.MonkeyPatch()
    patch.setenv("BACKDOOR_LAB_HOME", str(tmp_path_factory.mktemp("home")))
    patch.setattr(jobs, "COMMAND", SMALL_WORKER)
    board = Board()
    board.ask("warm")
    yield board
    board.close()
    patch.undo()


def train(board, recipe=BRIEF, title="a run", **attack) -> Job:
    return board.start(
        "train",
        recipe=recipe.to_json(),
        attack=Attack(**attack).to_json(),
        title=title,
    )


def over(job: Job, seconds: float = 60) -> Job:
    assert job.over.wait(seconds), f"still {job.state}"
    return job


def under_way(job: Job) -> None:
    end = time.monotonic() + 30
    while not job.news and job.active and time.monotonic() < end:
        time.sleep(0.01)
    assert job.state == State.RUNNING


def test_a_training_tells_how_it_goes_and_is_saved(board):
    job = over(train(board, title="mine", rate=0.02))
    assert (job.state, job.words) == (State.DONE, "")
    for model in ("clean", "backdoored"):
        news = [each for each in job.news if each.get("model") == model]
        assert news[-1]["seen"] == news[-1]["total"] == 6000
        assert len([each for each in news if each["point"]]) >= 10
    entry = next(entry for entry in library.listed()[0] if entry.id == job.told("run"))
    assert entry.card.name == "mine"
    assert entry.card == Card.from_json(job.told("cards")["backdoored"])
    assert entry.card.scores.clean_accuracy.value > 0.5


def test_two_at_once_both_get_their_result(board):
    first, second, third = (train(board, title=name) for name in ("one", "two", "three"))
    assert [board.ahead(job) for job in (first, second, third)] == [0, 1, 2]
    board.cancel(third)
    assert third.state == State.CANCELLED
    assert over(first).state == over(second).state == State.DONE
    assert first.told("run") != second.told("run")
    assert first.ended <= second.started


def test_questions_are_answered_while_work_goes_on(board):
    job = train(board, LONG)
    under_way(job)
    begun = time.monotonic()
    seen = board.ask("preview", attack=Attack(rate=0.02).to_json())
    assert time.monotonic() - begun < 2
    assert (seen["images"], seen["poisoned"]) == (6000, 120)
    board.cancel(job)
    over(job)


def test_cancelled_within_a_second_and_warm_for_the_next(board):
    job = train(board, LONG)
    under_way(job)
    worker = board._worker.pid
    before = len(library.listed()[0])
    begun = time.monotonic()
    board.cancel(job)
    assert over(job).state == State.CANCELLED
    assert time.monotonic() - begun < 1
    assert len(library.listed()[0]) == before
    assert over(train(board)).state == State.DONE
    assert board._worker.pid == worker


def test_a_worker_that_is_killed_ends_its_job_and_the_next_one_runs(board):
    job, following = train(board, LONG), train(board)
    under_way(job)
    os.kill(board._worker.pid, signal.SIGKILL)
    assert over(job).state == State.FAILED
    assert "killed by signal 9" in job.words
    assert over(following).state == State.DONE


def test_a_question_to_a_worker_that_is_killed_is_answered_by_the_next(board):
    board.ask("warm")
    os.kill(board._worker.pid, signal.SIGSTOP)
    worker = board._worker
    timer = subprocess.Popen(["sh", "-c", f"sleep 0.3; kill -9 {worker.pid}"])
    assert board.ask("preview", attack=Attack().to_json())["images"] == 6000
    timer.wait()
    assert board._worker is not worker


@needs_limits
def test_want_of_memory_is_a_sentence_and_the_next_job_runs(board):
    board.ask("warm")
    pid = board._worker.pid
    size = psutil.Process(pid).memory_info().vms
    resource.prlimit(pid, resource.RLIMIT_AS, (size + 2**20, resource.RLIM_INFINITY))
    job = over(train(board, replace(BRIEF, batch=5000)))
    assert job.state == State.FAILED
    assert "memory" in job.words or "died" in job.words
    if board._worker and board._worker.pid == pid:
        resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    assert over(train(board)).state == State.DONE


@needs_limits
def test_a_full_disk_loses_nothing(board):
    board.ask("warm")
    pid = board._worker.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    before = library.listed()[0]
    job = over(train(board, title="nearly lost"))
    assert job.state == State.FAILED
    assert "could not be written" in job.words
    assert library.listed()[0] == before
    assert not list(library.home().glob(".*.part"))
    again = over(board.start("save", token=job.told("unsaved")))
    assert again.state == State.FAILED
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    again = over(board.start("save", token=again.told("unsaved")))
    assert again.state == State.DONE
    assert library.load(again.told("run")).backdoored.card.name == "nearly lost"
    assert again.told("cards") == job.told("cards")


def test_a_folder_that_cannot_be_written_is_said_before_the_training(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path / "file"))
    board = Board()
    job = over(train(board, LONG))
    board.close()
    assert job.state == State.FAILED
    assert "cannot be written" in job.words
    assert not job.told("model")


def test_a_sweep_in_the_worker_is_kept_and_goes_on(board):
    given = {"recipe": BRIEF.to_json(), "attack": Attack().to_json()}
    first = over(board.start("sweep", rates=[0.02], seeds=1, **given))
    more = over(board.start("sweep", rates=[0.02, 0.1], seeds=1, **given))
    assert [len(job.news) for job in (first, more)] == [1, 2]
    assert more.news[0] == first.news[0]


ORPHAN = """
import os, sys, time
from core.work.jobs import Board
from tests.work.test_jobs import LONG, train
board = Board()
job = train(board, LONG)
while not job.news:
    time.sleep(0.01)
print(board._worker.pid, flush=True)
time.sleep(60)
"""


def test_no_orphan_and_no_half_written_file_when_the_app_is_killed(tmp_path):
    app = subprocess.Popen(
        [sys.executable, "-c", ORPHAN],
        cwd=ROOT,
        env=os.environ | {"BACKDOOR_LAB_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    worker = psutil.Process(int(app.stdout.readline()))
    app.kill()
    app.wait()
    app.stdout.close()
    worker.wait(5)
    assert not worker.is_running()
    assert list(tmp_path.iterdir()) == []
