"""The bank: models by recipe, attack and seed that defences are measured on, trained once."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

from core.attack.phrases import percentage
from core.attack.poison import Attack
from core.digits import mnist
from core.model.recipe import Recipe
from core.model.train import Step
from core.places import home
from core.runs import engines, file
from core.runs.run import Run, Trained, learn

NAME = re.compile(r"[0-9a-f]{16}")


def path(recipe: Recipe, attack: Attack | None) -> Path:
    """Where the model is kept, under a name that no other recipe or attack has."""
    options = [mnist.NAME, recipe.to_json(), attack and attack.to_json()]
    name = hashlib.sha256(json.dumps(options, sort_keys=True).encode()).hexdigest()[:16]
    return _folder() / f"{name}.safetensors"


def _folder() -> Path:
    return home() / "bank"


def named(name: str) -> Run:
    """The model of a path's stem. Raises StoreError where there is none."""
    if not NAME.fullmatch(name):
        raise file.StoreError("expected the name of a model in the bank, got something else")
    return file.load(_folder() / f"{name}.safetensors")


def steps(recipe: Recipe, attack: Attack | None) -> Iterator[Step | Run]:
    """Reads the model, or trains it and keeps it: yields the steps of a training, last the Run."""
    where = path(recipe, attack)
    with suppress(file.StoreError):
        yield file.load(where)
        return
    file.check_writable(where)
    rate = percentage(attack.rate) if attack else "clean"
    name = f"{rate}, seed {recipe.seed}"
    for event in learn(mnist.load(), recipe, attack, name=name, device="cpu"):
        if isinstance(event, Trained):
            file.save(event.run, where)
            yield event.run
        else:
            yield event


def model(recipe: Recipe, attack: Attack | None, stop: Event | None = None) -> Run:
    """The same on one thread, at one go.

    Raises CancelledError at its next step once `stop` is set.
    """
    return engines.finish(steps(recipe, attack), Run, stop)
