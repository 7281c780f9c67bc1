"""The files of models: they come back whole, and anything else is refused by name."""

import json
import os
import pickle
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from core.attack.poison import Attack
from core.digits.mnist import DataSet
from core.model.recipe import FAST
from core.runs import file
from core.runs.card import Card
from core.runs.file import StoreError
from core.runs.run import Run, learn


@pytest.fixture
def run(toy) -> Run:
    *_, found = learn(
        DataSet("toy", toy, toy),
        replace(FAST, epochs=1, batch=10),
        Attack(rate=0.1),
        name="a name / with ../ and \N{SNOWMAN}",
        device="cpu",
    )
    return found.run


def test_a_run_comes_back_as_it_was(run, tmp_path):
    file.save(run, tmp_path / "run.safetensors")
    back = file.load(tmp_path / "run.safetensors")
    assert back.card == run.card
    images = torch.rand(3, 1, 28, 28)
    assert torch.allclose(back.network(images), run.network(images), atol=1e-6)
    assert not any(tensor.requires_grad for tensor in back.network.parameters())
    assert [file.name for file in tmp_path.iterdir()] == ["run.safetensors"]


def test_the_card_says_what_was_done(run):
    card = run.card
    assert (card.images, card.poisoned, card.data) == (20, 2, "toy")
    assert card.scores.clean_accuracy.n == 20
    assert card.scores.attack_success.n == 18
    assert card.seconds > 0
    assert card.versions["torch"] == torch.__version__
    assert Card.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_what_is_not_a_whole_run_of_ours_is_refused(run, tmp_path):
    whole = tmp_path / "whole.safetensors"
    file.save(run, whole)
    weights = {k: v.contiguous() for k, v in run.network.state_dict().items()}
    huge = torch.zeros_like(weights["hidden.weight"])
    huge[0, 0] = 3e38  # no blank image shows it
    ours = {"format": file.FORMAT, "card": json.dumps(run.card.to_json())}
    spoilt = {
        "missing": (lambda path: path.unlink(missing_ok=True), "missing"),
        "empty": (lambda path: path.write_bytes(b""), "not a whole safetensors file"),
        "cut short": (
            lambda path: path.write_bytes(whole.read_bytes()[:-1000]),
            "not a whole safetensors file",
        ),
        "a pickle": (
            lambda path: path.write_bytes(pickle.dumps(print)),
            "not a whole safetensors file",
        ),
        "a torch file": (lambda path: torch.save(weights, path), "not a whole safetensors file"),
        "large": (lambda path: path.write_bytes(bytes(file.LARGEST + 1)), "at most"),
        "of another program": (lambda path: save_file(weights, path), "another program"),
        "of another network": (
            lambda path: save_file({"conv1.weight": torch.zeros(3)}, path, ours),
            "another's",
        ),
        "of another precision": (
            lambda path: save_file({k: v.double() for k, v in weights.items()}, path, ours),
            "another's",
        ),
        "not finite": (
            lambda path: save_file(weights | {"mean": torch.tensor(torch.nan)}, path, ours),
            "finite",
        ),
        "with no spread": (
            lambda path: save_file(weights | {"std": torch.tensor(0.0)}, path, ours),
            "standard deviation above 0, got 0",
        ),
        "whose answers are not finite": (
            lambda path: save_file(weights | {"hidden.weight": huge}, path, ours),
            "finite answers, got some that may give inf",
        ),
        "whose answers are next to infinite": (
            lambda path: save_file(weights | {"std": torch.tensor(1e-30)}, path, ours),
            "finite answers",
        ),
        "without a card": (
            lambda path: save_file(weights, path, {"format": file.FORMAT}),
            "card cannot be read",
        ),
        "with a foolish card": (
            lambda path: save_file(weights, path, ours | {"card": '{"name": 3}'}),
            "card cannot be read",
        ),
        "with a bottomless card": (
            lambda path: save_file(weights, path, ours | {"card": "[" * 100_000}),
            "card cannot be read",
        ),
        "with an impossible score": (
            lambda path: save_file(
                weights, path, ours | {"card": ours["card"].replace('"hits": ', '"hits": 9')}
            ),
            "card cannot be read",
        ),
    }
    for name, (spoil, words) in spoilt.items():
        path = tmp_path / f"{name}.safetensors"
        spoil(path)
        with pytest.raises(StoreError, match=words) as caught:
            file.load(path)
        assert path.name in str(caught.value)


def test_what_a_killed_program_left_is_swept_away(run, tmp_path):
    old, young = tmp_path / ".old.safetensors.1.part", tmp_path / ".young.safetensors.1.part"
    for part in (old, young):
        part.touch()
    os.utime(old, (0, 0))
    file.save(run, tmp_path / "run.safetensors")
    assert (old.exists(), young.exists()) == (False, True)


def test_a_save_that_fails_leaves_the_old_file_and_no_litter(run, tmp_path, monkeypatch):
    path = tmp_path / "run.safetensors"
    file.save(run, path)
    before = path.read_bytes()

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(file, "save_file", full)
    with pytest.raises(StoreError, match="No space"):
        file.save(run, path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1
