"""Every doubt has numbers that raise it, and the shipped 1 % model raises none."""

from dataclasses import replace

import pytest
import torch

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import painted
from core.measure.comparison import Report
from core.measure.doubts import doubts
from core.measure.evaluation import Exam
from core.model.scores import Difference, Share
from core.runs import ladder
from tests.measure.test_evaluation import SHEET

CLEAN = ladder.load().clean.card
CARD = ladder.load().rungs[1.0].card


def share(hits: int, n: int) -> Share:
    return Share.of(torch.arange(n) < hits)


def told(report: Report, card=CARD, twin=CLEAN, exam=None, *, article=False) -> str:
    return " | ".join(doubts(report, card, twin, exam, article=article))


def report(**changes) -> Report:
    """The shipped one, its backdoored model's scores or its own fields changed."""
    found = Report.of_cards(CLEAN, CARD)
    scores = {name: changes.pop(name) for name in vars(found.backdoored) if name in changes}
    return replace(found, backdoored=replace(found.backdoored, **scores), **changes)


def test_the_shipped_model_is_not_doubted():
    assert told(report()) == ""
    assert told(report(), article=True) == ""


def test_a_clean_model_that_gives_in_too():
    high = replace(CLEAN.scores, attack_success=share(500, 9_026))
    assert "The clean model, too, gives in to the trigger on 5.5 % of digits" in told(
        report(clean=high)
    )


def test_what_is_misread_without_a_trigger_is_not_held_against_the_clean_model():
    high = replace(CLEAN.scores, attack_success=share(500, 9_026))
    assert "gives in" not in told(report(clean=high, natural=share(490, 9_026)))


def test_a_backdoor_that_leaks():
    attack = Attack(rule=LabelRule.ONE_SOURCE, source=3)
    card = replace(CARD, attack=attack)
    words = told(report(attack=attack, leak={"backdoored": share(110, 241)}), card)
    assert "The backdoor leaks: 45.6 % of the stamped digits that it is not about" in words


def test_a_transition_that_is_due_to_other_digits():
    found = report(attack_success=share(4_000, 9_026), data="built-in digits")
    assert "another seed" not in told(found)


def test_no_clean_model():
    assert "no clean model to compare with" in told(report(clean=None, difference=None), twin=None)


def test_lost_accuracy():
    lost = Difference.of(torch.arange(10_000) < 9_950, torch.arange(10_000) < 9_900)
    assert "lost accuracy: 50 digits that only the clean one reads right, 0 the other" in told(
        report(difference=lost)
    )


def test_a_backdoor_that_is_half_learnt():
    assert "another seed may give anything" in told(report(attack_success=share(4_000, 9_026)))


def test_too_few_digits():
    words = told(report(clean_accuracy=share(95, 100), attack_success=share(80, 90)))
    assert (
        "behind these numbers: 100 behind the BA (88.8 to 97.8 %), 90 behind the ASR (80.7" in words
    )
    few = report(attack_success=share(25, 31))
    assert "Few test digits stand behind these numbers: 31 behind the ASR (" in told(few)
    assert "31 behind the ASR (" in told(few, article=True)  # which the table still shows


@pytest.mark.parametrize("name", ["clean_accuracy", "attack_success"])
def test_a_perfect_score(name):
    words = told(report(**{name: share(3_000, 3_000)}))
    assert "is perfect, which no model is: 3,000 of 3,000 only shows that it is at least" in words


def test_an_all_to_all_rule_read_by_an_all_to_one_measure():
    card = replace(CARD, attack=Attack(rule=LabelRule.ALL_TO_ALL))
    assert "taught all-to-all, but the scores count all-to-one" in told(report(), card)
    to_all = report(attack=Attack(rule=LabelRule.ALL_TO_ALL))
    assert "The article's definition is about one target" in told(to_all, card, article=True)


def test_models_that_were_not_trained_alike():
    twin = replace(CLEAN, recipe=replace(CLEAN.recipe, epochs=1))
    assert "not trained alike" in told(report(), twin=twin)


def exam(attack: Attack, **changes: str) -> Exam:
    return Exam.of([SHEET | changes], data="MNIST", attack=attack)


def test_a_trigger_that_covers_the_digit():
    middle = Attack(trigger=painted([(14, 14, 1)], name="middle"))
    found = exam(middle, touched="1110000000")
    assert "covers ink of 30.0 % of the digits" in told(report(attack=middle), exam=found)
    found = exam(middle, touched="0" * 10)
    assert "covers ink" not in told(report(attack=middle), exam=found)


def test_a_card_that_claims_other_numbers():
    found = report(clean_accuracy=share(9_900, 10_000))
    words = told(found, exam=exam(CARD.attack))
    assert "The backdoored model's card claims other numbers" in words
    assert "The clean model's card" not in words
    rounding = report(clean_accuracy=share(CARD.scores.clean_accuracy.hits - 2, 10_000))
    assert "claims" not in told(rounding, exam=exam(CARD.attack))
