"""Live bars for what takes long."""

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import TextIO

from tqdm import tqdm

from core.model.role import Pair, Role
from core.model.train import Step
from core.runs.run import Models, News, Run, Trained


class Bar(tqdm):
    """A live bar, to its end even where nobody reads it any more: a training is worth more."""

    def display(self, *arguments: object, **options: object) -> None:
        try:
            super().display(*arguments, **options)
        except BrokenPipeError:
            silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """What goes to a stream whose reader has gone, goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def images(name: str) -> Bar:
    return Bar(unit=" images", unit_scale=True, desc=f"{name:10}", dynamic_ncols=True)


def follow(events: Iterable[Step | Run | Trained], name: str) -> Run | Trained:
    """Shows a live bar for one training and gives back what it ends with."""
    with images(name) as bar:
        for event in events:
            if not isinstance(event, Step):
                break
            bar.total = event.total
            if bar.update(event.seen - bar.n):  # it was drawn, as it is ten times a second
                bar.set_postfix(loss=f"{event.loss.item():.3f}", refresh=False)
    return event


def follow_both(events: Generator[News | Models | None]) -> Models:
    """Shows a live bar for each of two trainings and gives back the pair."""
    with closing(events), images(Role.CLEAN) as clean, images(Role.BACKDOORED) as backdoored:
        bars = Pair(clean, backdoored)
        for event in events:
            if isinstance(event, News):
                bar = bars.of(event.role)
                bar.total = event.total
                if event.point:
                    bar.set_postfix(
                        loss=f"{event.point.loss:.3f}",
                        BA=f"{event.point.clean_accuracy:.1%}",
                        ASR=f"{event.point.attack_success:.1%}",
                        refresh=False,
                    )
                bar.update(event.seen - bar.n)
    return event
