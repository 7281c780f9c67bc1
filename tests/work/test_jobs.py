"""The queue and its worker process, with real work on a slice of MNIST."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psutil
import pytest

from core.attack.poison import Attack
from core.model.role import Role
from core.places import ROOT
from core.runs import library
from core.work import jobs
from core.work.jobs import WorkerError
from core.work.messages import State
from core.work.questions import Preview, Warm
from core.work.tasks import TrainMany
from tests.work.board import BRIEF, DEAF, LONG, over, train, under_way, until


def test_a_training_tells_how_it_goes_and_is_saved(board):
    job = over(train(board, title="mine", rate=0.02))
    assert (job.state, job.words) == (State.DONE, "")
    progress = job.progress
    assert (progress.share, progress.total) == (1, 6000)
    for role in Role:
        seen = [point.seen for point in progress.points[role]]
        assert len(seen) >= 10
        assert seen == sorted(seen)
        assert seen[-1] == 6000
    entry = next(entry for entry in library.listed()[0] if entry.id == progress.run)
    assert entry.card.name == "mine"
    assert (entry.twin, entry.card) == progress.cards
    assert entry.card.scores.clean_accuracy.value > 0.5


def test_two_at_once_both_get_their_result(board):
    first, second, third = (train(board, title=name) for name in ("one", "two", "three"))
    assert [board.ahead(job) for job in (first, second, third)] == [0, 1, 2]
    board.cancel(third)
    assert third.state == State.CANCELLED
    until(lambda: second.started)
    assert not first.active
    assert over(first).state == over(second).state == State.DONE
    assert first.progress.run != second.progress.run


def test_questions_are_answered_while_work_goes_on(board):
    job = train(board, LONG)
    under_way(job)
    preview = board.ask(Preview(attack=Attack(rate=0.02)))
    assert (preview["images"], preview["poisoned"]) == (6000, 120)
    assert job.active
    board.cancel(job)
    over(job)


def test_a_cancelled_training_leaves_a_warm_worker_and_no_run(board):
    job = train(board, LONG)
    under_way(job)
    worker, before = board._worker, library.listed()
    board.cancel(job)
    assert over(job).state == State.CANCELLED
    assert library.listed() == before
    assert over(train(board)).state == State.DONE
    assert board._worker is worker


def test_a_worker_that_does_not_listen_is_not_waited_for(board, monkeypatch):
    job = train(board, LONG)
    under_way(job)
    os.kill(board._worker.pid, signal.SIGSTOP)
    monkeypatch.setattr(jobs, "PATIENCE", 0.1)
    board.cancel(job)
    assert over(job).state == State.CANCELLED
    assert over(train(board)).state == State.DONE


def test_a_worker_that_is_killed_ends_its_job_and_the_next_one_runs(board):
    job, following = train(board, LONG), train(board)
    under_way(job)
    os.kill(board._worker.pid, signal.SIGKILL)
    assert over(job).state == State.FAILED
    assert "killed by signal 9" in job.words
    assert over(following).state == State.DONE


def test_a_question_to_a_worker_that_is_killed_is_answered_by_the_next(board):
    board.ask(Warm())
    worker = board._worker
    os.kill(worker.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(board.ask, Preview(attack=Attack()))
        until(lambda: board._answers)
        os.kill(worker.pid, signal.SIGKILL)
        assert answer.result()["images"] == 6000
    assert board._worker is not worker


def test_a_line_that_the_worker_cannot_read_ends_its_job_in_a_sentence(board):
    job = train(board, LONG)
    under_way(job)
    board._worker.stdin.write(b"nonsense\n")
    board._worker.stdin.flush()
    assert over(job).state == State.FAILED
    assert "could not read what the app said: expected a message, got 'nonsense'" in job.words
    assert over(train(board)).state == State.DONE


def test_a_line_that_the_app_cannot_read_ends_the_job_in_a_sentence(another, monkeypatch):
    monkeypatch.setattr(jobs, "COMMAND", [*DEAF[:2], f"print('nonsense', flush=True); {DEAF[2]}"])
    job = over(train(another))
    assert job.state == State.FAILED
    assert "could not read what the worker said: expected a message, got 'nonsense'" in job.words


def test_a_worker_that_cannot_be_started_fails_its_jobs_and_the_queue_goes_on(another, monkeypatch):
    monkeypatch.setattr(jobs, "COMMAND", ["/nowhere/python"])
    first, second = train(another), train(another)
    for job in (first, second):
        assert over(job).state == State.FAILED
        assert "the worker could not be started" in job.words
    with pytest.raises(WorkerError, match="could not be started"):
        another.ask(Warm())
    another.prepare(Warm())
    monkeypatch.setattr(jobs, "COMMAND", DEAF)
    assert train(another).state == State.RUNNING


def test_there_is_one_worker_whoever_asks_and_however_many_at_once(another, monkeypatch):
    started, process = [], jobs._process
    monkeypatch.setattr(jobs, "COMMAND", DEAF)
    monkeypatch.setattr(jobs, "_process", lambda: started.append(process()) or started[-1])
    together = Barrier(8)

    def visit(number: int) -> None:
        together.wait()
        another.prepare(Warm()) if number % 2 else train(another)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(8)))
    assert len(started) == 1
    assert started[0].poll() is None


def test_a_board_that_is_closed_has_no_active_job_and_can_be_used_again(another, monkeypatch):
    monkeypatch.setattr(jobs, "COMMAND", DEAF)
    both = [train(another), train(another)]
    worker = another._worker
    another.close()
    assert [job.state for job in both] == [State.CANCELLED] * 2
    assert worker.poll() is not None
    assert train(another).state == State.RUNNING


def test_a_sweep_is_left_in_the_middle_of_its_trainings(board):
    board.ask(Warm())
    worker = board._worker
    job = board.start(TrainMany(recipe=LONG, attack=Attack(seed=8), rates=(0.01, 0.02), seeds=2))
    board.ask(Preview(attack=Attack()))
    board.cancel(job)
    assert over(job).state == State.CANCELLED
    assert job.progress.swept == ()
    assert over(train(board)).state == State.DONE
    assert board._worker is worker


def test_a_sweep_in_the_worker_is_kept_and_goes_on(board):
    def sweep(*rates: float) -> tuple:
        work = TrainMany(recipe=BRIEF, attack=Attack(), rates=rates, seeds=1)
        return over(board.start(work)).progress.swept

    first = sweep(0.02)
    more = sweep(0.02, 0.1)
    assert [len(cards) for cards in (first, more)] == [1, 2]
    assert more[0] == first[0]


ORPHAN = """
import time
from core.work.jobs import Board
from tests.work.board import LONG, train, under_way
board = Board()
job = train(board, LONG)
under_way(job)
print(board._worker.pid, flush=True)
time.sleep(600)
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
    worker.wait(60)
    assert not worker.is_running()
    assert list(tmp_path.iterdir()) == []
