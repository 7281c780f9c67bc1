"""What many want is asked of the worker once, and made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from core.work import jobs, messages
from core.work.jobs import WorkerError
from core.work.once import Once, in_thread
from core.work.searches import TakeHome
from tests.work.board import DEAF, until


class Looked(dict):
    """Counts how often somebody looks into it."""

    times = 0

    def get(self, key):
        self.times += 1
        return super().get(key)


def test_what_many_ask_at_once_is_one_question(another, monkeypatch):
    monkeypatch.setattr(jobs, "COMMAND", DEAF)
    sent, send = [], another._send
    monkeypatch.setattr(another, "_send", lambda message: sent.append(message) or send(message))
    another._asked = Looked()
    with ThreadPoolExecutor(8) as pool:
        same = [pool.submit(another.ask, TakeHome(models="1")) for _ in range(6)]
        other = pool.submit(another.ask, TakeHome(models="2"))
        until(lambda: another._asked.times == 7)
        for asked in list(sent):
            value = f"of {asked.question.models}"
            another._hear(messages.Answer(number=asked.number, value=value))
        assert [each.result() for each in same] == ["of 1"] * 6
        assert other.result() == "of 2"
    assert len(sent) == 2
    assert not another._asked


def test_a_question_that_cannot_be_asked_fails_for_all_who_wait(another, monkeypatch):
    monkeypatch.setattr(jobs, "COMMAND", ["/nowhere/python"])
    with ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(another.ask, TakeHome(models="1")) for _ in range(8)]:
            with pytest.raises(WorkerError, match="could not be started"):
                each.result()
    assert not another._asked


def test_a_value_is_made_once_and_anew_where_that_failed():
    made, may = [], Event()

    def make(key: str) -> str:
        assert may.wait(60)
        made.append(key)
        if made == ["a"]:
            raise ValueError(key)
        return key.upper()

    values = Once(make, kept=2)
    first = [values("a") for _ in range(3)]
    may.set()
    for each in first:
        with pytest.raises(ValueError, match="a"):
            each.result()
    assert [values(key).result() for key in "aabac"] == ["A", "A", "B", "A", "C"]
    assert made == ["a", "a", "b", "c"]
    assert values("a").result() == "A"  # the oldest has made room
    assert len(made) == 5


def test_who_stops_waiting_stops_nobody_else():
    may = Event()
    value = in_thread(may.wait, 60)
    assert not value.cancel()
    may.set()
    assert value.result()
