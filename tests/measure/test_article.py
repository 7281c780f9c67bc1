"""The article's numbers again: the shipped seeds, and what is said of them."""

from dataclasses import replace

import pytest

from core.attack.poison import Attack
from core.measure import article
from core.measure.article import NOTEBOOK, Seed
from core.model.recipe import ARTICLE
from core.runs import curve
from core.show import figures
from tests.harness import ROOT

SHIPPED = curve.read(curve.SHIPPED)
SEEDS = [article.seed_of(*pair) for pair in article.pairs(SHIPPED)]


def test_five_seeds_ship_and_come_out_as_the_article_did():
    assert [seed.seed for seed in SEEDS] == [1, 2, 3, 4, 5]
    for seed in SEEDS:
        assert abs(seed.clean - NOTEBOOK["clean"]) <= 0.004
        assert abs(seed.backdoored - NOTEBOOK["backdoored"]) <= 0.004
        assert seed.article > seed.standard > 0.7
    found = [seed.article for seed in SEEDS]
    assert min(found) < NOTEBOOK["article"] < max(found)
    for clean, backdoored in article.pairs(SHIPPED):
        assert (clean.poisoned, backdoored.poisoned) == (0, 600)
        assert (clean.attack, backdoored.attack.rate) == (None, 0.01)


def test_the_table_in_the_readme_is_theirs():
    assert article.markdown(SEEDS) in (ROOT / "README.md").read_text()


def test_mean_and_spread_by_hand():
    seeds = [Seed(1, 0.98, 0.97, 0.9, 0.8), Seed(2, 0.99, 0.99, 0.8, 0.7)]
    table = article.markdown(seeds, [Seed(6, 0.1, 0.2, 0.3, 0.4)])
    # the deviation of two numbers is half their difference times the root of two
    assert "| 0.9894 (0.9872 to 0.9912) | 0.9850 ± 0.0071 | 0.9800 to 0.9900 | 0.1000 |" in table
    assert "| not counted | 0.7500 ± 0.0707 | 0.7000 to 0.8000 | 0.4000 |" in table
    assert article.sentence(seeds).endswith(
        "from 0.8000 to 0.9000, with the seed alone. The notebook's 0.9429 lies outside."
    )


def test_only_the_articles_models_count():
    card = article.pairs(SHIPPED)[0][1]
    assert article.is_article(card)
    for other in (
        {"attack": Attack(target=3)},
        {"attack": Attack(seed=2)},
        {"recipe": replace(ARTICLE, epochs=9)},
        {"data": "built-in digits"},
    ):
        assert not article.is_article(replace(card, **other))


@pytest.mark.parametrize("field", ["clean", "backdoored", "article"])
def test_the_figure_has_every_seed_and_the_printed_number(field):
    figure = figures.again_dots(field, SEEDS, SEEDS[:1])
    ours, yours = figure["data"]
    assert ours["y"] == [getattr(seed, field) for seed in SEEDS]
    assert len(yours["y"]) == 1
    assert figure["layout"]["shapes"][0]["y0"] == NOTEBOOK[field]
