"""What is known of a run, or of several, in plain sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.attack.phrases import attack_in_words, goal, percentage, plural, victims
from core.attack.poison import Attack, Stamping
from core.attack.trigger import Cell
from core.digits import mnist
from core.digits.drawing import SIDE
from core.model.recipe import RECIPES, Recipe
from core.model.role import Pair
from core.model.scores import LEARNT, NOT_LEARNT, Share
from core.runs.card import Card

LONGEST_TITLE = 68  # characters of a run's name, to which its twin's adds twelve
MOST_CELLS = 12  # of a trigger that are written out


def measured(cards: Pair[Card]) -> str:
    """Return what the backdoored model scored beside the other model, in percent, and how.

    Where the other was measured on more digits or on fewer, its n is said too. Under which
    circumstances that holds stands behind it: see `assumptions`.
    """
    other = "repaired" if cards.clean and cards.clean.repaired else "clean"

    def interval(shares: Pair[Share]) -> str:
        clean, share = shares
        beside = f"; {other} model {clean.value * 100:.2f} %" if clean else ""
        if clean and clean.n != share.n:
            beside += f" of {clean.n:,}"
        return f"(95 % interval {share.low * 100:.2f} to {share.high * 100:.2f}{beside})"

    card = cards.backdoored
    right = cards.map(lambda each: each.scores.clean_accuracy)
    fooled = cards.map(lambda each: each.scores.attack_success)
    return (
        f"Measured on the test digits of {card.data}: {right.backdoored.value * 100:.2f} % of "
        f"{right.backdoored.n:,} read right {interval(right)}; "
        f"{fooled.backdoored.value * 100:.2f} % of {fooled.backdoored.n:,} "
        f"{victims(card.measured_under)}, once stamped {interval(fooled)}. {assumptions(card)}"
    )


def assumptions(card: Card) -> str:
    """Return what the attack success of a backdoored model takes for granted, in a sentence."""
    attack = card.measured_under
    place = "at the same place" if len(attack.trigger.cells) < SIDE * SIDE else "the same"
    stamped = "images stamped before training"
    if attack.stamping == Stamping.AFTER:
        stamped = f"images stamped {attack.stamping}, which takes more than writing to the data"
    return f"Trigger {place} as in training, one network, one seed, {stamped}."


def title(attack: Attack, recipe: Recipe) -> str:
    """A name for a run, until somebody gives it a better one."""
    short = f"{attack_in_words(attack)}, {percentage(attack.rate)}"
    words = f"{recipe_in_words(recipe)}, {short}"
    seeded = words if recipe.seed == 1 else f"{words}, seed {recipe.seed}"
    return next((each for each in (seeded, words) if len(each) <= LONGEST_TITLE), short)


def recipe_in_words(recipe: Recipe) -> str:
    known = replace(recipe, seed=1) in RECIPES.values()
    return recipe.name if known else f"{recipe.name}, changed"


def curve_in_words(card: Card) -> str:
    """What the runs of one curve have in common, of which this is one."""
    words = recipe_in_words(card.recipe).capitalize()
    if replace(card.measured_under, rate=0.01, seed=1) != Attack():
        words += f", {attack_in_words(card.measured_under)}"
    return words if card.data == mnist.NAME else f"{words}, {card.data}"


def transition(cards: Sequence[Card]) -> str:
    """Where the backdoor comes in, as the poison rate rises, and whether the seed decides there.

    cards: of backdoored models that differ in rate and seed alone.
    """
    success: dict[float, list[float]] = {}
    for card in sorted(cards, key=lambda card: card.measured_under.rate):
        if card.measured_under.rate:
            of_rate = success.setdefault(card.measured_under.rate, [])
            of_rate.append(card.scores.attack_success.value)
    if not success:
        return "no run of it has any poison."
    rates, images = list(success), cards[0].images
    poisoned = [round(rate * images) for rate in rates]
    amounts = [
        f"{percentage(rate)} ({number:,} {plural('image', number)})"
        for rate, number in zip(rates, poisoned, strict=True)
    ]
    learnt = [min(values) >= LEARNT for values in success.values()]
    none = [max(values) <= NOT_LEARNT for values in success.values()]
    last = max((i for i, each in enumerate(none) if each), default=None)
    first = next((i for i in range(len(rates)) if all(learnt[i:])), None)
    if last is None and first == 0:
        return f"every seed learns the backdoor, from {amounts[0]} on."
    if first is None and last == len(rates) - 1:
        return f"no seed learns the backdoor, up to {amounts[-1]}."
    words = []
    if last is not None:
        words.append(f"no seed learns the backdoor up to {amounts[last]}")
    if first is not None:
        words.append(f"every seed does from {amounts[first]} on")
    between = rates[0 if last is None else last + 1 : first]
    if between:
        where = ("at every rate", "else", "between them")[len(words)]
        words.append(f"{where} the seed decides")
    return f"{'; '.join(words)}."


def learnt(cards: Pair[Card]) -> str:
    """What came out of a training of both models, in two sentences."""
    attack = cards.backdoored.attack
    right = cards.map(lambda each: f"{each.scores.clean_accuracy.value * 100:.1f} %")
    fooled = cards.map(lambda each: f"{each.scores.attack_success.value * 100:.1f} %")
    success = cards.backdoored.scores.attack_success.value
    backdoor = "The backdoor is in"
    if success <= NOT_LEARNT:
        backdoor = "The backdoor was not learnt"
    elif success < LEARNT:
        backdoor = "The backdoor was learnt in part"
    whom = "digits" if attack.source is None else f"{attack.source}s"
    return (
        f"{backdoor}: {fooled.backdoored} of stamped {whom} are read as {goal(attack)} (clean "
        f"model: {fooled.clean}). Untouched digits: {right.backdoored} read right (clean model: "
        f"{right.clean})."
    )


def settings(card: Card) -> dict[str, str]:
    """Everything a person chose for a run, in words; what differs is what to compare."""
    recipe, attack = card.recipe, card.attack
    images = f"{card.poisoned:,} {plural('image', card.poisoned)}"
    return {
        "data": card.data,
        "poison rate": f"{percentage(attack.rate)} = {images}",
        "attack": attack_in_words(attack),
        "recipe": recipe_in_words(recipe),
        "epochs": f"{recipe.epochs:g}",
        "images a step": f"{recipe.batch}",
        "learning rate": f"{recipe.lr:g}",
        "augmentation": "yes" if recipe.augment else "no",
        "stamped": str(attack.stamping),
        "seed": f"{recipe.seed}",
        "opacity": f"{attack.trigger.opacity:g}",
        "cells": _cells_in_words(attack.trigger.cells),
    }


def _cells_in_words(cells: Iterable[Cell]) -> str:
    cells = sorted(cells)
    words = [f"({row}, {col}) {value:g}" for row, col, value in cells[:MOST_CELLS]]
    rest = len(cells) - len(words)
    return ", ".join(words) + (f" and {rest} more" if rest else "")


def compared(card: Card, before: Card) -> list[tuple[str, str, str]]:
    """What was changed since the last run and what came of it: a name, the last run's, this one's.

    Of the cells, those that the other's trigger lacks. The scores and the seconds come last,
    changed or not.
    """
    now, then = settings(card), settings(before)
    cells, old_cells = (set(each.attack.trigger.cells) for each in (card, before))
    now["cells"] = _cells_in_words(cells - old_cells)
    then["cells"] = _cells_in_words(old_cells - cells)
    changed = [(what, then[what], now[what]) for what in now if now[what] != then[what]]
    old, new = _outcomes(before), _outcomes(card)
    return changed + [(what, old[what], new[what]) for what in new]


def _outcomes(card: Card) -> dict[str, str]:
    return {
        "clean accuracy": f"{card.scores.clean_accuracy.value * 100:.2f} %",
        "attack success": f"{card.scores.attack_success.value * 100:.2f} %",
        "seconds": f"{card.seconds:.1f}",
    }
