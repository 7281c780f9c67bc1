"""What the worker can do: the long work, in a table, and the questions it answers meanwhile."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.attack.poison import Attack, LabelRule, poison
from core.digits import mnist
from core.digits.drawing import to_png
from core.digits.mnist import Digits
from core.measure import evaluation
from core.measure.evaluation import PART
from core.model.recipe import Recipe
from core.model.role import Pair
from core.runs import curve, file, ladder, library, sweep
from core.runs import pair as both
from core.runs.run import Models
from core.work import messages
from core.work.messages import News

KEPT_UNSAVED = 10  # pairs of models that wait for room on the disk
PREVIEWED = 16  # poisoned images
INTERVAL = 0.2  # seconds between two messages about how far a model is

_paces: dict[str, float] = {}  # seconds an image, by what makes a recipe slow or fast
_unsaved: dict[str, Models] = {}  # by token: trained, but there was no room on the disk


def _train(work: messages.Train) -> Iterator[News | None]:
    library.check_writable()
    digits = mnist.load()
    begun, due = time.perf_counter(), 0.0
    for event in both.train_both(digits, work.recipe, work.attack, name=work.title):
        if isinstance(event, Pair):
            models = event
        elif event is None:
            yield None
        else:
            now = time.perf_counter()
            if event.point or now >= due:
                due = now + INTERVAL
                point = event.point and messages.Point(**event.point._asdict())
                yield messages.Advance(
                    role=event.role, seen=event.seen, total=event.total, point=point
                )
    images = work.recipe.shown(len(digits.training.labels))
    # now: when the slower of both was trained, and not measured yet
    _paces[_pace_key(work.recipe)] = (now - begun) / images
    yield from _save(models, secrets.token_hex(4))


def _save_again(work: messages.SaveAgain) -> Iterator[News]:
    if work.token not in _unsaved:
        raise ValueError(
            "expected models that wait to be saved; the worker has been restarted since"
        )
    yield from _save(_unsaved.pop(work.token), work.token)


def _save(models: Models, token: str) -> Iterator[News]:
    yield messages.Cards(cards=models.map(lambda run: run.card))
    try:
        id = library.add(models)
    except file.StoreError:
        _unsaved[token] = models
        for old in list(_unsaved)[:-KEPT_UNSAVED]:
            del _unsaved[old]
        yield messages.Unsaved(token=token)
        raise
    yield messages.Saved(run=id)


def _train_many(work: messages.TrainMany) -> Iterator[messages.SweptCard | None]:
    plan = sweep.Sweep(
        recipe=work.recipe,
        attack=work.attack,
        rates=work.rates,
        seeds=tuple(range(1, work.seeds + 1)),
    )
    for card in sweep.run(plan, curve.path_in(library.home()), backend="threading"):
        yield card and messages.SweptCard(card=card)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One kind of long work."""

    function: Callable[[Any], Iterator[News | None]]  # None: nothing new, but cancel me if you like
    in_place: bool  # cancelled by leaving it, at the next news; else it is always done to its end


TASKS: dict[type[messages.Work], Task] = {
    messages.Train: Task(function=_train, in_place=True),
    messages.TrainMany: Task(function=_train_many, in_place=True),
    # A moment's work; left in the middle, the models were lost.
    messages.SaveAgain: Task(function=_save_again, in_place=False),
}


def _warm(_: messages.Warm) -> None:
    """Reads the digits, and what the first training would wait for."""
    import scipy.stats  # noqa: F401

    mnist.load()


def _preview(question: messages.Preview) -> dict[str, Any]:
    digits, attack = mnist.load().training, question.attack
    poisoned = poison(digits, attack)
    rows = poisoned.rows[:PREVIEWED]
    tiles = []
    for true, image, label in zip(digits.labels[rows], *poisoned.learnt(rows), strict=True):
        tiles.append({"png": to_png(image[0].numpy()), "true": int(true), "label": int(label)})
    changed = poisoned.labels != digits.labels
    classes = range(10) if attack.rule == LabelRule.ALL_TO_ALL else [attack.target]
    shares = [changed[poisoned.labels == label].float().mean().item() for label in classes]
    return {
        "images": len(digits.labels),
        "eligible": int(attack.eligible(digits.labels).sum()),
        "poisoned": len(poisoned.rows),
        "relabelled": poisoned.relabelled,
        "share_of_class": max(shares),
        "tiles": tiles,
    }


def _estimate(question: messages.Estimate) -> float | None:
    """From what this machine has measured; None where that is nothing like it and it is busy."""
    recipe, key = question.recipe, _pace_key(question.recipe)
    if key not in _paces:
        if question.busy:
            return None
        _paces[key] = both.pace(mnist.load(), recipe, Attack())
    return _paces[key] * recipe.shown(mnist.TRAINING_SIZE)


def _pace_key(recipe: Recipe) -> str:
    return f"{recipe.batch} {recipe.bf16} {recipe.augment is not None}"


def _count(question: messages.Count) -> evaluation.Sheet:
    """Under the attack that the backdoored model was trained with."""
    models = _models(question.models)
    rows = slice(question.part * PART, (question.part + 1) * PART)
    few = Digits(*(each[rows] for each in mnist.load().test))
    return evaluation.evaluate(models, few, models.backdoored.card.attack)


@lru_cache(maxsize=4)
def _models(id: str) -> Models:
    return library.load(id) if library.ID.fullmatch(id) else ladder.models(id)


def _images(question: messages.Images) -> list[dict[str, Any]]:
    images, labels = mnist.load().test
    rows = list(question.rows)
    chosen = images[rows]
    if question.trigger:
        chosen = question.trigger(chosen)
    return [
        {"row": row, "true": int(labels[row]), "png": to_png(image[0].numpy())}
        for row, image in zip(rows, chosen, strict=True)
    ]


QUESTIONS: dict[type[messages.Question], Callable[[Any], Any]] = {
    messages.Warm: _warm,
    messages.Preview: _preview,
    messages.Estimate: _estimate,
    messages.Count: _count,
    messages.Images: _images,
}
