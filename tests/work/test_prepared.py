"""What ships of the ladder is what the defences find; and they judge it rightly."""

import pytest

from core.defend import clean, scan
from core.defend.cleanse import Shown
from core.defend.finding import Suspect, Verdict
from core.defend.methods import of_scan
from core.defend.scan import SIDES, Scan, Turned
from core.digits.mnist import DIGITS
from core.model.recipe import STURDY
from core.model.role import Role
from core.work import prepared
from core.work.searches import Narrow, ScanRow, Spread


def rows(models: str, role: Role, side: int = 1) -> list[Turned]:
    return [
        Turned(**prepared.answer(ScanRow(models=models, role=role, side=side, row=row)))
        for row in range(Scan(side=side).places)
    ]


def spreads(models: str, role: Role) -> list[float]:
    return [
        prepared.answer(Spread(models=models, role=role, label=label)) for label in range(DIGITS)
    ]


def masks(models: str, role: Role) -> Suspect:
    shown = Shown.from_json(
        prepared.answer(Narrow(models=models, role=role, part=Narrow.PARTS - 1))
    )
    return shown.suspect


def test_every_question_about_the_ladder_is_answered():
    assert all(prepared.answer(question) is not None for question in prepared.questions())
    assert prepared.answer(Spread(models="a run", role=Role.CLEAN, label=0)) is None
    of_one = Spread(models="1", role=Role.CLEAN, label=3)
    of_other = Spread(models="10", role=Role.CLEAN, label=3)
    assert prepared.answer(of_one) == prepared.answer(of_other)  # all rungs have one clean twin


@pytest.mark.parametrize(
    "question",
    [
        ScanRow(models="0.5", role=Role.BACKDOORED, side=1, row=3),
        Spread(models="0.5", role=Role.BACKDOORED, label=8),
        Spread(models="0.5", role=Role.CLEAN, label=1),
    ],
)
def test_what_ships_is_what_is_found(question):
    """But for another processor's sums."""
    again, before = question.answer(), prepared.answer(question)
    if isinstance(question, ScanRow):
        assert again["share"] == pytest.approx(before["share"], abs=0.03)
        assert again["digit"][3] == before["digit"][3] == 8
    else:
        assert again == pytest.approx(before, rel=0.02)


def test_masks_go_on_where_they_were_and_begin_anew_for_who_comes_later():
    of = {"models": "1", "role": Role.BACKDOORED}
    first, second = (Narrow(**of, part=part).answer() for part in (0, 1))
    assert (first["step"], second["step"]) == (Narrow.STEPS, 2 * Narrow.STEPS)
    assert Narrow(**of, part=0).answer() == first
    assert Narrow(**of, part=1).answer() == second


@pytest.mark.parametrize("percent", [0.7, 1.0, 2.0, 5.0, 10.0])
def test_every_method_finds_the_backdoor(percent):
    known, of = clean.load(STURDY.name), (f"{percent:g}", Role.BACKDOORED)
    found = scan.suspect(rows(*of))
    assert clean.judge(of_scan(1), found, STURDY).accused == found
    assert (found.target, found.statistic > 0.9) == (8, True)
    assert max(abs(place - 3) for place in found.place) <= 2  # poolings make aliases of the place
    ratios = spreads(*of)
    assert known.verdict("whitening", ratios[8]) is Verdict.FOUND
    assert sum(ratio > known.threshold("whitening") for ratio in ratios) == 1
    assert masks(*of).target == 8
    assert known.verdict("cleanse", masks(*of).statistic) is Verdict.FOUND


def test_no_method_accuses_the_clean_twin_nor_what_has_learnt_nothing():
    known = clean.load(STURDY.name)
    for of in (("1", Role.CLEAN), ("0.1", Role.BACKDOORED), ("0.2", Role.BACKDOORED)):
        for side in SIDES:
            assert not clean.judge(of_scan(side), scan.suspect(rows(*of, side)), STURDY).accused
        assert max(spreads(*of)) <= known.threshold("whitening")
        assert not clean.judge("cleanse", masks(*of), STURDY).accused
