"""Both models, a clean and a backdoored one, trained side by side on the same digits."""

import os
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import NamedTuple

import torch

from core.attack.poison import Attack
from core.digits.mnist import DataSet, Digits
from core.model.recipe import Recipe
from core.model.scores import glance
from core.model.train import CLEAN, best_device, precision, train
from core.runs.run import MODELS, Models, Run, beside, make

GLANCE = 200  # test digits behind a point of the live curves
POINTS = 24  # of a live curve, or more: one every 5,000 images at least
LEAVE = 0.3  # seconds to wait for threads that are to end; a step takes less, measuring more
TICK = 0.1  # seconds between two looks at whether anybody still wants the result


class Point(NamedTuple):
    """One point of the live curves, measured on a few test digits in the middle of a training."""

    seen: int  # images
    loss: float  # mean over the images since the last point
    clean_accuracy: float
    attack_success: float


class News(NamedTuple):
    model: str  # of MODELS
    seen: int
    total: int
    point: Point | None = None


def train_both(
    data: DataSet,
    recipe: Recipe,
    attack: Attack,
    *,
    name: str,
    device: torch.device | str | None = None,
) -> Generator[News | Models | None]:
    """Trains and measures both; yields News of either, None while there are none, last the Models.

    Each has a thread and its share of the cores: on two cores that is a sixth faster than one
    after the other on both. Leave the loop to cancel; the threads end at their next step.
    """
    place = torch.device(device or best_device())
    few = torch.randperm(len(data.test.labels), generator=torch.Generator().manual_seed(0))
    few = few[:GLANCE]
    sample = Digits(data.test.images[few], data.test.labels[few])
    every = min(5000, recipe.shown(len(data.training.labels)) // POINTS)  # images between points
    told: SimpleQueue[News | tuple[str, Run] | BaseException] = SimpleQueue()
    stop = Event()

    def learn(model: str, own: Attack | None) -> None:
        try:
            _share_cores()
            events = make(
                data,
                recipe,
                own,
                name=name if own else f"{name}, clean twin",
                measured_under=attack,
                device=place,
            )
            losses, due = [], every  # of the images since the last point, and when the next is due
            for event in events:
                if stop.is_set():
                    return
                if isinstance(event, Run):
                    told.put((model, event))
                    continue
                point = None
                losses.append(event.loss)
                if event.seen >= due or event.seen == event.total:
                    due = event.seen + every
                    loss = torch.stack(losses).mean().item()
                    with precision(recipe, place):
                        point = Point(event.seen, loss, *glance(event.network, sample, attack))
                    losses = []
                told.put(News(model, event.seen, event.total, point))
        except BaseException as error:  # whatever it is, it belongs to whoever asked
            told.put(error)

    threads = [
        Thread(target=learn, args=given, name=given[0], daemon=True)
        for given in zip(MODELS, (None, attack), strict=True)
    ]
    for thread in threads:
        thread.start()
    runs: dict[str, Run] = {}
    try:
        while len(runs) < len(MODELS):
            try:
                news = told.get(timeout=TICK)
            except Empty:
                yield None
                continue
            if isinstance(news, BaseException):
                raise news
            if isinstance(news, News):
                yield news
            else:
                runs[news[0]] = news[1]
    finally:
        stop.set()
        for thread in threads:
            thread.join(LEAVE)
    clean, backdoored = (runs[model] for model in MODELS)
    yield Models(clean, beside(backdoored, clean, data.test.labels))


def pace(data: DataSet, recipe: Recipe, attack: Attack) -> float:
    """Seconds that the two models need for one image each, measured on a few steps."""
    recipe = replace(recipe, epochs=1000, hardest=1, batch=min(recipe.batch, 1000))  # no end of it

    def few(own: Attack) -> float:
        _share_cores()
        steps = train(data.training, recipe, own)
        *_, start = islice(steps, 4)  # the first ones are slow
        start.loss.item()
        begun = time.perf_counter()
        *_, end = islice(steps, 6)
        end.loss.item()
        return (time.perf_counter() - begun) / (end.seen - start.seen)

    with ThreadPoolExecutor(len(MODELS)) as pool:
        return max(pool.map(few, (CLEAN, attack)))


def _share_cores() -> None:
    torch.set_num_threads(max(1, (os.cpu_count() or 2) // len(MODELS)))  # of this thread alone
