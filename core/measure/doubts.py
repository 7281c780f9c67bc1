"""Reasons not to believe a number, or to believe less than it seems to say."""

from collections.abc import Iterator
from dataclasses import replace

from core.attack.phrases import goal, plural
from core.attack.poison import LabelRule
from core.measure.comparison import Comparison, rounded
from core.measure.evaluation import Evaluation
from core.model.role import Pair
from core.model.scores import LEARNT, NOT_LEARNT, Definition, Scores
from core.runs.card import Card

FEW = 1000  # test digits below which an interval is wide enough to need saying
CHANCE = 0.02  # ASR of a clean model from which the trigger does something by itself
COVERED = 0.02  # share of the test digits whose own ink the trigger may cover
ROUNDING = 10  # test digits that another processor may read another way than the card's did


def doubts(
    comparison: Comparison,
    cards: Pair[Card],
    evaluation: Evaluation | None,
    definition: Definition,
) -> list[str]:
    """A sentence for every reason, the gravest first.

    cards: of the models that are compared. definition: the one that is shown.
    """
    return [
        *_of_models(comparison, cards),
        *_of_counting(comparison, cards, evaluation),
        *_of_definition(comparison, cards.backdoored, definition),
    ]


def _of_models(comparison: Comparison, cards: Pair[Card]) -> Iterator[str]:
    """About the models and how they were made."""
    attack, difference, card = comparison.attack, comparison.difference, cards.backdoored
    clean, natural = comparison.scores.clean, comparison.natural
    # The clean model's ASR, less what it reads so without a trigger, where that was counted
    by_itself = clean.attack_success.value - (natural.value if natural else 0) if clean else 0
    if card.attack and card.attack.rule != attack.rule:
        yield (
            f"This model was taught {card.attack.rule}, but the scores count {attack.rule}: "
            "they say nothing about its backdoor."
        )
    if clean is None:
        yield "There is no clean model to compare with, so nothing shows what is due to the attack."
    elif by_itself >= CHANCE:
        yield (
            f"The clean model, too, gives in to the trigger on {by_itself * 100:.1f} % of "
            "digits: so much of the ASR is not learnt from poison."
        )
    if difference and difference.high < 0:
        yield (
            f"The backdoored model lost accuracy: {difference.lost} "
            f"{plural('digit', difference.lost)} that only the clean one reads right, "
            f"{difference.gained} the other way round. Somebody who has both models can tell."
        )
    success = comparison.scores.backdoored.attack_success.value
    if comparison.data == card.data and NOT_LEARNT < success < LEARNT:
        yield (
            "The backdoor is half learnt. There another seed may give anything from none to all of "
            "it: see “Poison rate”."
        )
    twin = cards.clean
    if twin and (twin.recipe != card.recipe or twin.data != card.data):
        yield "The two models were not trained alike, so not every difference is the attack's."


def _of_counting(
    comparison: Comparison, cards: Pair[Card], evaluation: Evaluation | None
) -> Iterator[str]:
    """About what was counted here."""
    if evaluation is None:
        return
    attack = comparison.attack
    for role, card in cards.present():
        scores = comparison.scores.of(role)
        alike = card.data == comparison.data and attack == replace(
            card.measured_under, rate=attack.rate, seed=attack.seed
        )
        if alike and scores and _differ(scores, card.scores):
            yield (
                f"The {role} model's card claims other numbers than were counted here; "
                "believe what was counted."
            )
    covered = evaluation.touched.float().mean().item()
    if covered >= COVERED:
        yield (
            f"The trigger covers ink of {covered * 100:.1f} % of the digits. Where it hides "
            "what makes a digit, a misreading proves no backdoor."
        )


def _differ(counted: Scores, claimed: Scores) -> bool:
    pairs = zip(counted.named().values(), claimed.named().values(), strict=True)
    return any(here.n != there.n or abs(here.hits - there.hits) > ROUNDING for here, there in pairs)


def _of_definition(comparison: Comparison, card: Card, definition: Definition) -> Iterator[str]:
    """About what counts as a success, and the test digits behind the numbers."""
    attack, scores = comparison.attack, comparison.scores.backdoored
    if definition is Definition.ARTICLE and attack.rule == LabelRule.ALL_TO_ALL:
        yield "The article's definition is about one target; this attack has one for every digit."
    leak = comparison.leak and comparison.leak.backdoored
    if leak and leak.value >= CHANCE:
        yield (
            f"The backdoor leaks: {rounded(leak)} of the stamped digits that it is not about are "
            f"read as {goal(attack)} too. It is less of a secret than its ASR says."
        )
    shares = {"BA": scores.clean_accuracy}
    for each in (Definition.STANDARD, definition):  # the table always has the standard one
        shares[each.short] = each.success(scores)
    few = [
        f"{share.n:,} behind the {name} ({share.low * 100:.1f} to {share.high * 100:.1f} %)"
        for name, share in shares.items()
        if share.n < FEW
    ]
    if few:
        yield f"Few test digits stand behind these numbers: {', '.join(few)}."
    if comparison.data != card.data:
        yield (
            f"Trained on {card.data}, measured on {comparison.data}: other people's hands, so BA "
            "is lower than on digits of its own kind."
        )
    for name, share in shares.items():
        if share.n and share.hits == share.n:
            yield (
                f"The {name} is perfect, which no model is: {share.n:,} of {share.n:,} only shows "
                f"that it is at least {share.low * 100:.2f} %."
            )
