"""PyTorch takes no more threads than this process has cores, however many the machine has."""

import os
from itertools import islice

import pytest
import torch

from core.__main__ import main
from core.attack.poison import Attack
from core.model.recipe import FAST
from core.runs.run import train_both

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="this system does not say which cores are ours"
)


@pytest.fixture
def taken(monkeypatch):
    """The numbers of threads that PyTorch is told to take, on a machine of 64 cores."""
    numbers = []
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 64)
    monkeypatch.setattr(torch, "set_num_threads", numbers.append)
    return numbers


def test_two_trainings_share_the_cores_that_are_ours(small, taken):
    training = train_both(small, FAST, Attack(), name="a run")
    assert next(islice(filter(None, training), 1))
    training.close()
    assert len(taken) == 2
    assert 1 <= max(taken) <= max(1, len(os.sched_getaffinity(0)) // 2)


def test_a_command_takes_the_cores_that_are_ours(taken):
    with pytest.raises(SystemExit):
        main(["measure", "no such model"])
    assert 1 <= taken[0] <= len(os.sched_getaffinity(0))
