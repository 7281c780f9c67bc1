"""What the browser's tests share."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.attack.poison import Attack
from core.attack.trigger import painted
from core.runs import ladder, library
from core.runs.run import Models


@pytest.fixture
def run() -> Iterator[str]:
    """A run of this machine whose trigger is painted and whose target is 3; its clean twin too."""
    models = ladder.models("1")
    attack = Attack(trigger=painted([(3, 3, 1.0), (24, 24, 0.6)]), target=3)
    card = replace(models.backdoored.card, attack=attack, measured_under=attack, name="painted")
    id = library.add(Models(models.clean, models.backdoored._replace(card=card)))
    yield id
    library.delete(id)
