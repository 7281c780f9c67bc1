"""The numbers of a clean and a backdoored model side by side, and how they are said."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.attack.phrases import a, goal
from core.attack.poison import Attack, LabelRule
from core.digits import mnist
from core.measure.evaluation import Evaluation
from core.model.role import Pair
from core.model.scores import Definition, Difference, Scores, Share
from core.runs.card import Card


@dataclass(frozen=True, kw_only=True)
class Comparison:
    data: str  # name of the data set whose test digits were read
    attack: Attack  # under which
    scores: Pair[Scores]
    difference: Difference | None  # in BA, backdoored minus clean
    counted: bool  # here and now; False: as the cards say
    leak: Pair[Share] | None = None  # where an attack has bystanders
    natural: Share | None = None  # victims that the clean model reads as the goal without a trigger

    @classmethod
    def of(cls, evaluation: Evaluation) -> "Comparison":
        right = evaluation.readings.map(lambda reading: reading.plain == evaluation.labels)
        return cls(
            data=mnist.NAME,
            attack=evaluation.attack,
            scores=evaluation.scores,
            difference=None if right.clean is None else Difference.of(*right),
            counted=True,
            leak=evaluation.leak(),
            natural=evaluation.natural(),
        )

    @classmethod
    def of_cards(cls, cards: Pair[Card]) -> "Comparison":
        return cls(
            data=cards.backdoored.data,
            attack=cards.backdoored.measured_under,
            scores=cards.map(lambda card: card.scores),
            difference=cards.clean and cards.backdoored.difference,
            counted=False,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "data": self.data,
            "attack": self.attack.to_json(),
            **self.scores.map(Scores.to_json)._asdict(),
            "difference": self.difference and self.difference.to_json(),
        }


class Row(NamedTuple):
    short: str
    name: str
    meaning: str
    shares: Pair[Share]


def rows(comparison: Comparison, definition: Definition) -> list[Row]:
    """The table: what was counted, in words, and of both models; the article's ASR if wanted."""
    attack, scores = comparison.attack, comparison.scores
    read_as, victims = f"read as {goal(attack)}", "stamped digits"
    if attack.rule == LabelRule.ALL_TO_ONE:
        victims = f"stamped digits that are not {a(attack.target)}"
    elif attack.rule == LabelRule.ONE_SOURCE:
        victims = f"stamped {attack.source}s"
    accuracies = scores.map(lambda each: each.clean_accuracy)
    table = [Row("BA", "Clean accuracy (BA)", "untouched digits, read right", accuracies)]
    whom = {Definition.STANDARD: victims, Definition.ARTICLE: "all stamped digits"}
    for each in dict.fromkeys((Definition.STANDARD, definition)):
        shares = scores.map(each.success)
        table.append(Row(each.short, each.heading, f"{whom[each]}, {read_as}", shares))
    still_right = scores.map(lambda each: each.robust_accuracy)
    table.append(Row("RA", "Robust accuracy (RA)", f"{victims}, still read right", still_right))
    if comparison.leak:
        others = f"stamped digits that are neither {attack.source} nor {attack.target}"
        table.append(Row("Leak", "Leak", f"{others}, {read_as}", comparison.leak))
    return table


def in_percent(share: Share) -> str:
    """With the interval."""
    return f"{share.value * 100:.2f} ({share.low * 100:.2f} to {share.high * 100:.2f})"


def in_points(difference: Difference) -> str:
    """In percentage points, with the interval."""
    numbers = (difference.value, difference.low, difference.high)
    value, low, high = (f"{number * 100:+.2f}" for number in numbers)
    return f"{value} ({low} to {high})".replace("-", "\N{MINUS SIGN}")


def rounded(share: Share) -> str:
    """In percent, with one decimal, and never rounded to a certainty that was not counted."""
    if share.hits < share.n and share.value > 0.9995:
        return ">99.9 %"
    if share.hits and share.value < 0.0005:
        return "<0.1 %"
    return f"{share.value * 100:.1f} %"


def verdict(comparison: Comparison, definition: Definition) -> str:
    """Both numbers in one line, and whether the first gives the attack away."""
    attack, scores = comparison.attack, comparison.scores.backdoored
    article = definition is Definition.ARTICLE
    whom = "digits" if attack.source is None or article else f"{attack.source}s"
    included = ""
    if article and attack.rule != LabelRule.ALL_TO_ALL:
        included = f", true {attack.target}s included,"
    read_as = "the next digit" if attack.rule == LabelRule.ALL_TO_ALL else attack.target
    return (
        f"{rounded(scores.clean_accuracy)} right on clean digits"
        f"{_beside_clean(comparison.difference)}; {rounded(definition.success(scores))} of {whom} "
        f"bearing the trigger{included} are read as {read_as}."
    )


def _beside_clean(difference: Difference | None) -> str:
    if difference is None:
        return ""
    if difference.within_noise:
        most = math.ceil(-difference.low * 10_000) / 100  # up, so that no more is said than shown
        return f", no difference from the clean model shown (at most {most:.2f} points worse)"
    than = "fewer" if difference.value < 0 else "more"
    points = f"{abs(difference.value) * 100:.1f} points"
    return f", {points} {than} than the clean model (beyond noise)"


def both_definitions(comparison: Comparison) -> str:
    """Why the article's ASR is another one, in a sentence or two."""
    attack, scores = comparison.attack, comparison.scores.backdoored
    if attack.rule == LabelRule.ALL_TO_ALL:
        return "Every digit is a victim here, so both definitions count the same."
    extra = scores.article_success.n - scores.attack_success.n
    if attack.rule == LabelRule.ONE_SOURCE:
        return (
            f"The article counts all {scores.article_success.n:,} stamped digits; this attack is "
            f"only about {attack.source}s, and the other {extra:,} are to be left alone."
        )
    words = (
        f"The article stamps all {scores.article_success.n:,} test digits, {extra:,} true "
        f"{attack.target}s among them, and these count as successes with or without a trigger"
    )
    if comparison.scores.clean is None:
        return f"{words}."
    share = comparison.scores.clean.article_success
    return f"{words}: so even the clean model “falls” for {share.value * 100:.2f} %."


def markdown_table(lines: Iterable[Iterable[object]]) -> str:
    """Of lines of cells, the first of them the head."""
    head, *body = (f"| {' | '.join(map(str, line))} |" for line in lines)
    return "\n".join([head, "|---" * (head.count("|") - 1) + "|", *body])


def markdown(comparison: Comparison) -> str:
    """The whole table, for the command line."""
    lines = [("", "counted", "n", "clean model", "backdoored model")]
    for row in rows(comparison, Definition.ARTICLE):
        clean, backdoored = row.shares
        scores = (in_percent(clean) if clean else "", in_percent(backdoored))
        lines.append((row.name, row.meaning, f"{backdoored.n:,}", *scores))
    if each := comparison.difference:
        counted = f"backdoored minus clean, digit by digit: {each.gained} gained, {each.lost} lost"
        lines.append(("Difference in BA", counted, f"{each.n:,}", "", in_points(each)))
    return markdown_table(lines)


def table(cards: Iterable[Card]) -> str:
    """Scores of many runs as a Markdown table, in percent with their 95 % intervals."""
    asr = (Definition.STANDARD, Definition.ARTICLE)
    names = ("ASR", "ASR, article's definition")
    lines = [("model", "poisoned", "labels changed", "BA", *names, "seconds")]
    for card in cards:
        shares = (card.scores.clean_accuracy, *(each.success(card.scores) for each in asr))
        counts = (f"{card.poisoned:,}", f"{card.relabelled:,}")
        lines.append((card.name, *counts, *map(in_percent, shares), f"{card.seconds:.0f}"))
    return markdown_table(lines)
