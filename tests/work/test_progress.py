"""Progress, followed without a process."""

import pytest

from core.model.role import Pair, Role
from core.runs import ladder
from core.runs.run import News, Point
from core.work.tasks import Progress


def after(*news: News) -> Progress:
    progress = Progress()
    for each in news:
        progress = progress.after(each)
    return progress


def news(role: Role, seen: int, loss: float | None = None) -> News:
    return News(role, seen, 1000, Point(seen, loss, 0.5, 0.5) if loss else None)


def test_nothing_has_happened_yet():
    progress = Progress()
    assert progress.share == 0
    assert progress.points == {Role.CLEAN: (), Role.BACKDOORED: ()}
    assert (progress.cards, progress.run, progress.unsaved) == (None, None, None)
    assert progress.swept == ()


def test_each_model_has_its_own_share_and_curve():
    progress = after(
        news(Role.CLEAN, 100, loss=2.0),
        news(Role.BACKDOORED, 400),
        news(Role.CLEAN, 200),
        news(Role.CLEAN, 300, loss=1.0),
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
    before = after(news(Role.CLEAN, 100, loss=2.0))
    later = before.after(news(Role.CLEAN, 200, loss=1.0))
    assert before == after(news(Role.CLEAN, 100, loss=2.0))
    assert len(later.points[Role.CLEAN]) == 2
    assert Progress() == after()


def test_a_training_that_is_measured():
    cards = Pair(*(run.card for run in ladder.models("1")))
    measured = after(news(Role.CLEAN, 900)).measured(cards)
    assert (measured.share, measured.cards, measured.run) == (1, cards, None)
