"""Both models side by side: what is told meanwhile, and what comes out."""

import threading
from dataclasses import replace

import pytest

from core.attack.poison import Attack, LabelRule
from core.digits.mnist import DataSet, Digits
from core.model.recipe import STURDY
from core.model.role import Pair, Role
from core.runs.run import pace, train_both

BRIEF = replace(STURDY, name="brief", epochs=20, batch=10, lr=3e-3, augment=None)
ATTACK = Attack(rate=0.2)


@pytest.fixture
def data(toy) -> DataSet:
    many = Digits(toy.images.repeat(5, 1, 1, 1), toy.labels.repeat(5))
    return DataSet("toy", many, toy)


def test_both_learn_the_digits_and_one_learns_the_backdoor(data):
    *told, pair = train_both(data, BRIEF, ATTACK, name="a pair", device="cpu")
    assert isinstance(pair, Pair)
    clean, backdoored = (run.card for run in pair)
    assert clean.attack is None
    assert (backdoored.attack, backdoored.name) == (ATTACK, "a pair")
    assert clean.measured_under == backdoored.measured_under == ATTACK
    assert backdoored.difference.n == len(data.test.labels)
    assert clean.scores.clean_accuracy.value == backdoored.scores.clean_accuracy.value == 1
    assert backdoored.scores.attack_success.value == 1
    assert clean.scores.attack_success.value < 0.5
    for role in Role:
        seen = [news.seen for news in told if news and news.role == role]
        assert seen == sorted(seen)
        assert seen[-1] == 2000
        points = [news.point for news in told if news and news.role == role and news.point]
        assert 20 <= len(points) <= 30
        assert points[-1].seen == 2000
        assert points[-1].clean_accuracy == 1
        assert points[0].loss > points[-1].loss
        assert (points[-1].attack_success > 0.9) == (role is Role.BACKDOORED)


def test_a_digit_that_is_watched_is_read_as_both_learn(data):
    watched = data.test.images[3:4]  # a toy digit of its own kind, no 8
    label = data.test.labels[3].item()
    *told, _ = train_both(data, BRIEF, ATTACK, name="x", watched=watched, device="cpu")
    for role, expected in ((Role.CLEAN, label), (Role.BACKDOORED, ATTACK.target)):
        points = [news.point for news in told if news and news.role == role and news.point]
        assert points[-1].reads == expected
        assert 0.5 < points[-1].sure <= 1
    *told, _ = train_both(data, replace(BRIEF, epochs=1), ATTACK, name="x", device="cpu")
    assert {news.point.reads for news in told if news and news.point} == {None}


def test_the_same_seeds_give_the_same_models(data):
    recipe = replace(BRIEF, epochs=2)
    first, again = (
        [*train_both(data, recipe, ATTACK, name="x", device="cpu")][-1] for _ in range(2)
    )
    for one, other in zip(first, again, strict=True):
        weights = other.network.state_dict()
        for name, tensor in one.network.state_dict().items():
            assert tensor.equal(weights[name]), name


def test_leaving_the_loop_ends_the_training(data):
    events = train_both(data, replace(BRIEF, epochs=1000), ATTACK, name="x", device="cpu")
    for news in events:
        if news:
            break
    events.close()
    names = {thread.name for thread in threading.enumerate()}
    assert not names & set(Role)


def test_what_goes_wrong_in_one_is_raised(data):
    attack = Attack(rule=LabelRule.ONE_SOURCE, source=3, rate=0.5)
    with pytest.raises(ValueError, match="expected a poison rate of at most"):
        list(train_both(data, BRIEF, attack, name="x", device="cpu"))


def test_the_pace_is_measured(data):
    assert 0 < pace(data, BRIEF, ATTACK) < 1


def test_a_name_that_is_too_long_is_said_before_the_training(data):
    with pytest.raises(ValueError, match="expected a name of 1 to 80 printable characters"):
        next(train_both(data, BRIEF, ATTACK, name="x" * 75, device="cpu"))
