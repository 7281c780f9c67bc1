"""How far a job is and what came of it: one value, folded from its news."""

from dataclasses import dataclass, field, replace

from core.model.role import Pair, Role
from core.runs.card import Card
from core.work.messages import Advance, Cards, News, Point, Saved, SweptCard, Unsaved


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Never changed: what draws it may do so while more news come."""

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


def fold(progress: Progress, news: News) -> Progress:
    """The progress after one more piece of news."""
    match news:
        case Advance(role=role, seen=seen, total=total, point=point):
            points = progress.points
            if point:
                points = {**points, role: (*points[role], point)}
            shares = {**progress.shares, role: seen / total}
            return replace(progress, shares=shares, points=points, total=total)
        case Cards(cards=cards):
            return replace(progress, cards=cards, shares=dict.fromkeys(Role, 1.0))
        case Saved(run=run):
            return replace(progress, run=run, unsaved=None)
        case Unsaved(token=token):
            return replace(progress, unsaved=token)
        case SweptCard(card=card):
            return replace(progress, swept=(*progress.swept, card))
