"""How far a job is and what came of it: one value, told anew whenever there is more to say."""

from dataclasses import dataclass, field, replace

from core.model.role import Pair, Role
from core.runs.card import Card
from core.runs.pair import News, Point


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Never changed: what draws it may do so while the job goes on."""

    shares: dict[Role, float] = field(default_factory=lambda: dict.fromkeys(Role, 0.0))
    points: dict[Role, tuple[Point, ...]] = field(default_factory=lambda: dict.fromkeys(Role, ()))
    total: int = 0  # images that a model is shown, repeats counted
    cards: Pair[Card] | None = None  # once both models are measured
    run: str | None = None  # the id under which they are kept
    unsaved: str | None = None  # the token of models that wait to be saved again
    swept: tuple[Card, ...] = ()  # of a sweep

    @property
    def share(self) -> float:
        """Of both trainings together, in [0, 1]."""
        return sum(self.shares.values()) / len(self.shares)

    def after(self, news: News) -> "Progress":
        """Once one of both trainings has gone on."""
        points = self.points
        if news.point:
            points = {**points, news.role: (*points[news.role], news.point)}
        shares = {**self.shares, news.role: news.seen / news.total}
        return replace(self, shares=shares, points=points, total=news.total)

    def measured(self, cards: Pair[Card]) -> "Progress":
        """Once both models are trained and measured."""
        return replace(self, cards=cards, shares=dict.fromkeys(Role, 1.0))
