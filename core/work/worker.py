"""The worker: a process that does the long work, so that the app stays quick under the pen.

It reads a message per line from stdin and writes one per line to stdout, all JSON:

    {"start": "7f3a", "what": "train", "given": {...}}     work, one at a time
    {"cancel": "7f3a"}
    {"ask": 8, "what": "preview", "given": {...}}          answered at once, while work goes on

    {"job": "7f3a", "news": {...}}                         any number of times
    {"job": "7f3a", "end": "done"}                         or "cancelled", or "failed" with "words"
    {"answer": 8, "value": ...}                            or "error"

It ends when stdin ends, that is, with the app. `core/work/jobs.py` is the other end of the line.
"""

import json
import os
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, TextIO

import torch

from core.attack.poison import Attack, poison
from core.attack.trigger import Trigger
from core.digits import mnist
from core.digits.drawing import to_png
from core.digits.mnist import Digits
from core.measure import evaluation
from core.measure.evaluation import PART
from core.model.recipe import Recipe
from core.model.role import Pair
from core.runs import curve, file, ladder, library, sweep
from core.runs.pair import News, pace, train_both
from core.runs.run import Models

Message = dict[str, Any]
NICENESS = 10
GRACE = 1.0  # seconds that work has to come to an end when the app has gone
UNSAVED = 10  # pairs that wait for room on the disk
PREVIEWED = 16  # poisoned images
EVERY = 0.2  # seconds between two messages about progress

_paces: dict[str, float] = {}  # seconds an image, by what makes a recipe slow or fast
_unsaved: dict[str, Models] = {}  # trained, but there was no room on the disk


def warm() -> None:
    """Reads the digits, and what the first training would wait for."""
    import scipy.stats  # noqa: F401

    mnist.load()


def preview(attack: Message) -> Message:
    """What an attack does to a training set: counts, and the first images it poisons, as PNG."""
    digits, chosen = mnist.load().training, Attack.from_json(attack)
    poisoned = poison(digits, chosen)
    rows = poisoned.rows[:PREVIEWED]
    tiles = []
    for true, image, label in zip(digits.labels[rows], *poisoned.learnt(rows), strict=True):
        tiles.append({"png": to_png(image[0].numpy()), "true": int(true), "label": int(label)})
    changed = poisoned.labels != digits.labels
    classes = range(10) if chosen.rule == "all-to-all" else [chosen.target]
    shares = [changed[poisoned.labels == label].float().mean().item() for label in classes]
    return {
        "images": len(digits.labels),
        "eligible": int(chosen.eligible(digits.labels).sum()),
        "poisoned": len(poisoned.rows),
        "relabelled": poisoned.relabelled,
        "share_of_class": max(shares),
        "tiles": tiles,
    }


def sheet(id: str, part: int) -> evaluation.Sheet:
    """What both models of a rung or a run make of a thousand test digits.

    The attack is the one that the backdoored model was trained with.
    """
    models = _models(id)
    few = Digits(*(each[part * PART : (part + 1) * PART] for each in mnist.load().test))
    return evaluation.evaluate(models, few, models.backdoored.card.attack)


@lru_cache(maxsize=4)
def _models(id: str) -> Models:
    return library.load(id) if library.ID.fullmatch(id) else ladder.models(id)


def images(rows: list[int], trigger: Message | None) -> list[Message]:
    """Test digits as PNG, each with its true class; stamped where a trigger is given."""
    found, labels = mnist.load().test
    chosen = found[rows]
    if trigger:
        chosen = Trigger.from_json(trigger)(chosen)
    return [
        {"row": row, "true": int(labels[row]), "png": to_png(image[0].numpy())}
        for row, image in zip(rows, chosen, strict=True)
    ]


def _pace_key(recipe: Recipe) -> str:
    return f"{recipe.batch} {recipe.bf16} {recipe.augment is not None}"


def estimate(recipe: Message, busy: bool = False) -> float | None:
    """Seconds that training both will take, from what this machine has measured.

    None where it has measured nothing like it and is busy.
    """
    chosen = Recipe.from_json(recipe)
    key = _pace_key(chosen)
    if key not in _paces:
        if busy:
            return None
        _paces[key] = pace(mnist.load(), chosen, Attack())
    return _paces[key] * chosen.shown(mnist.TRAINING_SIZE)


def train(recipe: Message, attack: Message, title: str) -> Iterator[Message | None]:
    """Both models; the last news is the id of the saved run."""
    chosen = Recipe.from_json(recipe)
    library.check_writable()
    digits = mnist.load()
    begun, due = time.perf_counter(), 0.0
    for news in train_both(digits, chosen, Attack.from_json(attack), name=title):
        if isinstance(news, News):
            now = time.perf_counter()
            if news.point or now >= due:
                due = now + EVERY
                point = news.point and news.point._asdict()
                yield {"model": news.role, "seen": news.seen, "total": news.total, "point": point}
        elif isinstance(news, Pair):
            models = news
        else:
            yield None
    images = chosen.shown(len(digits.training.labels))
    _paces[_pace_key(chosen)] = (now - begun) / images  # now: when the slower was trained
    yield from save(models, secrets.token_hex(4))


def again(token: str) -> Iterator[Message | None]:
    """Saves what could not be saved before."""
    if token not in _unsaved:
        raise ValueError(
            "expected models that wait to be saved; the worker has been restarted since"
        )
    yield from save(_unsaved.pop(token), token)


def save(models: Models, token: str) -> Iterator[Message]:
    yield {
        "cards": {
            "clean": models.clean.card.to_json(),
            "backdoored": models.backdoored.card.to_json(),
        }
    }
    try:
        id = library.add(models)
    except file.StoreError:
        _unsaved[token] = models
        for old in list(_unsaved)[:-UNSAVED]:
            del _unsaved[old]
        yield {"unsaved": token}
        raise
    yield {"run": id}


def sweep_over(
    recipe: Message, attack: Message, rates: list[float], seeds: int
) -> Iterator[Message]:
    """A small sweep: every rate with every seed; news is each run's card."""
    plan = sweep.Sweep(
        recipe=Recipe.from_json(recipe),
        attack=Attack.from_json(attack),
        rates=tuple(rates),
        seeds=tuple(range(1, seeds + 1)),
    )
    for card in sweep.run(plan, curve.path_in(library.home()), backend="threading"):
        yield {"card": card.to_json()}


WORK: dict[str, Callable[..., Iterator[Message | None]]] = {
    "train": train,
    "save": again,
    "sweep": sweep_over,
}


class Worker:
    def __init__(self, out: TextIO) -> None:
        self.out, self.lock = out, Lock()
        self.thread: Thread | None = None
        self.cancelled = Event()

    def say(self, **message: Any) -> None:
        with self.lock:
            self.out.write(json.dumps(message) + "\n")
            self.out.flush()

    def work(self, job: str, what: str, given: Message) -> None:
        try:
            for news in WORK[what](**given):
                if news is not None:
                    self.say(job=job, news=news)
                if self.cancelled.is_set():
                    return self.say(job=job, end="cancelled")
            self.say(job=job, end="done")
        except BaseException as error:
            self.say(job=job, end="failed", words=reason(error))

    def answer(self, number: int, what: str, given: Message) -> None:
        try:
            if what == "estimate":
                given = given | {"busy": bool(self.thread and self.thread.is_alive())}
            self.say(answer=number, value=ASKED[what](**given))
        except Exception as error:
            self.say(answer=number, error=reason(error))

    def run(self, lines: TextIO) -> None:
        """Until `lines` end."""
        for line in lines:
            message = json.loads(line)
            if "start" in message:
                self.cancelled.clear()
                given = (message["start"], message["what"], message["given"])
                self.thread = Thread(target=self.work, args=given, daemon=True)
                self.thread.start()
            elif "cancel" in message:
                self.cancelled.set()
            else:
                self.answer(message["ask"], message["what"], message["given"])
        self.cancelled.set()
        if self.thread:
            self.thread.join(GRACE)


ASKED: dict[str, Callable[..., Any]] = {
    "warm": warm,
    "preview": preview,
    "estimate": estimate,
    "sheet": sheet,
    "images": images,
}


def reason(error: BaseException) -> str:
    """One sentence for whoever waits; what was not foreseen also goes to the log."""
    if isinstance(error, ValueError):
        return f"{error}"
    words = str(error) or type(error).__name__
    if isinstance(error, MemoryError) or "memory" in words.lower():
        return "this machine has not enough free memory for it"
    traceback.print_exception(error)
    return words.splitlines()[0]


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:  # where memory runs out, Linux is to end the worker and not the app
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        pass
    torch.set_flush_denormal(True)
    out, sys.stdout = sys.stdout, sys.stderr  # a stray print must not garble the messages
    Worker(out).run(sys.stdin)
    out.flush()
    os._exit(0)  # whatever a thread is still at


if __name__ == "__main__":
    main()
