"""Work for a board and its worker, and what is waited for."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace

from core.attack.poison import Attack
from core.model.recipe import FAST
from core.work.jobs import Job
from core.work.messages import State
from core.work.tasks import Train

BRIEF = replace(FAST, epochs=1, batch=512, bf16=False)
LONG = replace(BRIEF, epochs=1000, hardest=1)
DEAF = [sys.executable, "-c", "import sys; sys.stdin.read()"]  # a worker that says nothing


def train(board, recipe=BRIEF, title="a run", **attack) -> Job:
    return board.start(Train(recipe=recipe, attack=Attack(**attack), title=title))


def over(job: Job) -> Job:
    assert job.over.wait(120), f"still {job.state}"
    return job


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def under_way(job: Job) -> None:
    until(lambda: job.progress.share > 0 or job.progress.swept)
    assert job.state == State.RUNNING
