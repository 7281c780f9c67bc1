"""Curves: the runs of a sweep, which differ in poison rate and seed alone, and their files."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from core.attack.poison import Attack
from core.model.recipe import Recipe
from core.places import ASSETS
from core.runs import file
from core.runs.card import Card

SHIPPED = ASSETS / "curve.json"


def path_in(folder: Path) -> Path:
    """Where the app keeps the sweeps that were made with it."""
    return folder / "sweeps.json"


def read(path: Path) -> list[Card]:
    """The runs that a file of sweeps holds, of whatever settings; none where there is no file.

    Raises ValueError for a file of anything else.
    """
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["runs"]
        return [Card.from_json(record) for record in records]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"expected {path} to hold a sweep, got something else ({error})") from None


def settings(card: Card) -> tuple[str, Recipe, Attack]:
    """What the runs of one curve have in common: all but poison rate and seeds."""
    attack = replace(card.measured_under, rate=0, seed=0)
    return card.data, replace(card.recipe, seed=0), attack


def curves(cards: Iterable[Card]) -> list[list[Card]]:
    """The runs of each curve among these, by rising poison rate and seed."""
    groups: dict[tuple[str, Recipe, Attack], list[Card]] = {}
    for card in cards:
        groups.setdefault(settings(card), []).append(card)
    return [sorted(runs, key=_place) for runs in groups.values()]


def _place(card: Card) -> tuple[float, int]:
    return card.measured_under.rate, card.recipe.seed


def key(card: Card) -> tuple[str, Recipe, Attack]:
    """What no two runs of a file have in common."""
    return card.data, card.recipe, card.measured_under


def add(path: Path, cards: Iterable[Card]) -> None:
    """Adds runs of any number of curves to a file, all of them or none; what is there stays.

    Several programs may add to one file at once. Raises ValueError where it holds something else.
    """
    with file.locked(path):
        known = {key(card): card for card in [*read(path), *cards]}
        ordered = [card.to_json() for runs in curves(known.values()) for card in runs]
        with file.whole(path) as part:
            part.write_text(json.dumps({"runs": ordered}, indent=1), encoding="utf-8")
