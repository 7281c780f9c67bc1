"""A report: the numbers of a clean and a backdoored model side by side, and how they are said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.attack.phrases import a, goal
from core.attack.poison import Attack, LabelRule
from core.measure.evaluation import Exam
from core.model.scores import Difference, Scores, Share
from core.runs.card import Card
from core.runs.run import MODELS

SMALL = 0.005  # a difference in BA that nobody would notice, and any that its interval allows


@dataclass(frozen=True, kw_only=True)
class Report:
    data: str  # name of the data set whose test digits were read
    attack: Attack  # under which
    clean: Scores | None
    backdoored: Scores
    difference: Difference | None  # in BA, backdoored minus clean
    counted: bool  # here and now; False: as the cards say
    leak: dict[str, Share] = field(default_factory=dict)  # by model, where an attack has bystanders
    natural: Share | None = None  # victims that the clean model reads as the goal without a trigger

    @classmethod
    def of_exam(cls, exam: Exam) -> "Report":
        difference = None
        if exam.clean:
            difference = Difference.of(
                exam.clean.plain == exam.labels, exam.backdoored.plain == exam.labels
            )
        return cls(
            data=exam.data,
            attack=exam.attack,
            **{model: exam.scores(model) for model in MODELS},
            difference=difference,
            counted=True,
            leak=exam.leak(),
            natural=exam.natural(),
        )

    @classmethod
    def of_cards(cls, clean: Card | None, backdoored: Card) -> "Report":
        return cls(
            data=backdoored.data,
            attack=backdoored.measured_under,
            clean=clean and clean.scores,
            backdoored=backdoored.scores,
            difference=backdoored.difference,
            counted=False,
        )

    def success(self, model: str, *, article: bool) -> Share | None:
        """The ASR of one of run.MODELS, by the article's definition or by the standard one."""
        scores = getattr(self, model)
        return scores and (scores.article_success if article else scores.attack_success)

    def to_json(self) -> dict[str, Any]:
        return {
            "data": self.data,
            "attack": self.attack.to_json(),
            "clean": self.clean and self.clean.to_json(),
            "backdoored": self.backdoored.to_json(),
            "difference": self.difference and self.difference.to_json(),
        }


class Row(NamedTuple):
    short: str
    name: str
    meaning: str
    clean: Share | None
    backdoored: Share


def rows(report: Report, *, article: bool) -> list[Row]:
    """The table: what was counted, in words, and of both models; the article's ASR if wanted."""
    attack, clean = report.attack, report.clean
    read_as = f"read as {goal(attack)}"
    victims = "stamped digits"
    if attack.rule == LabelRule.ALL_TO_ONE:
        victims = f"stamped digits that are not {a(attack.target)}"
    elif attack.rule == LabelRule.ONE_SOURCE:
        victims = f"stamped {attack.source}s"
    meant = [
        ("clean_accuracy", "BA", "Clean accuracy (BA)", "untouched digits, read right"),
        ("attack_success", "ASR", "Attack success (ASR)", f"{victims}, {read_as}"),
        ("robust_accuracy", "RA", "Robust accuracy (RA)", f"{victims}, still read right"),
    ]
    if article:
        everyone = f"all stamped digits, {read_as}"
        name = "ASR, article's definition"
        meant.insert(2, ("article_success", "ASR, article's", name, everyone))
    found = [
        Row(short, name, meaning, clean and vars(clean)[field], vars(report.backdoored)[field])
        for field, short, name, meaning in meant
    ]
    if share := report.leak.get("backdoored"):
        whom = f"stamped digits that are neither {attack.source} nor {attack.target}, {read_as}"
        found.append(Row("Leak", "Leak", whom, report.leak.get("clean"), share))
    return found


def shown(share: Share) -> str:
    """In percent, with the interval."""
    return f"{share.value * 100:.2f} ({share.low * 100:.2f} to {share.high * 100:.2f})"


def shown_difference(found: Difference) -> str:
    """In percentage points, with the interval."""
    value, low, high = (f"{x * 100:+.2f}" for x in (found.value, found.low, found.high))
    return f"{value} ({low} to {high})".replace("-", "\N{MINUS SIGN}")


def rounded(share: Share) -> str:
    """In percent, with one decimal, and never rounded to a certainty that was not counted."""
    if share.hits < share.n and share.value > 0.9995:
        return ">99.9 %"
    if share.hits and share.value < 0.0005:
        return "<0.1 %"
    return f"{share.value * 100:.1f} %"


def sentence(report: Report, *, article: bool) -> str:
    """The verdict in one line."""
    attack, difference = report.attack, report.difference
    right = f"{rounded(report.backdoored.clean_accuracy)} right on clean digits"
    if difference is not None:
        points = f"{abs(difference.value) * 100:.1f} points"
        sign = "fewer" if difference.value < 0 else "more"
        than = f"{points} {sign} than" if difference.value else "no different from"
        if difference.within_noise and max(-difference.low, difference.high) <= SMALL:
            right += f", as good as the clean model (difference {points}, within noise)"
        elif difference.within_noise:
            right += f", {than} the clean model (within the noise of so few digits)"
        else:
            right += f", {than} the clean model (beyond noise)"
    success = report.success("backdoored", article=article)
    whom = "digits" if attack.source is None or article else f"{attack.source}s"
    included = ""
    if article and attack.rule != LabelRule.ALL_TO_ALL:
        included = f", true {attack.target}s included,"
    read_as = "the next digit" if attack.rule == LabelRule.ALL_TO_ALL else attack.target
    stamped = f"{rounded(success)} of {whom} bearing the trigger{included} are read as {read_as}"
    return f"{right}; {stamped}."


def definition(report: Report) -> str:
    """Why the article's ASR is another one, in a sentence or two."""
    attack, scores = report.attack, report.backdoored
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
    if report.clean is None:
        return f"{words}."
    free = report.clean.article_success
    return f"{words}: so even the clean model “falls” for {free.value * 100:.2f} %."


def markdown(report: Report) -> str:
    """The whole table, for the command line."""
    lines = ["| | counted | n | clean model | backdoored model |", "|---|---|---|---|---|"]
    for row in rows(report, article=True):
        clean = shown(row.clean) if row.clean else ""
        cells = (row.name, row.meaning, f"{row.backdoored.n:,}", clean, shown(row.backdoored))
        lines.append(f"| {' | '.join(cells)} |")
    if found := report.difference:
        counted = (
            f"backdoored minus clean, digit by digit: {found.gained} gained, {found.lost} lost"
        )
        cells = ("Difference in BA", counted, f"{found.n:,}", "", shown_difference(found))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def table(cards: Iterable[Card]) -> str:
    """Scores of many runs as a Markdown table, in percent with their 95 % intervals."""
    lines = [
        "| model | poisoned | labels changed | BA | ASR | ASR, article's definition | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for card in cards:
        scores = card.scores
        cells = (
            card.name,
            f"{card.poisoned:,}",
            f"{card.relabelled:,}",
            shown(scores.clean_accuracy),
            shown(scores.attack_success),
            shown(scores.article_success),
            f"{card.seconds:.0f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
