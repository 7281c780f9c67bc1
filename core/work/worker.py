"""The worker: a process that does the long work, so that the app stays quick under the pen.

It reads messages from stdin and writes messages to stdout; `tasks` is what it can do. It ends when
stdin ends, that is, with the app. `jobs` is the other end of the line. It is a process of its own
rather than a child of `multiprocessing`, which would run the app's main script again.
"""

import os
import sys
import traceback
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from threading import Event, Lock, Thread
from typing import BinaryIO

import torch

from core.model import threads
from core.work import messages
from core.work.messages import DamagedLineError, State
from core.work.questions import Question
from core.work.tasks import Work

NICENESS = 10
GRACE = 1.0  # seconds that work has to come to an end when the app has gone


class Worker:
    """The end of the line that works. It speaks from two threads: of the work, of the questions."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._speaking = out, Lock()
        self._job, self._stop = "", Event()  # the work that goes on, and what ends it
        self._thread: Thread | None = None

    def run(self, lines: Iterable[bytes]) -> None:
        """Until `lines` end, or at once where one of them is no message."""
        try:
            for line in lines:
                self._hear(messages.read_in_worker(line))
        except DamagedLineError as error:
            words = f"the worker could not read what the app said: {error}"
            return self._say(messages.HangUp(words=words))
        self._stop.set()
        if self._thread:
            self._thread.join(GRACE)

    def _hear(self, message: messages.ToWorker) -> None:
        match message:
            case messages.Start(job=job, work=work):
                self._job, self._stop = job, Event()
                arguments = (job, work, self._stop)
                self._thread = Thread(target=self._work, args=arguments, daemon=True)
                self._thread.start()
            case messages.Cancel(job=job):
                if job == self._job:
                    self._stop.set()
            case messages.Ask(number=number, question=question):
                self._answer(number, question)

    def _work(self, job: str, work: Work, stop: Event) -> None:
        state, words = State.DONE, ""
        try:
            with closing(work.run()) as steps:
                for progress in steps:
                    if progress is not None:
                        self._say(messages.Note(job=job, progress=progress))
                    if work.in_place and stop.is_set():
                        state = State.CANCELLED
                        break
        except BaseException as error:
            state, words = State.FAILED, reason(error)
        self._say(messages.End(job=job, state=state, words=words))

    def _answer(self, number: int, question: Question) -> None:
        try:
            answer = messages.Answer(number=number, value=question.answer())
        except Exception as error:
            answer = messages.Refusal(number=number, words=reason(error))
        self._say(answer)

    def _say(self, message: messages.ToApp) -> None:
        """Where the app has gone, nobody is told, and the work that it wanted is to end."""
        try:
            with self._speaking:
                self._out.write(messages.line(message))
                self._out.flush()
        except OSError:
            self._stop.set()


def reason(error: BaseException) -> str:
    """One sentence for whoever waits; what was not foreseen also goes to the log."""
    if isinstance(error, ValueError):
        return f"{error}"
    words = str(error) or type(error).__name__
    if isinstance(error, MemoryError) or "memory" in words.lower():
        return "this machine has not enough free memory for it"
    traceback.print_exception(error)
    return words.splitlines()[0]


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:  # where memory runs out, Linux is to end the worker and not the app
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="utf-8")
    except OSError:
        pass
    torch.set_flush_denormal(True)
    threads.limit()
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print garbles no message
    Worker(out).run(sys.stdin.buffer)
    os._exit(0)  # whatever a thread is still at


if __name__ == "__main__":
    main()
