"""Long work for the app: one worker process, one job at a time, a queue that everybody can see."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from threading import Event, RLock, Thread, Timer
from typing import Any

from core.places import ROOT

Message = dict[str, Any]
COMMAND = [sys.executable, "-m", "core.work.worker"]
KEPT = 30  # jobs that are over and still known
PATIENCE = 0.7  # seconds that a cancelled job has to end by itself before its worker is killed
ANSWER = 20  # seconds to wait for an answer; a worker that just started needs a few
COMES_TO_AN_END = {"train"}  # the work that looks up between two steps; other work is killed


class WorkerError(RuntimeError):
    """A question to the worker was not answered; the message says why."""


class WorkerDiedError(WorkerError):
    """The worker ended before it answered."""


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Job:
    id: str  # of no meaning, so that a URL from before a restart means nobody's job
    what: str  # one of worker.WORK
    given: Message  # its arguments
    state: State = State.WAITING
    words: str = ""  # why it failed
    news: list[Message] = field(default_factory=list)
    started: float | None = None  # time.monotonic()
    ended: float | None = None
    unwanted: bool = False  # cancelled, and not over yet
    over: Event = field(default_factory=Event)

    @property
    def active(self) -> bool:
        return not self.over.is_set()

    def told(self, name: str) -> Any:
        """The last news of this name, None where there was none."""
        return next((news[name] for news in reversed(self.news) if name in news), None)


class Board:
    """The queue and its worker. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._numbers = count(1)
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self._running: Job | None = None
        self._worker: subprocess.Popen[str] | None = None
        self._heard: subprocess.Popen[str] | None = None  # the worker, once it has answered
        self._answers: dict[int, Future[Any]] = {}

    def start(self, what: str, **given: Any) -> Job:
        """Puts work at the end of the queue."""
        with self._lock:
            job = Job(secrets.token_hex(4), what, given)
            self._jobs[job.id] = job
            over = [old.id for old in self._jobs.values() if not old.active]
            for old in over[:-KEPT]:
                del self._jobs[old]
            self._queue.append(job)
            self._go_on()
            return job

    def job(self, id: str | None) -> Job | None:
        return self._jobs.get(id)

    def jobs(self) -> Iterator[Job]:
        """Newest first."""
        return reversed(list(self._jobs.values()))

    def ahead(self, job: Job) -> int:
        """How many jobs are to end before this one starts."""
        with self._lock:
            if job not in self._queue:
                return 0
            return self._queue.index(job) + (self._running is not None)

    def cancel(self, job: Job) -> None:
        """Ends a job within a second."""
        with self._lock:
            if job in self._queue:
                self._queue.remove(job)
                self._end(job, State.CANCELLED)
            if job is not self._running:
                return
            job.unwanted = True
            worker = self._worker
            if job.what in COMES_TO_AN_END:
                self._send({"cancel": job.id})
                timer = Timer(PATIENCE, lambda: job.active and worker.kill())
                timer.daemon = True
                timer.start()
            else:
                worker.kill()

    def ask(self, what: str, **given: Any) -> Any:
        """Asks the worker for something quick, while work goes on. Raises WorkerError."""
        try:
            return self._ask(what, given)
        except WorkerDiedError:
            return self._ask(what, given)  # of a new one

    def _ask(self, what: str, given: Message) -> Any:
        with self._lock:
            number = next(self._numbers)
            answer = self._answers[number] = Future()
            self._send({"ask": number, "what": what, "given": given})
        try:
            return answer.result(ANSWER)
        except TimeoutError:
            raise WorkerError(f"the worker gave no answer within {ANSWER} s") from None
        finally:
            self._answers.pop(number, None)

    def prepare(self, what: str, **given: Any) -> None:
        """Asks and does not wait: so that the worker is there and warm when it is needed."""
        self._send({"ask": 0, "what": what, "given": given})

    @property
    def ready(self) -> bool:
        """Whether the worker answers at once; a new one needs some seconds."""
        return self._worker is self._heard is not None

    def close(self) -> None:
        """Ends the worker and whatever it is at."""
        with self._lock:
            self._queue.clear()
            if self._worker:
                self._worker.kill()
                self._worker.wait()

    def _go_on(self) -> None:
        with self._lock:
            if self._running is None and self._queue:
                job = self._running = self._queue.popleft()
                job.state, job.started = State.RUNNING, time.monotonic()
                self._send({"start": job.id, "what": job.what, "given": job.given})

    def _send(self, message: Message) -> None:
        with self._lock:
            if self._worker is None:
                self._worker = _start()
                Thread(target=self._listen, args=[self._worker], daemon=True).start()
            try:
                self._worker.stdin.write(json.dumps(message) + "\n")
                self._worker.stdin.flush()
            except OSError:
                pass  # it is dead, and _listen about to find out

    def _listen(self, worker: "subprocess.Popen[str]") -> None:
        for line in worker.stdout:
            self._heard = worker
            message = json.loads(line)
            if "job" in message:
                self._hear(message)
            elif answer := self._answers.get(message["answer"]):
                if "error" in message:
                    answer.set_exception(WorkerError(message["error"]))
                else:
                    answer.set_result(message["value"])
        words = _last_words(worker.wait())
        with self._lock:
            self._worker = None
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(WorkerDiedError(words))
            if job := self._running:
                self._end(job, State.CANCELLED if job.unwanted else State.FAILED, words)
            self._go_on()

    def _hear(self, message: Message) -> None:
        with self._lock:
            job = self._jobs[message["job"]]
            if "news" in message:
                job.news.append(message["news"])
                return
            self._end(job, State(message["end"]), message.get("words", ""))
            self._go_on()

    def _end(self, job: Job, state: State, words: str = "") -> None:
        job.state, job.words, job.ended = state, words, time.monotonic()
        if job is self._running:
            self._running = None
        job.over.set()


def _start() -> "subprocess.Popen[str]":
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": path},
        start_new_session=True,  # Ctrl+C is for the app; the worker ends with it by itself
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),  # Windows alone
    )


def _last_words(code: int) -> str:
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"the worker process {how}, perhaps because memory ran out; nothing else is lost"
