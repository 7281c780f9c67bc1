"""The sentences: every way a digit can go."""

from dataclasses import replace

import pytest

from core.attack import phrases
from core.attack.poison import Attack, LabelRule, Stamping
from core.attack.trigger import painted
from core.model.role import Pair
from core.model.scores import Share
from core.runs import ladder
from core.show import words


def test_the_measured_scores_are_the_cards():
    shipped = ladder.load()
    said = words.measured(Pair(shipped.clean.card, shipped.rungs[1.0].card))
    scores = shipped.rungs[1.0].card.scores
    assert f"{scores.clean_accuracy.value * 100:.2f} % of 10,000 read right" in said
    assert f"{scores.attack_success.value * 100:.2f} % of 9,026 that are not an 8" in said
    beside = shipped.clean.card.scores.attack_success
    assert f"clean model {beside.value * 100:.2f} %" in said


@pytest.mark.parametrize(
    ("attack", "victims", "outcome"),
    [
        (
            Attack(),
            "that are not an 8 read as one, once stamped",
            "stamped digits are read as an 8",
        ),
        (
            Attack(rule=LabelRule.ONE_SOURCE, source=3, target=1),
            "3s read as a 1, once stamped",
            "stamped 3s are read as a 1",
        ),
        (
            Attack(rule=LabelRule.ALL_TO_ALL),
            "read as the next digit, once stamped",
            "stamped digits are read as the next digit",
        ),
    ],
)
def test_every_rule_has_its_own_words(attack, victims, outcome):
    card = replace(ladder.load().rungs[1.0].card, attack=attack, measured_under=attack)
    assert victims in words.measured(Pair(None, card))
    assert outcome in words.learnt(Pair(card, card))


def test_what_the_scores_take_for_granted_says_when_images_were_stamped():
    card = ladder.load().rungs[1.0].card
    assert "stamped before training" in words.assumptions(card)
    late = replace(card, measured_under=Attack(stamping=Stamping.AFTER))
    assert "stamped after augmentation" in words.assumptions(late)
    assert "stamped after augmentation" in phrases.title(late.measured_under)


def test_the_transition_in_words():
    card = ladder.load().rungs[1.0].card

    def runs(*successes: float) -> list:
        """One of each at 0.1 %, 1 %, 10 % poison."""
        rates = (0.001, 0.01, 0.1)[: len(successes)]
        return [
            replace(
                card,
                measured_under=Attack(rate=rate),
                scores=replace(card.scores, attack_success=Share(round(each * 100), 100, 0, 1)),
            )
            for rate, each in zip(rates, successes, strict=True)
        ]

    for successes, expected in {
        (0.95, 0.99): "every seed learns the backdoor, from 0.1 % (60 images) on.",
        (0.0, 0.1): "no seed learns the backdoor, up to 1 % (600 images).",
        (0.0, 0.5, 0.9): "no seed learns the backdoor up to 0.1 % (60 images); every seed does "
        "from 10 % (6,000 images) on; between them the seed decides.",
        (0.5, 0.95): "every seed does from 1 % (600 images) on; else the seed decides.",
        (0.5, 0.5): "at every rate the seed decides.",
    }.items():
        assert words.transition(runs(*successes)) == expected
    single = replace(runs(0.95)[0], measured_under=Attack(rate=1 / card.images))
    expected = "every seed learns the backdoor, from 0.00167 % (1 image) on."
    assert words.transition([single]) == expected
    unpoisoned = [replace(card, measured_under=Attack(rate=0))]
    assert words.transition(unpoisoned) == "no run of it has any poison."


def test_two_runs_are_compared_by_what_differs():
    card = ladder.load().rungs[1.0].card
    other = replace(card, recipe=replace(card.recipe, seed=7))
    rows = words.compared(other, card)
    assert rows[0] == ("seed", "1", "7")
    assert [row[0] for row in rows[1:]] == ["clean accuracy", "attack success", "seconds"]


def test_triggers_are_compared_to_their_last_cell():
    card = ladder.load().rungs[1.0].card
    cells = [(row, col, 1) for row in range(4) for col in range(5)]
    first, second = (
        replace(card, attack=replace(card.attack, trigger=painted([*cells, last])))
        for last in ((20, 20, 1), (21, 21, 1))
    )
    assert ("cells", "(20, 20) 1", "(21, 21) 1") in words.compared(second, first)
    assert words.settings(first)["cells"].endswith("(2, 1) 1 and 9 more")
