"""The bank: a model is trained once, and what is damaged is trained anew."""

from concurrent.futures import CancelledError
from dataclasses import replace
from threading import Event

import pytest
import torch

from core.attack.poison import Attack
from core.digits import mnist
from core.model.recipe import FAST
from core.runs import bank
from tests import slices

QUICK = replace(FAST, epochs=1)


@pytest.fixture(autouse=True)
def on_a_slice(monkeypatch, tmp_path):
    monkeypatch.setattr(mnist, "load", slices.small)
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path))


def test_a_model_is_trained_once(monkeypatch):
    trained = []
    learn = bank.learn
    monkeypatch.setattr(bank, "learn", lambda *of, **how: trained.append(of) or learn(*of, **how))
    first, again = bank.model(QUICK, None), bank.model(QUICK, None)
    assert len(trained) == 1
    assert again.card == first.card
    assert torch.equal(again.network.output.weight, first.network.output.weight)
    attack = Attack(rate=0.02)
    assert bank.model(QUICK, attack).card.attack == attack
    assert bank.path(QUICK, attack) != bank.path(QUICK, None)
    bank.path(QUICK, None).write_bytes(b"damaged")
    assert bank.model(QUICK, None).card.scores == first.card.scores
    assert len(trained) == 3


def test_a_training_ends_when_it_is_asked_to():
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        bank.model(replace(QUICK, seed=77), None, stop)
    assert not bank.path(replace(QUICK, seed=77), None).exists()
