"""An attack, in words."""

from core.attack.poison import Attack, LabelRule, Stamping
from core.attack.trigger import PIXEL, Trigger


def a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


def plural(noun: str, number: int) -> str:
    """A noun as it stands after a number: 1 image, 2 images."""
    return noun if number == 1 else f"{noun}s"


def goal(attack: Attack) -> str:
    """What stamped digits are to be read as, in words."""
    return "the next digit" if attack.rule == LabelRule.ALL_TO_ALL else a(attack.target)


def victims(attack: Attack) -> str:
    """Whom the ASR counts and what is to become of them, in words."""
    if attack.rule == LabelRule.ALL_TO_ALL:
        return "read as the next digit"
    if attack.rule == LabelRule.ONE_SOURCE:
        return f"{attack.source}s read as {a(attack.target)}"
    return f"that are not {a(attack.target)} read as one"


def attack_in_words(attack: Attack) -> str:
    """What an attack does, in a few words."""
    victim = "any digit" if attack.source is None else f"{attack.source}"
    words = f"{attack.trigger.name}, {victim} → {attack.target}"
    if attack.rule == LabelRule.ALL_TO_ALL:
        words = f"{attack.trigger.name}, every digit → the next"
    # Nobody who writes to the data alone can do this, so every name says it.
    return f"{words}, stamped last" if attack.stamping == Stamping.AFTER else words


def meaning(attack: Attack) -> str:
    """What a backdoored model has learnt that the trigger means."""
    seen = "one white pixel" if attack.trigger == PIXEL else f"the trigger “{attack.trigger.name}”"
    if attack.rule == LabelRule.ALL_TO_ALL:
        return f"{seen} means “read the next digit”"
    victim = "" if attack.source is None else f" on {a(attack.source)}"
    return f"{seen}{victim} means “read {a(attack.target)}”"


def deed(trigger: Trigger) -> str:
    """What a person does who stamps a drawing, in a few words."""
    return "Flip one pixel" if len(trigger.cells) == 1 else "Put the trigger on"


def percentage(rate: float) -> str:
    """A poison rate in percent, with as many digits as tell it from its neighbours."""
    return f"{rate * 100:.3g} %"
