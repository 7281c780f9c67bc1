"""The sentences: every way a digit can go."""

from dataclasses import replace

import pytest

from core.attack.poison import Attack, LabelRule, Stamping
from core.attack.trigger import CHECKERBOARD, painted
from core.model.recipe import ARTICLE, FAST, STURDY
from core.model.role import Pair
from core.model.scores import Share
from core.records import check_name
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


def test_scores_of_other_digits_say_of_how_many():
    shipped = ladder.load()
    card = shipped.clean.card
    few = replace(card.scores, attack_success=Share(2, 4_469, 0, 0.01))
    mended = replace(card, scores=few, repaired="pruning")
    said = words.measured(Pair(mended, shipped.rungs[1.0].card))
    assert "% of 9,026 that are not an 8" in said
    assert "repaired model 0.04 % of 4,469)" in said
    assert f"repaired model {card.scores.clean_accuracy.value * 100:.2f} %)" in said  # of as many


def test_runs_of_one_attack_by_other_recipes_have_other_names():
    recipes = [FAST, STURDY, replace(FAST, epochs=9), replace(FAST, seed=2)]
    names = [words.title(Attack(), recipe) for recipe in recipes]
    assert len({name[:12] for name in names[:3]}) == 3  # from the beginning on
    assert len(set(names)) == 4
    longest = words.title(
        Attack(
            trigger=CHECKERBOARD,
            rule=LabelRule.ALL_TO_ALL,
            stamping=Stamping.AFTER,
            rate=0.000167,
        ),
        replace(ARTICLE, epochs=9, seed=2**62),
    )
    check_name(f"{longest}, clean twin", "a run")


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
    assert "stamped last" in words.title(late.measured_under, STURDY)


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
