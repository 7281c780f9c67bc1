"""The article's three numbers, and ours for the same: how alike, and what depends on the seed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import mean, stdev
from typing import NamedTuple

import torch

from core.attack.poison import Attack
from core.digits import mnist
from core.model.recipe import ARTICLE
from core.model.scores import Share
from core.runs.card import Card

RATES = (0.0, 0.01)  # the clean model's and the backdoored one's
SEEDS = 5  # that ship

# What the notebook printed: examples/backdoors/mnist.ipynb in daniel-e/secml, of November 2022
NOTEBOOK = {"clean": 0.9894, "backdoored": 0.9904, "article": 0.9429, "standard": None}
MEANING = {
    "clean": "BA of the clean model",
    "backdoored": "BA of the backdoored model",
    "article": "ASR, article's definition",
    "standard": "ASR, true 8s left out",
}


class Seed(NamedTuple):
    """One training of both models; shares in [0, 1]."""

    seed: int
    clean: float
    backdoored: float
    article: float
    standard: float


def pairs(cards: Iterable[Card]) -> list[tuple[Card, Card]]:
    """The clean and the backdoored model of each seed; all but the article's are left out."""
    done = {(card.data, card.recipe, card.measured_under): card for card in cards}
    found = []
    for seed in sorted({recipe.seed for _, recipe, _ in done}):
        recipe = replace(ARTICLE, seed=seed)
        clean, backdoored = (
            done.get((mnist.NAME, recipe, Attack(rate=rate, seed=seed))) for rate in RATES
        )
        if clean and backdoored:
            found.append((clean, backdoored))
    return found


def seed_of(clean: Card, backdoored: Card) -> Seed:
    return Seed(
        backdoored.recipe.seed,
        clean.scores.clean_accuracy.value,
        backdoored.scores.clean_accuracy.value,
        backdoored.scores.article_success.value,
        backdoored.scores.attack_success.value,
    )


def is_article(card: Card) -> bool:
    """Whether a backdoored model was made as the article's, with whatever seed."""
    seed = card.recipe.seed
    return (card.data, card.recipe, card.attack) == (
        mnist.NAME,
        replace(ARTICLE, seed=seed),
        Attack(seed=seed),
    )


def _of_ten_thousand(value: float) -> str:
    """A share of the 10,000 test digits, with its 95 % interval."""
    share = Share.of(torch.arange(10_000) < round(value * 10_000))
    return f"{value:.4f} ({share.low:.4f} to {share.high:.4f})"


def sentence(seeds: Sequence[Seed]) -> str:
    """What is alike and what is not."""
    found, printed = [seed.article for seed in seeds], NOTEBOOK["article"]
    accurate = [value for seed in seeds for value in (seed.clean, seed.backdoored)]
    where = "lies within" if min(found) <= printed <= max(found) else "lies outside"
    return (
        f"Over {len(seeds)} seeds BA stays between {min(accurate):.4f} and {max(accurate):.4f}; "
        f"ASR by the article's definition goes from {min(found):.4f} to {max(found):.4f}, with "
        f"the seed alone. The notebook's {printed} {where}."
    )


def markdown(seeds: Sequence[Seed], own: Sequence[Seed] = ()) -> str:
    """The notebook's numbers beside ours: mean and standard deviation over seeds, and the range."""
    head = ["", "the notebook", f"ours, mean of {len(seeds)} seeds", "lowest to highest"]
    head += [f"seed {seed.seed}, yours" for seed in own]
    lines = [head, ["---"] * len(head)]
    for field, meaning in MEANING.items():
        values = [getattr(seed, field) for seed in seeds]
        printed = NOTEBOOK[field]
        spread = f" ± {stdev(values):.4f}" if len(values) > 1 else ""
        lines.append(
            [
                meaning,
                "not counted" if printed is None else _of_ten_thousand(printed),
                f"{mean(values):.4f}{spread}",
                f"{min(values):.4f} to {max(values):.4f}",
                *(f"{getattr(seed, field):.4f}" for seed in own),
            ]
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
