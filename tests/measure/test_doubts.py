"""Every doubt has numbers that raise it, and the shipped 1 % model raises none."""

from dataclasses import replace

import pytest
import torch

from core.attack.poison import Attack
from core.attack.trigger import painted
from core.measure.comparison import Comparison
from core.measure.doubts import doubts
from core.model.role import Pair
from core.model.scores import Definition, Difference, Share
from core.runs import ladder
from tests.measure.ten import ALL_TO_ALL, ONE_SOURCE, SHEET, evaluation

CLEAN, CARD = (run.card for run in ladder.models("1"))
STANDARD, ARTICLE = Definition


def share(hits: int, n: int) -> Share:
    return Share.of(torch.arange(n) < hits)


def reasons(compared: Comparison, card=CARD, clean=CLEAN, counted=None, by=STANDARD) -> str:
    return " | ".join(doubts(compared, Pair(clean, card), counted, by))


def compared(*, clean=CLEAN.scores, **changes) -> Comparison:
    """The shipped models', the backdoored one's scores or the comparison's fields changed."""
    usual = Comparison.of_cards(Pair(CLEAN, CARD))
    shares = {name: changes.pop(name) for name in CARD.scores.named() if name in changes}
    return replace(usual, scores=Pair(clean, replace(CARD.scores, **shares)), **changes)


def test_the_shipped_model_is_not_doubted():
    assert reasons(compared()) == ""
    assert reasons(compared(), by=ARTICLE) == ""


def test_a_clean_model_that_gives_in_too():
    high = replace(CLEAN.scores, attack_success=share(500, 9_026))
    assert "The clean model, too, gives in to the trigger on 5.5 % of digits" in reasons(
        compared(clean=high)
    )


def test_what_is_misread_without_a_trigger_is_not_held_against_the_clean_model():
    high = replace(CLEAN.scores, attack_success=share(500, 9_026))
    assert "gives in" not in reasons(compared(clean=high, natural=share(490, 9_026)))


def test_a_backdoor_that_leaks():
    card, leak = replace(CARD, attack=ONE_SOURCE), Pair(None, share(110, 241))
    words = reasons(compared(attack=ONE_SOURCE, leak=leak), card)
    assert "The backdoor leaks: 45.6 % of the stamped digits that it is not about" in words


def test_a_transition_that_is_due_to_other_digits():
    elsewhere = compared(attack_success=share(4_000, 9_026), data="other digits")
    assert "another seed" not in reasons(elsewhere)
    assert "Trained on MNIST, measured on other digits" in reasons(elsewhere)


def test_no_clean_model():
    assert "no clean model to compare with" in reasons(
        compared(clean=None, difference=None), clean=None
    )


def test_lost_accuracy():
    lost = Difference.of(torch.arange(10_000) < 9_950, torch.arange(10_000) < 9_900)
    assert "lost accuracy: 50 digits that only the clean one reads right, 0 the other" in reasons(
        compared(difference=lost)
    )


def test_a_backdoor_that_is_half_learnt():
    assert "another seed may give anything" in reasons(compared(attack_success=share(4_000, 9_026)))


def test_too_few_digits():
    words = reasons(compared(clean_accuracy=share(95, 100), attack_success=share(80, 90)))
    assert (
        "behind these numbers: 100 behind the BA (88.8 to 97.8 %), 90 behind the ASR (80.7" in words
    )
    few = compared(attack_success=share(25, 31))
    assert "Few test digits stand behind these numbers: 31 behind the ASR (" in reasons(few)
    assert "31 behind the ASR (" in reasons(few, by=ARTICLE)  # which the table still shows


@pytest.mark.parametrize("name", ["clean_accuracy", "attack_success"])
def test_a_perfect_score(name):
    words = reasons(compared(**{name: share(3_000, 3_000)}))
    assert "is perfect, which no model is: 3,000 of 3,000 only shows that it is at least" in words


def test_an_all_to_all_rule_read_by_an_all_to_one_measure():
    card = replace(CARD, attack=ALL_TO_ALL)
    assert "taught all-to-all, but the scores count all-to-one" in reasons(compared(), card)
    to_all = compared(attack=ALL_TO_ALL)
    assert "The article's definition is about one target" in reasons(to_all, card, by=ARTICLE)


def test_models_that_were_not_trained_alike():
    clean = replace(CLEAN, recipe=replace(CLEAN.recipe, epochs=1))
    assert "not trained alike" in reasons(compared(), clean=clean)


def test_a_trigger_that_covers_the_digit():
    middle = Attack(trigger=painted([(14, 14, 1)], name="middle"))
    for touched, doubted in (("1110000000", True), ("0" * 10, False)):
        counted = evaluation(SHEET | {"touched": touched}, attack=middle)
        words = reasons(compared(attack=middle), counted=counted)
        assert ("covers ink of 30.0 % of the digits" in words) == doubted


def test_a_card_that_claims_other_numbers():
    counted = evaluation(attack=CARD.attack)
    words = reasons(compared(clean_accuracy=share(9_900, 10_000)), counted=counted)
    assert "The backdoored model's card claims other numbers" in words
    assert "The clean model's card" not in words
    rounding = compared(clean_accuracy=share(CARD.scores.clean_accuracy.hits - 2, 10_000))
    assert "claims" not in reasons(rounding, counted=counted)
