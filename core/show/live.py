"""What a browser is told of a set of models, and of a digit, so that it can show and answer both.

core/web/live takes these records; it finds the words itself.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from core.attack.poison import LabelRule
from core.digits.drawing import Digit, to_bytes
from core.model.network import Answers
from core.model.role import Pair
from core.model.scores import LEARNT, NOT_LEARNT, Share
from core.runs.card import Card
from core.show import words

JSON = dict[str, Any]


def describe(clean: Card | None, cards: Sequence[Card]) -> JSON:
    """A clean model and backdoored ones with the same attack, which differ in their poison rates.

    cards: of the backdoored ones, by rising rate.
    """
    attack = cards[0].attack
    return {
        "trigger": {"cells": attack.trigger.cells, "opacity": attack.trigger.opacity},
        "target": None if attack.rule == LabelRule.ALL_TO_ALL else attack.target,  # read + 1
        "source": attack.source,
        "assumptions": words.assumptions(cards[0]),
        "rungs": [_rung(clean, card) for card in cards],
    }


def _rung(clean: Card | None, card: Card) -> JSON:
    success = card.scores.attack_success
    return {
        "percent": round(card.attack.rate * 100, 6),
        "poisoned": card.poisoned,
        "images": card.images,
        "success": share(success),
        "accuracy": share(card.scores.clean_accuracy),
        "learning": _learning(success.value),
        "measured": words.measured(Pair(clean, card)),
    }


def _learning(success: float) -> str:
    return "none" if success <= NOT_LEARNT else "part" if success < LEARNT else "whole"


def share(share: Share) -> JSON:
    return {"value": share.value, **share.to_json()}


def digit(image: Digit | None) -> str | None:
    """(28, 28) as 784 bytes in base64; None where nothing is drawn."""
    return None if image is None else b64encode(to_bytes(image).tobytes()).decode()


def reading(answers: Answers) -> JSON:
    """The ten probabilities of every model, [0] without and [1] with the trigger."""
    clean, rungs = (None if each is None else each.double().numpy().round(6) for each in answers)
    return {"clean": None if clean is None else clean.tolist(), "rungs": rungs.tolist()}
