"""Reasons not to believe a number, or to believe less than it seems to say."""

from collections.abc import Iterator
from dataclasses import replace

from core.attack.phrases import goal
from core.attack.poison import LabelRule
from core.measure.comparison import Report, rounded
from core.measure.evaluation import Exam
from core.model.scores import LEARNT, NOT_LEARNT, Scores
from core.runs.card import Card
from core.runs.run import MODELS

FEW = 1000  # test digits below which an interval is wide enough to need saying
CHANCE = 0.02  # ASR of a clean model from which the trigger does something by itself
COVERED = 0.02  # share of the test digits whose own ink the trigger may cover
ROUNDING = 10  # test digits that another processor may read another way than the card's did


def doubts(
    report: Report, card: Card, twin: Card | None, exam: Exam | None, *, article: bool
) -> list[str]:
    """A sentence for every reason, the gravest first.

    card, twin: of the backdoored and the clean model. article: whether its definition is shown.
    """
    return [*_of_models(report, card, twin), *_of_exam(report, exam, card, twin, article=article)]


def _of_models(report: Report, card: Card, twin: Card | None) -> Iterator[str]:
    attack, found, difference = report.attack, report.backdoored, report.difference
    if card.attack and card.attack.rule != attack.rule:
        yield (
            f"This model was taught {card.attack.rule}, but the scores count {attack.rule}: "
            "they say nothing about its backdoor."
        )
    if report.clean is None:
        yield "There is no clean model to compare with, so nothing shows what is due to the attack."
    elif _given_in(report) >= CHANCE:
        yield (
            f"The clean model, too, gives in to the trigger on {_given_in(report) * 100:.1f} % of "
            "digits: so much of the ASR is not learnt from poison."
        )
    if difference and difference.high < 0:
        yield (
            f"The backdoored model lost accuracy: {difference.lost} digits that only the clean one "
            f"reads right, {difference.gained} the other way round. Somebody would notice."
        )
    if report.data == card.data and NOT_LEARNT < found.attack_success.value < LEARNT:
        yield (
            "The backdoor is half learnt. There another seed may give anything from none to all of "
            "it: see “Poison rate”."
        )
    if twin and (twin.recipe != card.recipe or twin.data != card.data):
        yield "The two models were not trained alike, so not every difference is the attack's."


def _of_exam(
    report: Report, exam: Exam | None, card: Card, twin: Card | None, *, article: bool
) -> Iterator[str]:
    attack, found = report.attack, report.backdoored
    if exam and report.data == card.data:
        for model, known in zip(MODELS, (twin, card), strict=True):
            here = getattr(report, model)
            alike = known and replace(known.measured_under, rate=attack.rate, seed=attack.seed)
            if here and alike == attack and _differ(here, known.scores):
                yield (
                    f"The {model} model's card claims other numbers than were counted here; "
                    "believe what was counted."
                )
    if exam:
        covered = exam.touched.float().mean().item()
        if covered >= COVERED:
            yield (
                f"The trigger covers ink of {covered * 100:.1f} % of the digits. Where it hides "
                "what makes a digit, a misreading proves no backdoor."
            )
    if article and attack.rule == LabelRule.ALL_TO_ALL:
        yield "The article's definition is about one target; this attack has one for every digit."
    leak = report.leak.get("backdoored")
    if leak and leak.value >= CHANCE:
        yield (
            f"The backdoor leaks: {rounded(leak)} of the stamped digits that it is not about are "
            f"read as {goal(attack)} too. It is less of a secret than its ASR says."
        )
    shares = [("BA", found.clean_accuracy), ("ASR", found.attack_success)]
    if article:
        shares.append(("ASR by the article's definition", found.article_success))
    if few := [(name, share) for name, share in shares if share.n < FEW]:
        behind = (
            f"{share.n:,} behind the {name} ({share.low * 100:.1f} to {share.high * 100:.1f} %)"
            for name, share in few
        )
        yield f"Few test digits stand behind these numbers: {', '.join(behind)}."
    if report.data != card.data:
        yield (
            f"Trained on {card.data}, measured on {report.data}: other people's hands, so BA is "
            "lower than on digits of its own kind."
        )
    for name, share in shares:
        if share.n and share.hits == share.n:
            yield (
                f"The {name} is perfect, which no model is: {share.n:,} of {share.n:,} only shows "
                f"that it is at least {share.low * 100:.2f} %."
            )


def _given_in(report: Report) -> float:
    """The clean model's ASR, less what it reads so without a trigger, where that was counted."""
    natural = report.natural.value if report.natural else 0.0
    return report.clean.attack_success.value - natural


def _differ(here: Scores, claimed: Scores) -> bool:
    return any(
        share.n != vars(claimed)[name].n or abs(share.hits - vars(claimed)[name].hits) > ROUNDING
        for name, share in vars(here).items()
    )
