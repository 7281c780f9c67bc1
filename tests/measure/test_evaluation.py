"""An exam of ten digits, worked out by hand: what each model read, and everything counted from it.

number          0  1  2  3  4  5  6  7  8  9
true class      0  1  2  3  4  5  6  7  8  8
clean           0  1  2  3  4  5  6  1  8  3    misreads 7 and 9
  stamped       0  1  2  8  4  5  6  1  8  3    falls for 3 by chance
backdoored      0  1  2  3  4  5  5  7  8  3    misreads 6 and 9
  stamped       8  8  8  8  8  8  6  1  8  8    resists with 6 and 7
"""

import pytest
import torch

from core.attack.poison import Attack, LabelRule
from core.digits.mnist import Digits
from core.measure.comparison import (
    Report,
    definition,
    markdown,
    rows,
    sentence,
    shown,
    shown_difference,
)
from core.measure.evaluation import SELECTIONS, Exam, sit
from core.runs.run import Models, Run
from core.show import figures
from tests.conftest import counts
from tests.model.test_scores import Scripted

LABELS = "0123456788"
CLEAN, CLEAN_STAMPED = "0123456183", "0128456183"
BACKDOORED, BACKDOORED_STAMPED = "0123455783", "8888886188"
SHEET = {
    "labels": LABELS,
    "touched": "0000000001",
    "clean": CLEAN,
    "clean, stamped": CLEAN_STAMPED,
    "backdoored": BACKDOORED,
    "backdoored, stamped": BACKDOORED_STAMPED,
}
WITHOUT_CLEAN = {name: text for name, text in SHEET.items() if "clean" not in name}


def exam(*sheets: dict[str, str], attack: Attack | None = None) -> Exam:
    return Exam.of(sheets or [SHEET], data="MNIST", attack=attack or Attack())


def digits(text: str) -> list[int]:
    return [int(digit) for digit in text]


@pytest.fixture
def models() -> Models:
    return Models(
        Run(Scripted(digits(CLEAN), digits(CLEAN_STAMPED)), None),
        Run(Scripted(digits(BACKDOORED), digits(BACKDOORED_STAMPED)), None),
    )


@pytest.fixture
def ten() -> Digits:
    images = torch.zeros(10, 1, 28, 28)
    images[:, 0, 0, 0] = torch.arange(10) / 100
    images[9, 0, 3, 3] = 0.5  # ink of its own under the pixel
    return Digits(images, torch.tensor(digits(LABELS)))


def test_sitting_it_writes_down_what_was_read(models, ten):
    assert sit(models, ten, Attack()) == SHEET
    assert sit(Models(None, models.backdoored), ten, Attack()) == WITHOUT_CLEAN


def test_scores_by_every_definition():
    clean, backdoored = exam().scores("clean"), exam().scores("backdoored")
    # untouched: two misread by each
    assert counts(clean.clean_accuracy) == counts(backdoored.clean_accuracy) == (8, 10)
    # of the eight that are not 8: the clean model calls one 8, the backdoored six
    assert (counts(clean.attack_success), counts(backdoored.attack_success)) == ((1, 8), (6, 8))
    # of all ten: the clean model 3 and 8, the backdoored one those six and both true eights
    assert (counts(clean.article_success), counts(backdoored.article_success)) == ((2, 10), (8, 10))
    # of the eight, still read right: all but 3 and 7, and 6 alone
    assert (counts(clean.robust_accuracy), counts(backdoored.robust_accuracy)) == ((6, 8), (1, 8))


def test_the_difference_counts_digit_by_digit():
    found = Report.of_exam(exam()).difference
    assert (found.gained, found.lost, found.n) == (1, 1, 10)  # 7 gained, 6 lost


def test_parts_make_the_whole():
    halves = [
        {name: text[part] for name, text in SHEET.items()} for part in (slice(4), slice(4, 10))
    ]
    assert torch.equal(exam(*halves).labels, exam().labels)
    assert Report.of_exam(exam(*halves)) == Report.of_exam(exam())


def test_confusions_and_what_is_behind_their_cells():
    plain = exam().confusion("backdoored", stamped=False)
    assert plain.sum() == 10
    assert plain.diagonal().sum() == 8
    assert (plain[6, 5], plain[8, 3]) == (1, 1)
    assert exam().confusion("backdoored", stamped=True)[:, 8].tolist() == [1] * 6 + [0, 0, 2, 0]
    for model in ("clean", "backdoored"):
        for stamped in (False, True):
            counts = exam().confusion(model, stamped=stamped)
            for true, read in counts.nonzero().tolist():
                behind = exam().behind(model, stamped=stamped, true=true, read=read)
                assert len(behind) == counts[true, read]
    assert exam().behind("backdoored", stamped=True, true=8, read=8).tolist() == [8, 9]


def test_selections():
    found = {selection: exam().selected(selection).tolist() for selection in SELECTIONS}
    assert found == {
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
    one = exam(attack=Attack(rule=LabelRule.ONE_SOURCE, source=3))
    # of the seven that are neither 3 nor 8 the backdoored model calls five 8, the clean one none
    found = Report.of_exam(one)
    assert {model: counts(share) for model, share in found.leak.items()} == {
        "clean": (0, 7),
        "backdoored": (5, 7),
    }
    assert one.selected("leaks").tolist() == [0, 1, 2, 4, 5]
    assert counts(rows(found, article=False)[-1].backdoored) == (5, 7)
    assert Report.of_exam(exam()).leak == {}
    for bars in (figures.who_counts(found), figures.who_counts(Report.of_exam(exam()))):
        assert [sum(bar) for bar in zip(*(bar["x"] for bar in bars["data"]), strict=True)] == [
            10,
            10,
        ]


def test_what_the_clean_model_misreads_anyway():
    # untouched it reads none of the eight victims as 8
    assert counts(Report.of_exam(exam()).natural) == (0, 8)


def test_without_a_clean_model():
    alone = exam(WITHOUT_CLEAN)
    assert alone.clean is alone.scores("clean") is alone.by_class("clean") is None
    assert alone.selected("misread by clean").tolist() == []
    found = Report.of_exam(alone)
    assert found.difference is None
    assert sentence(found, article=False).startswith("80.0 % right on clean digits; 75.0 % of")


def test_the_sentence_and_its_definitions():
    found = Report.of_exam(exam())
    assert sentence(found, article=False) == (
        "80.0 % right on clean digits, no different from the clean model (within the noise of so "
        "few digits); 75.0 % of digits bearing the trigger are read as 8."
    )
    assert sentence(found, article=True).endswith(
        "80.0 % of digits bearing the trigger, true 8s included, are read as 8."
    )
    assert definition(found) == (
        "The article stamps all 10 test digits, 2 true 8s among them, and these count as successes "
        "with or without a trigger: so even the clean model “falls” for 20.00 %."
    )
    to_all = Report.of_exam(exam(attack=Attack(rule=LabelRule.ALL_TO_ALL)))
    assert "both definitions count the same" in definition(to_all)
    assert sentence(to_all, article=True).endswith(
        "bearing the trigger are read as the next digit."
    )
    one = Report.of_exam(exam(attack=Attack(rule=LabelRule.ONE_SOURCE, source=3)))
    assert sentence(one, article=False).endswith("100.0 % of 3s bearing the trigger are read as 8.")
    assert "the other 9 are to be left alone" in definition(one)


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (0, "as good as the clean model (difference 0.0 points, within noise)"),
        (90, "0.9 points fewer than the clean model (beyond noise)"),
    ],
)
def test_what_is_said_of_the_difference_of_many(lost, words):
    right, wrong = "0123456789" * 1000, "1"
    sheet = {"labels": right, "touched": "0" * 10_000} | dict.fromkeys(
        ("clean", "clean, stamped", "backdoored, stamped"), right
    )
    worse = wrong * (10 * lost // 9) + right[10 * lost // 9 :]  # a tenth of these are true ones
    found = Report.of_exam(exam(sheet | {"backdoored": worse}))
    assert found.difference.lost == lost
    assert words in sentence(found, article=False)


def test_nothing_is_rounded_to_a_certainty():
    sheet = dict.fromkeys(SHEET, "0123456789" * 1000) | {"touched": "0" * 10_000}
    sheet["backdoored, stamped"] = "8" * 9_999 + "9"
    assert ">99.9 % of digits bearing" in sentence(Report.of_exam(exam(sheet)), article=False)


def test_the_tables_show_the_same_numbers():
    found = Report.of_exam(exam())
    text = markdown(found)
    for row in rows(found, article=True):
        assert shown(row.clean) in text
        assert shown(row.backdoored) in text
    assert shown_difference(found.difference) in text
    assert [row.short for row in rows(found, article=False)] == ["BA", "ASR", "RA"]


def test_figures_show_what_was_counted():
    found = Report.of_exam(exam())
    clean, _, backdoored, labels = figures.score_bars(found, article=True)["data"]
    assert labels["text"][1] == " 75.0 %"
    assert clean["x"] == [0.8, 0.125, 0.2, 0.75]
    assert backdoored["x"] == [0.8, 0.75, 0.8, 0.125]
    counts = [bar["x"] for bar in figures.who_counts(found)["data"]]
    assert counts == [[1, 6], [7, 2], [1, 2], [1, 0]]
    heat, faint, strong = figures.confusion_map(exam().confusion("clean", stamped=False), "clean")[
        "data"
    ]
    assert heat["customdata"][8][3] == 1
    assert len(faint["text"]) + len(strong["text"]) == 10
