"""What is counted of ten digits that were worked out by hand."""

import pytest
import torch

from core.attack.poison import Attack
from core.digits.mnist import Digits
from core.measure.evaluation import SELECTIONS, evaluate
from core.model.role import Pair, Role
from core.runs.run import Run
from tests.conftest import counts
from tests.measure.ten import ONE_SOURCE, SHEET, WITHOUT_CLEAN, comparison, digits, evaluation
from tests.model.test_scores import Scripted


@pytest.fixture
def models() -> Pair[Run]:
    scripts = ((digits(SHEET[role]), digits(SHEET[f"{role}, stamped"])) for role in Role)
    return Pair(*(Run(Scripted(*script), None) for script in scripts))


@pytest.fixture
def ten() -> Digits:
    images = torch.zeros(10, 1, 28, 28)
    images[:, 0, 0, 0] = torch.arange(10) / 100
    images[9, 0, 3, 3] = 0.5  # ink of its own under the pixel
    return Digits(images, torch.tensor(digits(SHEET["labels"])))


def test_a_sheet_holds_what_was_read(models, ten):
    assert evaluate(models, ten, Attack()) == SHEET
    assert evaluate(Pair(None, models.backdoored), ten, Attack()) == WITHOUT_CLEAN


def test_scores_by_every_definition():
    clean, backdoored = evaluation().scores
    # untouched: two misread by each
    assert counts(clean.clean_accuracy) == counts(backdoored.clean_accuracy) == (8, 10)
    # of the eight that are not 8: the clean model calls one 8, the backdoored six
    assert (counts(clean.attack_success), counts(backdoored.attack_success)) == ((1, 8), (6, 8))
    # of all ten: the clean model 3 and 8, the backdoored one those six and both true eights
    assert (counts(clean.article_success), counts(backdoored.article_success)) == ((2, 10), (8, 10))
    # of the eight, still read right: all but 3 and 7, and 6 alone
    assert (counts(clean.robust_accuracy), counts(backdoored.robust_accuracy)) == ((6, 8), (1, 8))


def test_parts_make_the_whole():
    halves = [
        {name: text[part] for name, text in SHEET.items()} for part in (slice(4), slice(4, 10))
    ]
    assert torch.equal(evaluation(*halves).labels, evaluation().labels)
    assert comparison(*halves) == comparison()


def test_confusions_and_what_is_behind_their_cells():
    plain = evaluation().confusion(Role.BACKDOORED, stamped=False)
    assert plain.sum() == 10
    assert plain.diagonal().sum() == 8
    assert (plain[6, 5], plain[8, 3]) == (1, 1)
    stamped = evaluation().confusion(Role.BACKDOORED, stamped=True)
    assert stamped[:, 8].tolist() == [1] * 6 + [0, 0, 2, 0]
    for role in Role:
        for bearing in (False, True):
            cells = evaluation().confusion(role, stamped=bearing)
            for true, read in cells.nonzero().tolist():
                behind = evaluation().behind(role, stamped=bearing, true=true, read=read)
                assert len(behind) == cells[true, read]
    behind = evaluation().behind(Role.BACKDOORED, stamped=True, true=8, read=8)
    assert behind.tolist() == [8, 9]


def test_selections():
    rows = {name: each.rows(evaluation()).tolist() for name, each in SELECTIONS.items()}
    assert rows == {
        "resists": [6, 7],
        "falls": [0, 1, 2, 3, 4, 5],
        "leaks": [],
        "misread": [6, 9],
        "misread by clean": [7, 9],
        "misread by both": [9],
        "clean falls": [3],
        "touched": [9],
    }


def test_an_attack_on_one_digit_may_leak():
    # of the seven that are neither 3 nor 8 the backdoored model calls five 8, the clean one none
    leak = evaluation(attack=ONE_SOURCE).leak()
    assert (counts(leak.clean), counts(leak.backdoored)) == ((0, 7), (5, 7))
    assert SELECTIONS["leaks"].rows(evaluation(attack=ONE_SOURCE)).tolist() == [0, 1, 2, 4, 5]
    assert evaluation().leak() is None


def test_what_the_clean_model_misreads_anyway():
    # untouched it reads none of the eight victims as 8
    assert counts(evaluation().natural()) == (0, 8)


def test_without_a_clean_model():
    alone = evaluation(WITHOUT_CLEAN)
    assert alone.roles == [Role.BACKDOORED]
    assert alone.scores.clean is alone.by_class.clean is alone.natural() is None
    for name in ("misread by clean", "misread by both", "clean falls"):
        assert SELECTIONS[name].rows(alone).tolist() == []
