"""What is taken home says the same as the page, and can be read back."""

import csv
import io
import json
from dataclasses import replace

import pytest

from core import __main__ as command_line
from core.attack.poison import Attack, LabelRule, Stamping
from core.attack.trigger import BLENDED, CHECKERBOARD, painted
from core.commands import training
from core.digits.augment import Affine
from core.measure import comparison
from core.measure.comparison import Comparison
from core.model.recipe import ARTICLE, FAST, STURDY
from core.model.role import Pair
from core.model.scores import Definition, Difference, Scores
from core.runs import ladder
from core.runs.card import Card
from core.show import export
from tests.measure import ten

CARDS = Pair(*(run.card for run in ladder.models("1")))
CLEAN, CARD = CARDS
AS_THE_CARDS_SAY = Comparison.of_cards(CARDS)


@pytest.mark.parametrize(
    "attack",
    [
        Attack(),
        Attack(rate=0.007, seed=3, target=1),
        Attack(rate=1 / 60_000, trigger=CHECKERBOARD),
        Attack(rule=LabelRule.ONE_SOURCE, source=3, rate=0.05, trigger=BLENDED),
        Attack(rule=LabelRule.ALL_TO_ALL, rate=0.1, stamping=Stamping.AFTER),
        Attack(trigger=painted([(1, 26, 1.0), (20, 20, 0.35)])),
    ],
)
@pytest.mark.parametrize(
    "recipe",
    [
        FAST,
        replace(ARTICLE, epochs=3, lr=2e-3),
        STURDY,
        replace(FAST, batch=77, augment=Affine()),
    ],
)
def test_the_command_trains_the_same_again(attack, recipe):
    recipe = replace(recipe, seed=attack.seed)
    card = replace(CARD, attack=attack, recipe=recipe)
    words = export.command(card).split()
    assert words[:3] == ["python", "-m", "core"]
    options = command_line.parser().parse_args([word.strip("'") for word in words[3:]])
    again = replace(training.chosen_recipe(options), seed=options.seed)
    assert again == recipe
    assert training.chosen_attack(options, rate=options.rate, seed=options.seed) == attack


@pytest.mark.parametrize(
    "odd",
    [
        {"recipe": replace(FAST, smoothing=0.3)},
        {"recipe": replace(FAST, name="mine")},
        {"recipe": replace(FAST, augment=Affine(degrees=1))},
        {"recipe": replace(FAST, seed=7)},
        {"attack": Attack(trigger=replace(CHECKERBOARD, opacity=0.5))},
        {"data": "another"},
    ],
)
def test_what_no_command_can_say_has_none(odd):
    assert export.command(replace(CARD, **odd)) is None


def test_the_card_is_read_back_as_it_was():
    text = export.to_json(AS_THE_CARDS_SAY, CARDS, ["a doubt"], ["a command"])
    record = json.loads(text)
    assert Card.from_json(record["backdoored"]) == CARD
    assert Card.from_json(record["clean"]) == CLEAN
    assert Scores.from_json(record["report"]["backdoored"]) == CARD.scores
    assert Difference.from_json(record["report"]["difference"]) == CARD.difference
    assert (record["doubts"], record["commands"]) == (["a doubt"], ["a command"])


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_scores_as_a_table():
    found = lines(export.numbers_csv(ten.comparison(), ten.evaluation()))
    assert len(found) == 2 * 4 * 11 + 1
    assert (found[-1]["score"], found[-1]["hits"], found[-1]["n"]) == ("difference", "0", "10")
    success = [line for line in found if line["score"] == "attack_success"]
    over_all = {line["model"]: line for line in success if line["true class"] == "all"}
    assert (over_all["backdoored"]["hits"], over_all["backdoored"]["n"]) == ("6", "8")
    of_eights = [line for line in success if line["true class"] == "8"]
    assert {line["value"] for line in of_eights} == {""}  # an 8 is no victim
    assert len(lines(export.numbers_csv(AS_THE_CARDS_SAY, None))) == 2 * 4 + 1


def test_the_confusions_as_a_table():
    found = lines(export.confusion_csv(ten.evaluation()))
    assert len(found) == 4 * 100
    assert sum(int(line["digits"]) for line in found) == 4 * 10


def parts(shown: str) -> str:
    """A number and its interval, as the table has them."""
    value, _, interval = shown.partition(" ")
    return f"{value}</b><small>{interval.strip('()')}</small>"


def test_the_page_holds_everything_and_loads_nothing():
    name = "</script><b>mine"
    compared = ten.comparison()
    card = replace(CARD, name=name)
    page = export.to_html(
        compared,
        card,
        ten.evaluation(),
        ["<i>doubt"],
        ["python -m core"],
        {"Fast": [CARD]},
        Definition.STANDARD,
    )
    for row in comparison.rows(compared, Definition.ARTICLE):
        for share in row.shares:
            assert parts(comparison.in_percent(share)) in page
    assert parts(comparison.in_points(compared.difference)) in page
    assert "&lt;/script&gt;&lt;b&gt;mine" in page
    assert "&lt;i&gt;doubt" in page
    assert name not in page
    assert page.count('<div class="plot">') == 9
    assert 'src="http' not in page
    assert "href=" not in page.partition("<script>")[0]
