"""What the Defend page is about: two models beside each other, or a sealed one alone."""

from typing import NamedTuple

from core.digits import mnist
from core.model.recipe import FAST
from core.model.role import Guest, Named, Pair, Role
from core.runs.card import Card


class Subject(NamedTuple):
    models: str  # a run's id, a rung's percent, a sealed model's name
    names: dict[Role, Named]  # of the models that are there, what they are called
    recipe: str  # by clean models of which they are judged
    data: str  # that they were trained on

    @property
    def sealed(self) -> bool:
        return Guest.SEALED in self.names.values()


def of(models: str, cards: Pair[Card]) -> Subject:
    names: dict[Role, Named] = {role: role for role, _ in cards.present()}
    return Subject(models, names, cards.backdoored.recipe.name, cards.backdoored.data)


def sealed(models: str) -> Subject:
    return Subject(models, {Role.BACKDOORED: Guest.SEALED}, FAST.name, mnist.NAME)
