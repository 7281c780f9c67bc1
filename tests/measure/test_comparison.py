"""Two models side by side: what is said of the ten digits, and of differences by design."""

import pytest

from core.measure.comparison import (
    Comparison,
    both_definitions,
    in_percent,
    in_points,
    markdown,
    rows,
    verdict,
)
from core.model.role import Pair
from core.model.scores import Definition
from core.runs import ladder
from tests.conftest import counts
from tests.measure.ten import ALL_TO_ALL, ONE_SOURCE, SHEET, WITHOUT_CLEAN, comparison

STANDARD, ARTICLE = Definition


def test_the_difference_counts_digit_by_digit():
    difference = comparison().difference
    assert (difference.gained, difference.lost, difference.n) == (1, 1, 10)  # 7 gained, 6 lost


def test_the_verdict_by_both_definitions():
    assert verdict(comparison(), STANDARD) == (
        "80.0 % right on clean digits, no difference from the clean model shown (at most 32.67 "
        "points worse); 75.0 % of digits bearing the trigger are read as 8."
    )
    assert verdict(comparison(), ARTICLE).endswith(
        "80.0 % of digits bearing the trigger, true 8s included, are read as 8."
    )
    assert both_definitions(comparison()) == (
        "The article stamps all 10 test digits, 2 true 8s among them, and these count as successes "
        "with or without a trigger: so even the clean model “falls” for 20.00 %."
    )


def test_the_words_of_other_attacks():
    to_all = comparison(attack=ALL_TO_ALL)
    assert "both definitions count the same" in both_definitions(to_all)
    assert verdict(to_all, ARTICLE).endswith("bearing the trigger are read as the next digit.")
    one = comparison(attack=ONE_SOURCE)
    assert verdict(one, STANDARD).endswith("100.0 % of 3s bearing the trigger are read as 8.")
    assert "the other 9 are to be left alone" in both_definitions(one)
    assert counts(rows(one, STANDARD)[-1].shares.backdoored) == (5, 7)  # the leak


def test_without_a_clean_model():
    alone = comparison(WITHOUT_CLEAN)
    assert alone.difference is None
    assert verdict(alone, STANDARD).startswith("80.0 % right on clean digits; 75.0 % of")
    assert both_definitions(alone).endswith("with or without a trigger.")


def test_a_card_alone_compares_with_nobody():
    _, backdoored = (run.card for run in ladder.models("1"))
    assert backdoored.difference
    alone = Comparison.of_cards(Pair(None, backdoored))
    assert alone.difference is None
    assert "clean model" not in verdict(alone, STANDARD)


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (0, "no difference from the clean model shown (at most 0.03 points worse)"),
        (90, "0.9 points fewer than the clean model (beyond noise)"),
    ],
)
def test_what_is_said_of_the_difference_of_many(lost, words):
    right, wrong = "0123456789" * 1000, "1"
    sheet = {"labels": right, "touched": "0" * 10_000} | dict.fromkeys(
        ("clean", "clean, stamped", "backdoored, stamped"), right
    )
    worse = wrong * (10 * lost // 9) + right[10 * lost // 9 :]  # a tenth of these are true ones
    compared = comparison(sheet | {"backdoored": worse})
    assert compared.difference.lost == lost
    assert words in verdict(compared, STANDARD)


def test_nothing_is_rounded_to_a_certainty():
    sheet = dict.fromkeys(SHEET, "0123456789" * 1000) | {"touched": "0" * 10_000}
    sheet["backdoored, stamped"] = "8" * 9_999 + "9"
    assert ">99.9 % of digits bearing" in verdict(comparison(sheet), STANDARD)


def test_the_tables_show_the_same_numbers():
    text = markdown(comparison())
    for row in rows(comparison(), ARTICLE):
        for share in row.shares:
            assert in_percent(share) in text
    assert in_points(comparison().difference) in text
    assert [row.short for row in rows(comparison(), STANDARD)] == ["BA", "ASR", "RA"]
    assert [row.short for row in rows(comparison(), ARTICLE)][2] == "article's ASR"
