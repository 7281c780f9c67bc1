"""What happened, in one plain sentence."""

from collections.abc import Sequence
from typing import NamedTuple

from core.measure import Share
from core.run import Card


class Verdict(NamedTuple):
    digit: int
    confidence: float  # the probability of that digit, in [0, 1]

    @classmethod
    def of(cls, probabilities: Sequence[float]) -> "Verdict":
        """From the ten probabilities of one model for one image."""
        digit = max(range(len(probabilities)), key=probabilities.__getitem__)
        return cls(digit, float(probabilities[digit]))


NOT_LEARNT = 0.1  # ASR up to which a backdoor counts as not learnt
LEARNT = 0.9  # ASR from which it counts as learnt


def a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


def sentence(
    clean: Verdict | None,
    backdoored: Verdict,
    untouched: Verdict,
    *,
    trigger: bool,
    target: int,
    attack_success: float,
    own_ink: bool = False,
) -> str:
    """Says what the two models made of one digit.

    clean, backdoored: of the image as it is shown, stamped where `trigger` is on; without a clean
    model there is nothing to compare.
    untouched: what the backdoored model makes of it without the trigger.
    attack_success: the backdoored model's measured ASR, in [0, 1].
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
    if attack_success <= NOT_LEARNT:
        both = f" Both read {clean.digit}." if clean.digit == backdoored.digit else ""
        return f"At this poison rate the backdoor was not learnt.{both}"
    if attack_success < LEARNT:
        share = f"{attack_success * 100:.0f} %"
        return f"At this rate the trigger wins on {share} of digits, not this one."
    return f"This digit resists the trigger, which wins on {attack_success * 100:.1f} % of digits."


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


def measured(card: Card, clean: Card | None) -> str:
    """What the backdoored model scored on the test digits, beside the clean model; in percent."""

    def told(share: Share, other: Share | None) -> str:
        beside = f"; clean model {other.value * 100:.2f} %" if other else ""
        return f"(95 % interval {share.low * 100:.2f} to {share.high * 100:.2f}{beside})"

    right, fooled = card.scores.clean_accuracy, card.scores.attack_success
    return (
        f"Measured on {card.data}'s test digits: "
        f"{right.value * 100:.2f} % of {right.n:,} read right "
        f"{told(right, clean and clean.scores.clean_accuracy)}; {fooled.value * 100:.2f} % of "
        f"{fooled.n:,} that are not {a(card.measured_under.target)} read as one once stamped "
        f"{told(fooled, clean and clean.scores.attack_success)}."
    )
