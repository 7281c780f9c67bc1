"""Long work for the app: one worker process, one job at a time, a queue that everybody can see."""

import os
import secrets
import subprocess
import sys
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from threading import Event, RLock, Thread, Timer
from typing import Any

import msgspec

from core.places import ROOT
from core.work import messages
from core.work.messages import DamagedLineError, State
from core.work.questions import Question
from core.work.tasks import Progress, Work

COMMAND = [sys.executable, "-m", "core.work.worker"]
LOW_PRIORITY = subprocess.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 0
KEPT = 30  # jobs that are over and still known
PATIENCE = 0.7  # seconds that a cancelled job has to end by itself before its worker is killed
ANSWER = 20  # seconds to wait for an answer; a worker that just started needs a few

Process = subprocess.Popen[bytes]


class WorkerError(RuntimeError):
    """A question to the worker was not answered; the message says why."""


class WorkerDiedError(WorkerError):
    """The worker ended before it answered."""


@dataclass(eq=False, kw_only=True)
class Job:
    id: str  # of no meaning, so that a URL from before a restart means nobody's job
    work: Work
    state: State = State.WAITING
    words: str = ""  # why it failed
    progress: Progress = field(default_factory=Progress)
    started: float | None = None  # time.monotonic()
    unwanted: bool = False  # cancelled, and not over yet
    over: Event = field(default_factory=Event)

    @property
    def active(self) -> bool:
        return not self.over.is_set()


class Board:
    """The queue and its worker, which starts when it is needed. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._numbers = count(1)
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self.running: Job | None = None
        self.ready = False  # whether the worker answers at once; a new one needs some seconds
        self._worker: Process | None = None
        self._listener: Thread | None = None
        self._answers: dict[int, Future[Any]] = {}
        self._asked: dict[bytes, Future[Any]] = {}  # the same, by the question
        self._unsaved: set[str] = set()  # tokens of models that only the worker has

    def start(self, work: Work) -> Job:
        """Puts work at the end of the queue."""
        with self._lock:
            job = Job(id=secrets.token_hex(4), work=work, progress=work.begun)
            self._jobs[job.id] = job
            over = [old.id for old in self._jobs.values() if not old.active]
            for old in over[:-KEPT]:
                del self._jobs[old]
            self._queue.append(job)
            self._go_on()
            return job

    def job(self, id: str | None) -> Job | None:
        return self._jobs.get(id)

    def ahead(self, job: Job) -> int:
        """How many jobs are to end before this one starts."""
        with self._lock:
            if job not in self._queue:
                return 0
            return self._queue.index(job) + (self.running is not None)

    def cancel(self, job: Job) -> None:
        """Ends a job within a second, but for what is being saved: that is saved."""
        with self._lock:
            if job in self._queue:
                self._queue.remove(job)
                self._end(job, State.CANCELLED)
            elif job is self.running and not job.unwanted:
                job.unwanted = True
                self._send(messages.Cancel(job=job.id))
                timer = Timer(PATIENCE, self._lose_patience, [job, self._worker])
                timer.daemon = True
                timer.start()

    def _lose_patience(self, job: Job, worker: Process) -> None:
        with self._lock:
            saving = job.progress.cards is not None
            if job.active and not saving and not self._unsaved:  # those would die with the worker
                worker.kill()

    def ask(self, question: Question) -> Any:
        """Asks the worker for something quick, while work goes on. Raises WorkerError.

        Who asks what somebody else is waiting for gets the same answer, not to be changed: sixty
        visitors who want one thing are one question.
        """
        try:
            return self._ask(question)
        except WorkerDiedError:
            return self._ask(question)  # of a new one

    def _ask(self, question: Question) -> Any:
        key = msgspec.json.encode(question)
        with self._lock:
            answer = self._asked.get(key)
            number = 0 if answer else next(self._numbers)
            if number:
                answer = self._answers[number] = self._asked[key] = Future()
                try:
                    self._send(messages.Ask(number=number, question=question))
                except WorkerError as error:
                    answer.set_exception(error)
        try:
            return answer.result(ANSWER)
        except TimeoutError:
            raise WorkerError(f"the worker gave no answer within {ANSWER} s") from None
        finally:
            if number:
                with self._lock:
                    del self._answers[number]
                    if self._asked.get(key) is answer:
                        del self._asked[key]

    def prepare(self, question: Question) -> None:
        """Asks and does not wait: so that the worker is there and warm when it is needed."""
        try:
            self._send(messages.Ask(number=0, question=question))
        except WorkerError:
            pass  # who needs it will hear of that

    def close(self) -> None:
        """Ends the worker, and every job as cancelled; a new one starts when it is needed."""
        with self._lock:
            for job in self._queue:
                self._end(job, State.CANCELLED)
            self._queue.clear()
            if self.running:
                self.running.unwanted = True
            if self._worker:
                self._worker.kill()
            listener = self._listener
        if listener:
            listener.join()

    def _go_on(self) -> None:
        with self._lock:
            while self.running is None and self._queue:
                job = self.running = self._queue.popleft()
                job.state, job.started = State.RUNNING, time.monotonic()
                try:
                    self._send(messages.Start(job=job.id, work=job.work))
                except WorkerError as error:
                    self._end(job, State.FAILED, f"{error}")

    def _send(self, message: messages.ToWorker) -> None:
        """Raises WorkerError where there is no worker and none can be started."""
        with self._lock:
            if self._worker is None:
                self._start_worker()
            try:
                self._worker.stdin.write(messages.line(message))
                self._worker.stdin.flush()
            except OSError:
                pass  # it is dead, and _listen about to find out

    def _start_worker(self) -> None:
        try:
            self._worker = _process()
            self._listener = Thread(target=self._listen, args=[self._worker], daemon=True)
            self._listener.start()
        except (OSError, RuntimeError) as error:  # no process or no thread is to be had
            if self._worker:
                self._worker.kill()
            self._worker = None
            raise WorkerError(f"the worker could not be started ({error})") from error

    def _listen(self, worker: Process) -> None:
        words = ""  # why the worker ended, where that is known
        try:
            for line in worker.stdout:
                self.ready = True
                message = messages.read_in_app(line)
                if isinstance(message, messages.HangUp):
                    words = message.words
                else:
                    self._hear(message)
        except DamagedLineError as error:
            words = f"the app could not read what the worker said: {error}"
            worker.kill()
        words = words or _last_words(worker.wait())
        with self._lock:
            self._worker, self.ready = None, False
            self._unsaved.clear()
            self._asked.clear()  # who asks again asks the next worker
            for answer in list(self._answers.values()):  # who waits for one takes it out
                if not answer.done():
                    answer.set_exception(WorkerDiedError(words))
            if job := self.running:
                self._end(job, State.CANCELLED if job.unwanted else State.FAILED, words)
            self._go_on()

    def _hear(self, message: messages.ToApp) -> None:
        with self._lock:
            match message:
                case messages.Note(job=id, progress=progress):
                    job = self._jobs[id]
                    self._unsaved.discard(job.progress.unsaved)
                    if progress.unsaved:
                        self._unsaved.add(progress.unsaved)
                    job.progress = progress
                case messages.End(job=id, state=state, words=words):
                    self._end(self._jobs[id], state, words)
                    self._go_on()
                case messages.Answer(number=number, value=value):
                    if answer := self._answers.get(number):
                        answer.set_result(value)
                case messages.Refusal(number=number, words=words):
                    if answer := self._answers.get(number):
                        answer.set_exception(WorkerError(words))

    def _end(self, job: Job, state: State, words: str = "") -> None:
        job.state, job.words = state, words
        if job is self.running:
            self.running = None
        job.over.set()


BOARD = Board()  # The app's, for all who visit it. Streamlit can neither clear nor reload it here.


def _process() -> Process:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
        start_new_session=True,  # Ctrl+C is for the app; the worker ends with it by itself
        creationflags=LOW_PRIORITY,
    )


def _last_words(code: int) -> str:
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"the worker process {how}, perhaps because memory ran out; nothing else is lost"
