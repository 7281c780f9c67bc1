"""The article's numbers, and ours for the same: how alike, and what depends on the seed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from statistics import mean, stdev
from typing import NamedTuple

import torch

from core.attack.phrases import plural
from core.attack.poison import Attack
from core.digits import mnist
from core.measure.comparison import markdown_table
from core.model.recipe import ARTICLE
from core.model.role import Pair, Role
from core.model.scores import Definition, Scores, Share
from core.runs.card import Card

RATES = (0.0, 0.01)  # the clean model's and the backdoored one's
SEEDS = 5  # that ship


class Number(NamedTuple):
    """One of the article's numbers, a share of the 10,000 test digits or of those without 8s."""

    meaning: str
    role: Role  # the model that it is about
    notebook: float | None  # what the notebook printed; None: it did not count this
    share: Callable[[Scores], Share]

    def of(self, seeds: Iterable[Pair[Card]]) -> list[float]:
        """Ours, of every seed."""
        return [self.share(cards.of(self.role).scores).value for cards in seeds]


RIGHT = attrgetter("clean_accuracy")
# The notebook's: examples/backdoors/mnist.ipynb in daniel-e/secml, of November 2022
CLEAN_BA = Number("BA of the clean model", Role.CLEAN, 0.9894, RIGHT)
BACKDOORED_BA = Number("BA of the backdoored model", Role.BACKDOORED, 0.9904, RIGHT)
ARTICLE_ASR = Number(
    "ASR, article's definition", Role.BACKDOORED, 0.9429, Definition.ARTICLE.success
)
STANDARD_ASR = Number("ASR, true 8s left out", Role.BACKDOORED, None, Definition.STANDARD.success)
PRINTED = (CLEAN_BA, BACKDOORED_BA, ARTICLE_ASR)
NUMBERS = (*PRINTED, STANDARD_ASR)


def pairs(cards: Iterable[Card]) -> list[Pair[Card]]:
    """Both models of each seed, by rising seed; all but the article's are left out."""
    runs = {(card.data, card.recipe, card.measured_under): card for card in cards}
    complete = []
    for seed in sorted({recipe.seed for _, recipe, _ in runs}):
        recipe, attacks = replace(ARTICLE, seed=seed), (Attack(rate=r, seed=seed) for r in RATES)
        clean, backdoored = (runs.get((mnist.NAME, recipe, attack)) for attack in attacks)
        if clean and backdoored:
            complete.append(Pair(clean, backdoored))
    return complete


def seed_of(cards: Pair[Card]) -> int:
    return cards.backdoored.recipe.seed


def is_article(card: Card) -> bool:
    """Whether a backdoored model was made as the article's, with whatever seed."""
    seed = card.recipe.seed
    expected = (mnist.NAME, replace(ARTICLE, seed=seed), Attack(seed=seed))
    return (card.data, card.recipe, card.attack) == expected


def _of_ten_thousand(value: float) -> str:
    """A share of the 10,000 test digits, with its 95 % interval."""
    share = Share.of(torch.arange(10_000) < round(value * 10_000))
    return f"{_percent(value)} ({_percent(share.low)} to {_percent(share.high)})"


def _percent(share: float) -> str:
    return f"{share * 100:.2f}"


def spread_in_words(seeds: Sequence[Pair[Card]]) -> str:
    """What is alike over the seeds and what is not."""
    success, printed = ARTICLE_ASR.of(seeds), ARTICLE_ASR.notebook
    accuracies = CLEAN_BA.of(seeds) + BACKDOORED_BA.of(seeds)
    where = "lies within" if min(success) <= printed <= max(success) else "lies outside"
    return (
        f"Over {len(seeds)} {plural('seed', len(seeds))} BA stays between "
        f"{_percent(min(accuracies))} and {_percent(max(accuracies))} %; ASR by the article's "
        f"definition goes from {_percent(min(success))} to {_percent(max(success))} %, with the "
        f"seed alone. The notebook's {_percent(printed)} % {where}."
    )


def markdown(seeds: Sequence[Pair[Card]], yours: Sequence[Pair[Card]] = ()) -> str:
    """The notebook's numbers beside ours, in percent: mean and standard deviation over seeds, and
    the range."""
    ours = f"ours, mean of {len(seeds)} {plural('seed', len(seeds))}"
    head = ["", "the notebook", ours, "lowest to highest"]
    lines = [[*head, *(f"seed {seed_of(cards)}, yours" for cards in yours)]]
    for number in NUMBERS:
        values, printed = number.of(seeds), number.notebook
        spread = f" ± {_percent(stdev(values))}" if len(values) > 1 else ""
        lines.append(
            [
                number.meaning,
                "not counted" if printed is None else _of_ten_thousand(printed),
                f"{_percent(mean(values))}{spread}",
                f"{_percent(min(values))} to {_percent(max(values))}",
                *map(_percent, number.of(yours)),
            ]
        )
    return markdown_table(lines)
