"""A run: one trained model, with its card; and how it comes about, alone or side by side."""

import platform
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import NamedTuple

import torch
from torch import Tensor

from core.attack import effect
from core.attack.poison import Attack, poison
from core.digits.mnist import DataSet, Digits
from core.model import threads
from core.model.network import Network
from core.model.recipe import Recipe
from core.model.role import Pair, Role
from core.model.scores import Difference, examine, quick_scores, score
from core.model.train import Step, device_named, in_bf16, precision, train
from core.records import check_name
from core.runs.card import Card

SAMPLE = 200  # test digits behind a point of the live curves
POINTS = 24  # of a live curve, or more: one every 5,000 images at least
LEAVE = 0.3  # seconds to wait for threads that are to end; a step takes less, measuring more
TICK = 0.1  # seconds between two looks at whether anybody still wants the result


class Run(NamedTuple):
    network: Network
    card: Card


Models = Pair[Run]


class Trained(NamedTuple):
    """A run, and what a second model of the same digits is compared with."""

    run: Run
    right: Tensor  # (N,) bool: which untouched test digits it reads right

    def beside(self, clean: "Trained") -> Run:
        """The run; its card says how its accuracy differs from the clean model's."""
        difference = Difference.of(clean.right, self.right)
        return self.run._replace(card=replace(self.run.card, difference=difference))


def learn(
    data: DataSet,
    recipe: Recipe,
    attack: Attack | None,
    *,
    name: str,
    measured_under: Attack | None = None,
    device: str | None = None,
) -> Iterator[Step | Trained]:
    """Trains one model and has it read the test digits: yields every Step and, last, the Trained.

    A clean model has no attack of its own; `measured_under` names the one whose trigger the test
    digits bear, the article's where nothing else is said.
    Raises ValueError, before the training, where attack and data do not fit, where a card could not
    bear the name, and where there is no such device.
    """
    check_name(name, "a run")
    kind, measured_under = device_named(device), attack or measured_under or Attack()
    begun = time.perf_counter()
    training = poison(data.training, attack)
    if training.trigger:
        effect.check(training.trigger, data.training.images)
    for step in train(training, recipe, device=device):
        yield step
    step.loss.item()  # until the device is done
    seconds = time.perf_counter() - begun
    labels = data.test.labels
    reading = examine(step.network, data.test.images, measured_under.trigger)
    card = Card(
        name=name,
        recipe=recipe,
        attack=attack,
        data=data.name,
        images=len(training.labels),
        poisoned=len(training.rows),
        relabelled=training.relabelled,
        measured_under=measured_under,
        scores=score(reading, labels, measured_under),
        seconds=round(seconds, 2),
        device=f"{kind}, bf16" if in_bf16(recipe, kind) else f"{kind}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={"python": platform.python_version(), "torch": str(torch.__version__)},
    )
    network = step.network.eval().requires_grad_(False)
    yield Trained(Run(network, card), reading.plain == labels)


class Point(NamedTuple):
    """One point of the live curves, measured on a few test digits in the middle of a training."""

    seen: int  # images
    loss: float | None  # mean over the images since the last point; None: no number any more
    clean_accuracy: float | None
    attack_success: float | None
    reads: int | None = None  # what it sees in the watched digit, stamped,
    sure: float | None = None  # and how probable it finds that


class News(NamedTuple):
    role: Role
    seen: int
    total: int
    point: Point | None = None


def train_both(
    data: DataSet,
    recipe: Recipe,
    attack: Attack,
    *,
    name: str,
    watched: Tensor | None = None,
    device: str | None = None,
) -> Generator[News | Models | None]:
    """Trains and measures both; yields News of either, None while there are none, last the Models.

    Each has a thread and its share of the cores: on two cores that is a sixth faster than one
    after the other on both. Leave the loop to cancel; the threads end at their next step.
    watched: a digit, (1, 1, 28, 28), of which every point says how it is read once it is stamped.
    Raises ValueError where a card could not bear the name.
    """
    names = Pair(f"{name}, clean twin", name)
    check_name(name, "a run")  # before the training, not after
    check_name(names.clean, "the clean model's run")
    few = torch.randperm(len(data.test.labels), generator=torch.Generator().manual_seed(0))
    sample = Digits(*(each[few[:SAMPLE]] for each in data.test))
    every = min(5000, recipe.shown(len(data.training.labels)) // POINTS)  # images between points
    messages: SimpleQueue[tuple[Role, News | Trained | BaseException]] = SimpleQueue()
    stop = Event()

    def train_one(role: Role) -> None:
        try:
            threads.share(len(Role))
            events = learn(
                data,
                recipe,
                None if role is Role.CLEAN else attack,
                name=names.of(role),
                measured_under=attack,
                device=device,
            )
            losses, due = [], every  # of the images since the last point, and when the next is due
            for event in events:
                if stop.is_set():
                    return
                if isinstance(event, Trained):
                    return messages.put((role, event))
                point = None
                losses.append(event.loss)
                if event.seen >= due or event.seen == event.total:
                    due = event.seen + every
                    loss = torch.stack(losses).mean().item()
                    with precision(recipe, device_named(device)):
                        scores = quick_scores(event.network, sample, attack)
                        sight = _look(event.network, watched, attack)
                    point = Point(event.seen, loss, *scores, *sight)
                    losses = []
                messages.put((role, News(role, event.seen, event.total, point)))
        except BaseException as error:  # whatever it is, it belongs to whoever asked
            messages.put((role, error))

    running = [Thread(target=train_one, args=[role], name=role, daemon=True) for role in Role]
    for thread in running:
        thread.start()
    trained: dict[Role, Trained] = {}
    try:
        while len(trained) < len(Role):
            try:
                role, message = messages.get(timeout=TICK)
            except Empty:
                yield None
                continue
            match message:
                case News():
                    yield message
                case Trained():
                    trained[role] = message
                case error:
                    raise error
    finally:
        stop.set()
        for thread in running:
            thread.join(LEAVE)
    clean, backdoored = (trained[role] for role in Role)
    yield Models(clean.run, backdoored.beside(clean))


@torch.inference_mode()
def _look(
    network: Network, watched: Tensor | None, attack: Attack
) -> tuple[int, float] | tuple[()]:
    """What a network reads in a stamped digit, and how surely; nothing where none is watched."""
    if watched is None:
        return ()
    device = next(network.parameters()).device
    sure, reads = network(attack.trigger(watched).to(device)).float().softmax(dim=1).max(dim=1)
    return reads.item(), sure.item()


def pace(data: DataSet, recipe: Recipe, attack: Attack) -> float:
    """Seconds that the two models need for one image each, measured on a few steps."""
    recipe = replace(recipe, epochs=1000, hardest=1, batch=min(recipe.batch, 1000))  # no end of it

    def few_steps(attack: Attack | None) -> float:
        threads.share(len(Role))
        steps = train(poison(data.training, attack), recipe)
        *_, start = islice(steps, 4)  # the first ones are slow
        start.loss.item()
        begun = time.perf_counter()
        *_, end = islice(steps, 6)
        end.loss.item()
        return (time.perf_counter() - begun) / (end.seen - start.seen)

    with ThreadPoolExecutor(len(Role)) as pool:
        return max(pool.map(few_steps, (None, attack)))
