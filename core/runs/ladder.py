"""The ladder: the models that ship, a clean one and a backdoored one per poison rate."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.attack.poison import Attack
from core.digits.mnist import DataSet
from core.model import usual
from core.model.recipe import STURDY, Recipe
from core.model.train import Step
from core.model.usual import Usual
from core.places import ASSETS
from core.runs import file
from core.runs.run import Models, Run, Trained, learn

FOLDER = ASSETS / "ladder"
USUAL = "usual.json"
PERCENTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 2.0, 5.0, 10.0)  # of the training set


def path(percent: float | None, folder: Path = FOLDER) -> Path:
    """The file of a rung; None is the clean model's."""
    return folder / ("clean.safetensors" if percent is None else f"{percent:05.2f}.safetensors")


class Ladder(NamedTuple):
    clean: Run | None
    rungs: dict[float, Run]  # by percent, ascending
    usual: Usual | None  # the clean model's largest logit
    complaints: list[str]  # a sentence for every file that could not be read


def attack(percent: float | None) -> Attack | None:
    """The article's attack at a poison rate."""
    return None if percent is None else Attack(rate=percent / 100)


def load(folder: Path | None = None) -> Ladder:
    """Every rung that can be read; what cannot be is left out and named."""
    runs, complaints = {}, []
    for percent in (None, *PERCENTS):
        where = path(percent, folder or FOLDER)
        try:
            run = file.load(where)
            if run.card.attack != attack(percent):
                expected = "the clean model" if percent is None else f"the {percent:g} % model"
                raise file.StoreError(f"{where.name}: expected {expected}, got {run.card.name}")
            runs[percent] = run
        except file.StoreError as error:
            complaints.append(f"{error}.")
    return Ladder(runs.pop(None, None), runs, _usual(folder or FOLDER), complaints)


def _usual(folder: Path) -> Usual | None:
    """None where it cannot be read: then nothing is said of drawings that are unlike digits."""
    try:
        return Usual.from_json(json.loads((folder / USUAL).read_bytes()))
    except (OSError, ValueError):
        return None


def models(name: str) -> Models:
    """The clean model and the rung of that name, its percent. Raises StoreError."""
    percent = next((percent for percent in PERCENTS if f"{percent:g}" == name), None)
    if percent is None:
        known = ", ".join(f"{percent:g}" for percent in PERCENTS)
        raise file.StoreError(
            f"expected a rung of the ladder ({known}) or the id of a run, got {name}"
        )
    return Models(file.load(path(None)), file.load(path(percent)))


def build(
    data: DataSet,
    *,
    recipe: Recipe = STURDY,
    folder: Path = FOLDER,
    device: str | None = None,
) -> Iterator[Step | Run]:
    """Trains the clean model and every rung under the article's attack, then saves them together.

    Yields the steps of each and then its run; left early, it has changed no file. Every rung has
    the same seed, so the same first weights, the same order of images, and poisoned images that
    contain those of the rungs below.
    """
    runs: dict[float | None, Run] = {}
    clean = None
    for percent in (None, *PERCENTS):
        name = "clean" if percent is None else f"{percent:g} % poison"
        for event in learn(data, recipe, attack(percent), name=name, device=device):
            if isinstance(event, Trained):
                runs[percent] = event.beside(clean) if clean else event.run
                clean, event = clean or event, runs[percent]
            yield event
    for percent, run in runs.items():
        file.save(run, path(percent, folder))
    with file.whole(folder / USUAL) as part:
        network = runs[None].network
        part.write_text(json.dumps(usual.measure(network, data.training.images).to_json()))
