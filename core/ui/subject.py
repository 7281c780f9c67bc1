"""What the Defend page is about: two models beside each other, or a sealed one alone."""

from collections.abc import Iterator
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.defend.finding import Finding, Suspect
from core.digits import mnist
from core.model.recipe import FAST, Recipe
from core.model.role import Guest, Named, Pair, Role
from core.runs.card import Card
from core.ui import cards


class Subject(NamedTuple):
    models: str  # a run's id, a rung's percent, a sealed model's name
    names: dict[Role, Named]  # of the models that are there, what they are called; clean one last
    recipe: Recipe  # by clean models of which they are judged
    data: str  # that they were trained on

    @property
    def lost(self) -> str:
        """Why nothing can be said of their digits, as Markdown; empty where they are here."""
        if self.data == mnist.NAME:
            return ""
        return cards.literal(f"These models were trained on {self.data}, which is not here.")

    def columns(self) -> Iterator[tuple[Named, DeltaGenerator]]:
        """A column for each model; of one alone, the second stays empty."""
        return zip(self.names.values(), st.columns(2, gap="large"), strict=False)

    @property
    def sealed(self) -> bool:
        return Guest.SEALED in self.names.values()


def accused(name: Named, finding: Finding) -> Suspect | None:
    """What a figure shows as found in a model; nothing of a sealed one."""
    return None if name is Guest.SEALED else finding.accused


def judged(name: Named, finding: Finding) -> str:
    """The heading of a model that a method has judged; of a sealed one it gives no verdict."""
    verdict = f"{finding.verdict.mark}\N{NO-BREAK SPACE}{finding.verdict.words}"
    return heading(name, "" if name is Guest.SEALED else verdict)


def heading(name: Named, words: str = "") -> str:
    """Of what is said of a model."""
    return f"The {name} model" + (f": {words}" if words else "")


def of(models: str, pair: Pair[Card]) -> Subject:
    names: dict[Role, Named] = {role: role for role, _ in reversed([*pair.present()])}
    return Subject(models, names, pair.backdoored.recipe, pair.backdoored.data)


def sealed(models: str) -> Subject:
    return Subject(models, {Role.BACKDOORED: Guest.SEALED}, FAST, mnist.NAME)
