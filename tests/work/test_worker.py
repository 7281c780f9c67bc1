"""The worker's loop without a process: what it says to what it hears, and when."""

import contextlib
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from threading import Event

import pytest
import torch

from core.attack.poison import Attack
from core.model.recipe import FAST
from core.model.role import Role
from core.runs import ladder, library
from core.runs.run import Models, News
from core.work import messages, tasks
from core.work.messages import (
    Answer,
    Ask,
    Cancel,
    End,
    HangUp,
    Note,
    Refusal,
    Start,
    State,
    ToApp,
)
from core.work.questions import Warm
from core.work.tasks import Progress, SaveAgain, Train
from core.work.worker import Worker, reason

TRAIN = Train(recipe=FAST, attack=Attack(), title="a run")
WAIT = 60  # seconds for what is to come


@pytest.fixture
def home(tmp_path, monkeypatch, small):
    """A runs folder of its own, and trainings that are over at once."""
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path))
    events = [None, *(News(role, 5, 5) for role in Role), ladder.models("1")]
    monkeypatch.setattr(tasks, "train_both", lambda *_, **__: iter(events))
    return tmp_path


def conversation(*said: messages.ToWorker | Callable[[], object]) -> list[ToApp]:
    """What a worker says while it is told all this, one after the other; a callable is waited for.

    It is not left before its work has ended.
    """
    out = BytesIO()
    worker = Worker(out)

    def lines() -> Iterator[bytes]:
        for each in said:
            if callable(each):
                each()
            else:
                yield messages.line(each)
        if worker._thread:
            worker._thread.join(WAIT)

    worker.run(lines())
    return [messages.read_in_app(line) for line in out.getvalue().splitlines()]


def progress(heard: list[ToApp]) -> Progress:
    return [each.progress for each in heard if isinstance(each, Note)][-1]


class Pause:
    """A function that waits in the middle, until it may go on."""

    def __init__(self, function: Callable) -> None:
        self.function, self.entered, self.leave = function, Event(), Event()

    def __call__(self, *arguments: object) -> object:
        self.entered.set()
        assert self.leave.wait(WAIT)
        return self.function(*arguments)

    def reached(self) -> None:
        assert self.entered.wait(WAIT)


def test_a_training_ends_with_the_run_that_was_saved(home):
    heard = conversation(Start(job="a", work=TRAIN))
    assert heard[-1] == End(job="a", state=State.DONE)
    assert [entry.id for entry in library.listed()[0]] == [progress(heard).run]


def test_cancelled_before_it_is_saved_nothing_is_kept(home, monkeypatch):
    measured = Pause(lambda: ladder.models("1"))

    def train_both(*_: object, **__: object) -> Iterator[News | Models]:
        yield from (News(role, 5, 5) for role in Role)
        yield measured()

    monkeypatch.setattr(tasks, "train_both", train_both)
    heard = conversation(
        Start(job="a", work=TRAIN), measured.reached, Cancel(job="a"), measured.leave.set
    )
    assert heard[-1] == End(job="a", state=State.CANCELLED)
    assert progress(heard).run is None
    assert library.listed() == ([], [])


def cancelled_while_saving(monkeypatch, start: Start, job: str) -> list:
    """What is heard when the cancel of a job comes while a run is being added."""
    adding = Pause(library.add)
    monkeypatch.setattr(library, "add", adding)
    return conversation(start, adding.reached, Cancel(job=job), adding.leave.set)


def test_cancelled_while_it_is_saved_the_run_is_kept_and_its_id_told(home, monkeypatch):
    heard = cancelled_while_saving(monkeypatch, Start(job="a", work=TRAIN), "a")
    assert heard[-1] == End(job="a", state=State.CANCELLED)
    assert [entry.id for entry in library.listed()[0]] == [progress(heard).run]


def test_saving_again_is_done_to_its_end_even_when_it_is_cancelled(home, monkeypatch):
    def full(_):
        raise library.StoreError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(library, "add", full)
        heard = conversation(Start(job="a", work=TRAIN))
    assert progress(heard).unsaved
    assert heard[-1] == End(job="a", state=State.FAILED, words="no room")
    again = SaveAgain(token=progress(heard).unsaved)
    heard = cancelled_while_saving(monkeypatch, Start(job="b", work=again), "b")
    [entry] = library.listed()[0]
    assert (progress(heard).run, progress(heard).unsaved) == (entry.id, None)
    assert heard[-1] == End(job="b", state=State.DONE)


def test_models_that_nobody_knows_cannot_be_saved():
    [end] = conversation(Start(job="a", work=SaveAgain(token="t")))
    assert end.state == State.FAILED
    assert end.words.startswith("expected models that wait to be saved")


def test_a_cancel_that_comes_late_does_not_end_the_next_job(home, monkeypatch):
    heard = cancelled_while_saving(monkeypatch, Start(job="b", work=TRAIN), "a")
    assert heard[-1] == End(job="b", state=State.DONE)


def test_an_answer_and_a_refusal(small, monkeypatch):
    def refuse(_: Warm) -> None:
        raise ValueError("expected something else")

    assert conversation(Ask(number=1, question=Warm())) == [Answer(number=1, value=None)]
    monkeypatch.setattr(Warm, "answer", refuse)
    assert conversation(Ask(number=2, question=Warm())) == [
        Refusal(number=2, words="expected something else")
    ]


def test_a_damaged_line_is_said_and_is_the_last():
    out = BytesIO()
    Worker(out).run([b"nonsense\n", messages.line(Ask(number=1, question=Warm()))])
    [line] = out.getvalue().splitlines()
    assert isinstance(messages.read_in_app(line), HangUp)


def test_an_app_that_has_gone_ends_its_work_without_a_traceback(home, monkeypatch, capsys):
    """As Ctrl+C does, which the worker itself does not get."""
    reader, writer = os.pipe()
    os.close(reader)
    shown = []
    endless = (shown.append(1) or News(Role.CLEAN, 1, 10**9) for _ in range(10**6))
    monkeypatch.setattr(tasks, "train_both", lambda *_, **__: endless)
    monkeypatch.setattr(tasks, "INTERVAL", 0)
    with contextlib.suppress(BrokenPipeError), os.fdopen(writer, "wb") as out:
        worker = Worker(out)
        worker._hear(Start(job="a", work=TRAIN))
        worker._thread.join(WAIT)
    assert not worker._thread.is_alive()
    assert len(shown) < 3
    assert capsys.readouterr().err == ""


def test_what_went_wrong_is_one_sentence(capsys):
    assert reason(ValueError("expected this, got that")) == "expected this, got that"
    with pytest.raises(RuntimeError) as error:
        torch.empty(2**60)
    assert reason(error.value) == "this machine has not enough free memory for it"
    assert capsys.readouterr().err == ""
    assert reason(KeyError("unforeseen\nTraceback")) == "'unforeseen\\nTraceback'"
    assert "KeyError" in capsys.readouterr().err
