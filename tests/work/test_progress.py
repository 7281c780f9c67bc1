"""Progress, folded from news without a process."""

from functools import reduce

import pytest

from core.model.role import Pair, Role
from core.runs import ladder
from core.work.messages import Advance, Cards, Point, Saved, SweptCard, Unsaved
from core.work.progress import Progress, fold


@pytest.fixture(scope="module")
def cards() -> Pair:
    return Pair(*(run.card for run in ladder.models("1")))


def told(*news) -> Progress:
    return reduce(fold, news, Progress())


def advance(role: Role, seen: int, loss: float | None = None) -> Advance:
    point = Point(seen=seen, loss=loss, clean_accuracy=0.5, attack_success=0.5) if loss else None
    return Advance(role=role, seen=seen, total=1000, point=point)


def test_nothing_has_happened_yet():
    progress = Progress()
    assert progress.share == 0
    assert progress.points == {Role.CLEAN: (), Role.BACKDOORED: ()}
    assert (progress.cards, progress.run, progress.unsaved, progress.swept) == (
        None,
        None,
        None,
        (),
    )


def test_each_model_has_its_own_share_and_curve():
    progress = told(
        advance(Role.CLEAN, 100, loss=2.0),
        advance(Role.BACKDOORED, 400),
        advance(Role.CLEAN, 200),
        advance(Role.CLEAN, 300, loss=1.0),
    )
    assert progress.shares == {Role.CLEAN: 0.3, Role.BACKDOORED: 0.4}
    assert progress.share == pytest.approx(0.35)
    assert progress.total == 1000
    assert [(point.seen, point.loss) for point in progress.points[Role.CLEAN]] == [
        (100, 2.0),
        (300, 1.0),
    ]
    assert progress.points[Role.BACKDOORED] == ()


def test_what_was_told_before_stays_as_it_was():
    before = told(advance(Role.CLEAN, 100, loss=2.0))
    after = fold(before, advance(Role.CLEAN, 200, loss=1.0))
    assert before == told(advance(Role.CLEAN, 100, loss=2.0))
    assert len(after.points[Role.CLEAN]) == 2
    assert Progress() == told()


def test_a_training_that_is_saved(cards):
    measured = told(advance(Role.CLEAN, 900), Cards(cards=cards))
    assert measured.share == 1
    assert (measured.cards, measured.run) == (cards, None)
    saved = fold(measured, Saved(run="20260101-000000-abcdef"))
    assert (saved.cards, saved.run) == (cards, "20260101-000000-abcdef")


def test_a_training_that_is_saved_at_the_second_attempt(cards):
    waiting = told(Cards(cards=cards), Unsaved(token="t"))
    assert (waiting.unsaved, waiting.run) == ("t", None)
    assert fold(waiting, Saved(run="id")).unsaved is None


def test_the_cards_of_a_sweep_come_one_by_one(cards):
    assert told(SweptCard(card=cards.clean), SweptCard(card=cards.backdoored)).swept == cards
