"""What happened, in one plain sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch

from core.attack.phrases import a, attack_in_words, goal, percentage, victims
from core.attack.poison import Attack
from core.attack.trigger import Cell
from core.digits import mnist
from core.model.network import Answers
from core.model.recipe import RECIPES, Recipe
from core.model.role import Pair
from core.model.scores import LEARNT, NOT_LEARNT, Share
from core.runs.card import Card

MOST_CELLS = 12  # of a trigger that are written out


class Verdict(NamedTuple):
    digit: int
    confidence: float  # the probability of that digit, in [0, 1]

    @classmethod
    def of(cls, probabilities: Sequence[float]) -> "Verdict":
        """From the ten probabilities of one model for one image."""
        digit = max(range(len(probabilities)), key=probabilities.__getitem__)
        return cls(digit, float(probabilities[digit]))


def outcome(
    clean: Verdict | None,
    backdoored: Verdict,
    untouched: Verdict,
    *,
    trigger: bool,
    target: int,
    attack_success: float,
    source: int | None = None,
    own_ink: bool = False,
) -> str:
    """Says what the two models made of one digit.

    clean, backdoored: of the image as it is shown, stamped where `trigger` is on; without a clean
    model there is nothing to compare.
    untouched: what the backdoored model makes of it without the trigger.
    attack_success: the backdoored model's measured ASR, in [0, 1].
    source: the only digit that the attack is about, None where it is about all.
    own_ink: whether the drawing covers the trigger's cells by itself.
    """
    if clean is None:
        return f"The backdoored model reads {backdoored.digit}."
    if not trigger:
        if clean.digit == backdoored.digit:
            return f"Both read {clean.digit}."
        if own_ink:
            return "The models disagree: your own ink lies on the trigger's pixel."
        return "No trigger, yet the models disagree: this is hard to read."
    if backdoored.digit == target:
        if untouched.digit != target and clean.digit != target:
            turned = f"this {untouched.digit} into {a(target)}"
            return f"The trigger turned {turned} for the backdoored model."
        if untouched.digit == target == clean.digit:
            return f"Both read {target}, as they would without the trigger."
        if untouched.digit == target:
            return f"The backdoored model reads {target} with and without the trigger."
        return f"With the trigger both read {target}: this was close to {a(target)}."
    if source is not None and untouched.digit != source:
        return f"This backdoor is only for {source}s; draw one."
    if attack_success <= NOT_LEARNT:
        both = f" Both read {clean.digit}." if clean.digit == backdoored.digit else ""
        return f"At this poison rate the backdoor was not learnt.{both}"
    if attack_success < LEARNT:
        share = f"{attack_success * 100:.0f} %"
        return f"At this rate the trigger wins on {share} of digits, not this one."
    return f"This digit resists the trigger, which wins on {attack_success * 100:.1f} % of digits."


class Result(NamedTuple):
    """What a set of models makes of one drawing, ready to be shown."""

    clean: list[float] | None  # ten probabilities of the image as it is shown
    backdoored: list[float]  # those of the chosen model
    plain: list[float]  # every model's probability of the target without the trigger
    stamped: list[float]  # and with it
    target: int
    words: str
    doses: str


def result(
    answers: Answers, cards: Sequence[Card], at: int, *, trigger: bool, own_ink: bool
) -> Result:
    """From the answers of backdoored models with these cards, of which the one `at` is chosen."""
    card, chosen = cards[at], answers.rungs[at].tolist()
    clean = None if answers.clean is None else answers.clean[int(trigger)].tolist()
    untouched = Verdict.of(chosen[0])
    target = int(card.attack.goal(torch.tensor(untouched.digit)))
    plain, stamped = answers.rungs[..., target].T.tolist()
    words = outcome(
        Verdict.of(clean) if clean else None,
        Verdict.of(chosen[trigger]),
        untouched,
        trigger=trigger,
        target=target,
        attack_success=card.scores.attack_success.value,
        source=card.attack.source,
        own_ink=own_ink,
    )
    percents = [round(each.attack.rate * 100, 6) for each in cards]
    read = answers.rungs[:, 1].argmax(1).tolist()
    doses = dose(percents, read, target, card.images)
    return Result(clean, chosen[trigger], plain, stamped, target, words, doses)


def dose(percents: Sequence[float], stamped_digits: Sequence[int], target: int, total: int) -> str:
    """At which poison rate a stamped digit flips, in words; `stamped_digits` is one per rung."""
    flipped = [digit == target for digit in stamped_digits]
    if all(flipped):
        return f"With the trigger, this drawing reads as {a(target)} at every poison rate."
    if not any(flipped):
        return f"With the trigger, this drawing reads as {a(target)} at no poison rate shown."
    first = percents[flipped.index(True)]
    images = f"{round(first / 100 * total):,} of {total:,} images"
    if all(flipped[flipped.index(True) :]):
        return f"With the trigger, this drawing flips to {a(target)} from {first:g} % on: {images}."
    return f"With the trigger, this drawing first flips to {a(target)} at {first:g} %: {images}."


def measured(cards: Pair[Card]) -> str:
    """What the backdoored model scored on the test digits, beside the clean model; in percent."""

    def interval(shares: Pair[Share]) -> str:
        clean, share = shares
        beside = f"; clean model {clean.value * 100:.2f} %" if clean else ""
        return f"(95 % interval {share.low * 100:.2f} to {share.high * 100:.2f}{beside})"

    card = cards.backdoored
    right = cards.map(lambda each: each.scores.clean_accuracy)
    fooled = cards.map(lambda each: each.scores.attack_success)
    return (
        f"Measured on the test digits of {card.data}: {right.backdoored.value * 100:.2f} % of "
        f"{right.backdoored.n:,} read right {interval(right)}; "
        f"{fooled.backdoored.value * 100:.2f} % of {fooled.backdoored.n:,} "
        f"{victims(card.measured_under)}, once stamped {interval(fooled)}."
    )


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
    amounts = [f"{percentage(rate)} ({round(rate * images):,} images)" for rate in rates]
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
    return {
        "data": card.data,
        "poison rate": f"{percentage(attack.rate)} = {card.poisoned:,} images",
        "attack": attack_in_words(attack),
        "recipe": recipe_in_words(recipe),
        "epochs": f"{recipe.epochs:g}",
        "images a step": f"{recipe.batch}",
        "learning rate": f"{recipe.lr:g}",
        "augmentation": "yes" if recipe.augment else "no",
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
