"""The article's numbers again: the shipped seeds, and what is said of them."""

from dataclasses import replace

import torch

from core.attack.poison import Attack
from core.measure import article
from core.measure.article import ARTICLE_ASR, PRINTED, STANDARD_ASR
from core.model.recipe import ARTICLE
from core.model.role import Pair
from core.model.scores import Share
from core.places import ASSETS
from core.runs import sweep
from core.runs.card import Card

SHIPPED = article.pairs(sweep.read(sweep.SHIPPED))


def seed(number: int, *shares: float) -> Pair[Card]:
    """A seed's two cards with these for BA, BA and the two ASRs, in thousandths."""
    clean, backdoored, success, standard = (
        Share.of(torch.arange(1000) < round(share * 1000)) for share in shares
    )
    pair = SHIPPED[0].map(lambda card: replace(card, recipe=replace(ARTICLE, seed=number)))
    scores = pair.map(lambda card: card.scores)
    return Pair(
        replace(pair.clean, scores=replace(scores.clean, clean_accuracy=clean)),
        replace(
            pair.backdoored,
            scores=replace(
                scores.backdoored,
                clean_accuracy=backdoored,
                article_success=success,
                attack_success=standard,
            ),
        ),
    )


def test_five_seeds_ship_and_come_out_as_the_article_did():
    assert list(map(article.seed_of, SHIPPED)) == [1, 2, 3, 4, 5]
    clean, backdoored, success = (number.of(SHIPPED) for number in PRINTED)
    for number, values in zip(PRINTED[:2], (clean, backdoored), strict=True):
        assert all(abs(value - number.notebook) <= 0.004 for value in values)
    assert min(success) < ARTICLE_ASR.notebook < max(success)
    for by_article, standard in zip(success, STANDARD_ASR.of(SHIPPED), strict=True):
        assert by_article > standard > 0.7
    for pair in SHIPPED:
        assert (pair.clean.poisoned, pair.backdoored.poisoned) == (0, 600)
        assert (pair.clean.attack, pair.backdoored.attack.rate) == (None, 0.01)


def test_the_table_of_results_is_theirs():
    assert article.markdown(SHIPPED) in (ASSETS / "results.md").read_text(encoding="utf-8")


def test_mean_and_spread_by_hand():
    seeds = [seed(1, 0.98, 0.97, 0.9, 0.8), seed(2, 0.99, 0.99, 0.8, 0.7)]
    table = article.markdown(seeds, [seed(6, 0.1, 0.2, 0.3, 0.4)])
    # the deviation of two numbers is half their difference times the root of two
    assert "| 98.94 (98.72 to 99.12) | 98.50 ± 0.71 | 98.00 to 99.00 | 10.00 |" in table
    assert "| not counted | 75.00 ± 7.07 | 70.00 to 80.00 | 40.00 |" in table
    assert article.spread_in_words(seeds).endswith(
        "definition goes from 80.00 to 90.00 %, with the seed alone. "
        "The notebook's 94.29 % lies outside."
    )


def test_one_seed_is_counted_as_one():
    assert "ours, mean of 1 seed |" in article.markdown(SHIPPED[:1])
    assert article.spread_in_words(SHIPPED[:1]).startswith("Over 1 seed BA stays")


def test_only_the_articles_models_count():
    card = SHIPPED[0].backdoored
    assert article.is_article(card)
    for other in (
        {"attack": Attack(target=3)},
        {"attack": Attack(seed=2)},
        {"recipe": replace(ARTICLE, epochs=9)},
        {"data": "other digits"},
    ):
        assert not article.is_article(replace(card, **other))
