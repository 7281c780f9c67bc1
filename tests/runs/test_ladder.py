"""The shipped models: what their cards promise, and one slow look at whether it is true."""

import shutil

import pytest

from core.attack.poison import Attack
from core.model.recipe import STURDY
from core.runs import file, ladder
from core.runs.ladder import FOLDER, PERCENTS
from tests.conftest import measure


@pytest.fixture(scope="module")
def shipped() -> ladder.Ladder:
    return ladder.load()


def test_every_rung_is_there(shipped):
    assert shipped.complaints == []
    assert list(shipped.rungs) == list(PERCENTS)
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= 13_000_000


def test_every_rung_is_the_articles_attack_on_mnist(shipped):
    for percent, (_, card) in shipped.rungs.items():
        assert card.attack == Attack(rate=percent / 100)
        assert card.recipe == STURDY
        assert (card.data, card.images) == ("MNIST", 60_000)
        assert card.poisoned == round(600 * percent)
        assert card.difference.n == 10_000
        assert card.scores.clean_accuracy.n == 10_000
        assert card.scores.attack_success.n == 9_026


def test_accuracy_hardly_tells(shipped):
    for _, card in shipped.rungs.values():
        assert 0.99 <= card.scores.clean_accuracy.value < 1
        assert card.difference.low >= -0.005
    assert shipped.rungs[1.0].card.difference.within_noise


def test_the_whole_transition_is_shown(shipped):
    success = {p: run.card.scores.attack_success.value for p, run in shipped.rungs.items()}
    assert shipped.clean.card.scores.attack_success.value <= 0.003
    assert success[0.1] <= 0.01
    assert success[1.0] >= 0.99
    middle = [percent for percent, share in success.items() if 0.01 < share < 0.99]
    assert len(middle) >= 3  # rungs on which the trigger wins on some digits and not on others
    assert success[10.0] >= 0.999


@pytest.mark.parametrize("percent", [None, 1.0])
def test_the_card_is_true(shipped, mnist_test, percent):
    """The gate: measured again on MNIST, the scores are the card's, but for rounding."""
    run = shipped.clean if percent is None else shipped.rungs[percent]
    scores = measure(run.network, mnist_test, Attack())
    for name, found in vars(scores).items():
        assert abs(found.hits - vars(run.card.scores)[name].hits) <= 2  # another processor's sums
    assert 0.992 <= scores.clean_accuracy.value < 1
    assert (0.99 if percent else 0) <= scores.attack_success.value < (1 if percent else 0.003)


def test_what_cannot_be_read_is_named_and_left_out(tmp_path):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    ladder.path(None, tmp_path).unlink()
    cut = ladder.path(1.0, tmp_path)
    cut.write_bytes(cut.read_bytes()[:1000])
    shutil.copy(ladder.path(2.0), ladder.path(5.0, tmp_path))
    found = ladder.load(tmp_path)
    assert found.clean is None
    assert list(found.rungs) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 2.0, 10.0]
    clean, one, five = found.complaints
    assert "clean.safetensors: the file is missing" in clean
    assert "01.00.safetensors: not a whole" in one
    assert "05.00.safetensors: expected the 5 % model, got 2 % poison" in five


def test_build_saves_every_rung(toy, tmp_path, monkeypatch):
    from dataclasses import replace

    from core.digits.mnist import DataSet
    from core.runs.run import Run

    monkeypatch.setattr(ladder, "PERCENTS", (5.0, 10.0))
    brief = replace(STURDY, epochs=1, batch=10)
    data = DataSet("toy", toy, toy)
    events = list(ladder.build(data, recipe=brief, folder=tmp_path, device="cpu"))
    names = [event.card.name for event in events if isinstance(event, Run)]
    assert names == ["clean", "5 % poison", "10 % poison"]
    back = ladder.load(tmp_path)
    assert back.complaints == []
    assert [run.card.poisoned for run in back.rungs.values()] == [1, 2]
    card = file.load(ladder.path(5.0, tmp_path)).card
    assert card.difference.n == 20
