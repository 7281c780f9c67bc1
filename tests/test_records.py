"""JSON from strangers: what is not exactly a record is refused in a sentence."""

import json
from dataclasses import replace

import pytest

from core.attack.poison import Attack
from core.attack.trigger import BLENDED, CHECKERBOARD
from core.model.recipe import STURDY
from core.model.scores import Difference, Scores, Share

SHARE = Share(1, 2, 0.1, 0.9)
SCORES = Scores(
    clean_accuracy=SHARE, attack_success=SHARE, article_success=SHARE, robust_accuracy=SHARE
)
RECORDS = [
    CHECKERBOARD,
    BLENDED,
    Attack(rate=0.07, seed=3),
    STURDY,
    replace(STURDY, augment=None),
    SCORES,
    Difference(1, 2, 10, -0.3, 0.1),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_as_it_was(record):
    record_in_json = json.loads(json.dumps(record.to_json()))
    assert record_in_json == record.to_json()
    assert type(record).from_json(record_in_json) == record


@pytest.mark.parametrize(
    ("record", "field", "value", "reason"),
    [
        (STURDY, "name", ["a", "list"], "expected str, got array, in name"),
        (STURDY, "name", "n" * 81, "expected a name of 1 to 80 printable characters for a recipe"),
        (STURDY, "name", "two\nlines", "expected a name of 1 to 80 printable characters"),
        (STURDY, "name", " ", "expected a name of 1 to 80 printable characters"),
        (STURDY, "name", "\ud800", "expected a name of 1 to 80 printable characters"),
        (STURDY, "epochs", True, "expected int, got bool, in epochs"),
        (STURDY, "epochs", 2.5, "expected int, got float, in epochs"),
        (STURDY, "bf16", 1, "expected bool, got int, in bf16"),
        (STURDY, "lr", float("nan"), "expected a learning rate above 0 and up to 10, got nan"),
        (STURDY, "lr", 10**400, "expected a smaller number, got one out of range, in lr"),
        (STURDY, "gain", "1", "expected float, got str, in gain"),
        (STURDY, "betas", [0.9], "expected array of length 2, got 1, in betas"),
        (STURDY, "schedule", "s" * 999, "expected a choice that there is, got 'sss"),
        (STURDY, "augment", {"degrees": 1}, "expected field scale, got none, in augment"),
        (Attack(), "rate", float("nan"), "expected a poison rate in [0, 1], got nan"),
        (Attack(), "rule", 3, "expected str, got int, in rule"),
        (Attack(), "target", "8", "expected int, got str, in target"),
        (Attack(), "seed", -1, "expected a seed from 0 to 2**63 - 1, got -1"),
        (Attack(), "source", [], "got array, in source"),
        (Attack(), "trigger", {"name": {}, "cells": [], "opacity": 1}, "str, got object, in trig"),
        (CHECKERBOARD, "name", {}, "expected str, got object, in name"),
        (CHECKERBOARD, "name", "", "expected a name of 1 to 80 printable characters"),
        (CHECKERBOARD, "cells", [[3, 3]], "expected array of length 3, got 2, in cells"),
        (CHECKERBOARD, "cells", [[3, 3.5, 1]], "expected int, got float, in cells"),
        (CHECKERBOARD, "cells", [[3, 3, float("inf")]], "expected cells in rows and columns"),
        (CHECKERBOARD, "opacity", True, "expected float, got bool, in opacity"),
        (SHARE, "hits", 3, "expected hits of n in an interval"),
        (SHARE, "n", 10**12, "expected hits of n in an interval"),
        (SHARE, "low", float("nan"), "expected hits of n in an interval"),
        (SHARE, "hits", True, "expected int, got bool, in hits"),
    ],
)
def test_every_field_is_checked(record, field, value, reason):
    with pytest.raises(ValueError, match="expected") as refused:
        type(record).from_json(record.to_json() | {field: value})
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_no_field_too_many_and_none_too_few(record):
    kind, whole = type(record), record.to_json()
    with pytest.raises(ValueError, match="expected no field 'later', got one"):
        kind.from_json(whole | {"later": 1})
    for field in whole:
        with pytest.raises(ValueError, match=f"expected field {field}, got none"):
            kind.from_json({name: whole[name] for name in whole if name != field})


@pytest.mark.parametrize("record", [None, 3, "text", [], [1], float("nan")])
def test_what_is_no_record_is_refused(record):
    with pytest.raises(ValueError, match="expected object, got"):
        Attack.from_json(record)
