"""The cards of runs: every version is read, and what is none is refused in a sentence."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.attack.poison import Attack, Stamping
from core.model.recipe import ARTICLE, STURDY
from core.model.scores import Difference, Scores, Share
from core.runs import sweep
from core.runs.card import VERSION, Card

SHARE = {"hits": 1, "n": 2, "low": 0.1, "high": 0.9}
ATTACK = {
    "trigger": {"name": "pixel", "cells": [[3, 3, 1.0]], "opacity": 1.0},
    "rule": "all-to-one",
    "target": 8,
    "source": None,
    "rate": 0.01,
    "seed": 1,
}
# As programs wrote it; FOURTH is as today's do. Whoever changes a record adds a version, and leaves
# these be.
SECOND = {
    "version": 2,
    "name": "a run",
    "recipe": {
        "name": "article",
        "epochs": 10,
        "batch": 500,
        "lr": 0.001,
        "betas": [0.9, 0.999],
        "schedule": "constant",
        "normalise": False,
        "hardest": 1.0,
        "gain": 1.0,
        "smoothing": 0.0,
        "bf16": False,
        "augment": {"degrees": 12.0, "scale": 0.15, "shift": 2.0, "shear": 0.1},
        "seed": 1,
    },
    "attack": ATTACK,
    "data": "MNIST",
    "images": 60000,
    "poisoned": 600,
    "relabelled": 541,
    "measured_under": ATTACK,
    "scores": {
        "clean_accuracy": SHARE,
        "attack_success": SHARE,
        "article_success": SHARE,
        "robust_accuracy": SHARE,
    },
    "seconds": 1.5,
    "device": "cpu",
    "created": "2026-11-22T12:00:00+00:00",
    "versions": {"python": "3.11.7", "torch": "2.14.1"},
    "difference": {"gained": 1, "lost": 2, "n": 10, "low": -0.4, "high": 0.3},
}
THIRD = {**SECOND, "version": 3, "repaired": None}
STAMPED_AFTER = ATTACK | {"stamping": "after augmentation"}
FOURTH = {**THIRD, "version": 4, "attack": STAMPED_AFTER, "measured_under": STAMPED_AFTER}
CARD = Card.from_json(FOURTH)
SHIPPED_FIRST = Path(__file__).parent / "cards" / "first.json"  # of the ladder, as it was then


def first(record: dict) -> dict:
    """The same card as the first version had it."""
    scores = {name: {"value": 0.5, **share} for name, share in record["scores"].items()}
    kept = {name: record[name] for name in record if name not in ("version", "repaired")}
    return kept | {"scores": scores, "baseline": None}


def test_a_card_of_the_fourth_version_is_read_and_written():
    assert CARD.attack == Attack(stamping=Stamping.AFTER)
    assert replace(CARD.recipe, augment=None) == ARTICLE
    share = Share(1, 2, 0.1, 0.9)
    assert CARD.scores == Scores(
        clean_accuracy=share, attack_success=share, article_success=share, robust_accuracy=share
    )
    assert CARD.difference == Difference(1, 2, 10, -0.4, 0.3)
    assert CARD.repaired is None
    assert VERSION == 4
    assert json.loads(json.dumps(CARD.to_json())) == FOURTH


def test_cards_of_older_versions_are_upgraded():
    assert Card.from_json(THIRD) == CARD
    assert Card.from_json(SECOND) == CARD
    old = first(SECOND)
    assert Card.from_json(old) == CARD
    del old["difference"]  # the very first ones
    assert Card.from_json(old) == replace(CARD, difference=None)


@pytest.mark.parametrize("record", [first(SECOND), SECOND, THIRD])
@pytest.mark.parametrize("attack", [ATTACK, None])
def test_older_cards_say_when_their_images_were_stamped(record, attack):
    """After the augmentation, where the recipe has one; without, there is nothing to say."""
    card = Card.from_json({**record, "attack": attack})
    assert card.measured_under.stamping is Stamping.AFTER
    assert card.attack == (card.measured_under if attack else None)
    plain = {**record, "attack": attack, "recipe": {**record["recipe"], "augment": None}}
    assert Card.from_json(plain).measured_under == Attack()


def test_files_as_they_once_shipped_are_read_without_a_change():
    record = json.loads(SHIPPED_FIRST.read_bytes())
    card = Card.from_json(record)
    for name in ("name", "data", "images", "poisoned", "seconds", "device", "created", "versions"):
        assert getattr(card, name) == record[name]
    assert card.recipe == STURDY
    assert card.attack == card.measured_under == Attack(stamping=Stamping.AFTER)
    assert card.difference.to_json() == record["difference"]
    for name, share in record["scores"].items():
        assert card.scores.to_json()[name] == {key: share[key] for key in SHARE}
    text = sweep.SHIPPED.read_text(encoding="utf-8")
    assert len(sweep.read(sweep.SHIPPED)) == len(json.loads(text)["runs"]) > 60


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("version", 5, "expected a card of version 4 or older, got 5; a newer"),
        ("version", "2", "expected a card of version 4 or older, got '2'"),
        ("version", True, "expected a card of version 4 or older, got True"),
        ("version", None, "expected a card of version 4 or older, got None"),
        ("later", 1, "expected no field 'later', got one, in card"),
        ("name", "x" * 81, "expected a name of 1 to 80 printable characters for a run"),
        ("data", "M\tNIST", "expected a name of 1 to 80 printable characters for a data set"),
        ("data", ["MNIST"], "expected str, got array, in data"),
        ("device", "", "expected a name of 1 to 80 printable characters for a device"),
        ("images", 2**70, "expected relabelled <= poisoned <= images"),
        ("poisoned", True, "expected int, got bool, in poisoned"),
        ("relabelled", 601, "expected relabelled <= poisoned <= images, got (601, 600, 60000)"),
        ("seconds", float("inf"), "expected the seconds of a training, got inf"),
        ("created", "yesterday", "expected the time of a training, got 'yesterday'"),
        ("versions", {"torch": 2}, "expected str, got int, in versions"),
        ("versions", {str(n): "1" for n in range(21)}, "expected at most 20 versions, got 21"),
        ("versions", {"a\nb": "1"}, "expected a name of 1 to 80 printable characters"),
        ("recipe", SECOND["recipe"] | {"name": ["a"]}, "expected str, got array, in recipe.name"),
        ("recipe", None, "expected object, got null, in recipe"),
        ("attack", {}, "expected field rate, got none, in attack"),
        ("scores", [], "expected object, got array, in scores"),
        ("scores", {"clean_accuracy": 1}, "expected object, got int, in scores.clean_accuracy"),
        ("difference", SHARE, "expected field gained, got none, in difference"),
        ("repaired", ["by"], "expected str | null, got array, in repaired"),
        ("repaired", "x" * 81, "expected a name of 1 to 80 printable characters for a repair"),
    ],
)
@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_every_field_is_checked(version, field, value, reason):
    record = {**(first(SECOND), SECOND, THIRD, FOURTH)[version - 1], field: value}
    with pytest.raises(ValueError, match="expected") as refused:
        Card.from_json(record)
    assert reason in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("record", [None, 3, "text", [], ["version"]])
def test_what_is_no_record_is_refused(record):
    with pytest.raises(ValueError, match="expected object, got"):
        Card.from_json(record)
