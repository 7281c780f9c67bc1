"""The command line: python -m core train | ladder | fetch."""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from core import data, ladder, store
from core.measure import Share
from core.poison import Attack, LabelRule
from core.recipe import RECIPES
from core.run import Card, Run, make
from core.train import Step
from core.trigger import NAMED


def follow(events: Iterable[Step | Run], name: str) -> Run:
    """Shows a live bar for one training and gives back its run."""
    with tqdm(unit=" images", unit_scale=True, desc=name, dynamic_ncols=True) as bar:
        for event in events:
            if isinstance(event, Run):
                break
            bar.total = event.total
            bar.update(event.seen - bar.n)
            if bar.n == bar.total or (event.seen // 5000) != ((event.seen - 1) // 5000):
                bar.set_postfix(loss=f"{event.loss.item():.3f}")
    return event


def percent(share: Share | None, digits: int = 2) -> str:
    if share is None:
        return "-"
    low, high = (f"{bound * 100:.{digits}f}" for bound in (share.low, share.high))
    return f"{share.value * 100:.{digits}f} ({low} to {high})"


def table(cards: Iterable[Card]) -> str:
    """A Markdown table of scores in percent, each with its 95 % interval."""
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
            percent(scores.clean_accuracy),
            percent(scores.attack_success),
            percent(scores.article_success),
            f"{card.seconds:.0f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def run_ladder(options: argparse.Namespace) -> None:
    events = ladder.build(data.load("mnist"), folder=options.out, device=options.device)
    cards = []
    for rung in (None, *ladder.PERCENTS):
        run = follow((event for _, event in events), "clean" if rung is None else f"{rung:g} %")
        cards.append(run.card)
    victims = cards[0].scores.attack_success.n
    print(f"BA of {cards[0].scores.clean_accuracy.n:,} test digits, ASR of {victims:,}, in percent")
    print(table(cards))


def run_train(options: argparse.Namespace) -> None:
    recipe = RECIPES[options.recipe]
    chosen = {"epochs": options.epochs, "batch": options.batch, "lr": options.lr}
    recipe = replace(
        recipe, **{k: v for k, v in chosen.items() if v is not None}, seed=options.seed
    )
    attack = Attack(
        trigger=NAMED[options.trigger],
        rule=LabelRule(options.rule),
        target=options.target,
        source=options.source,
        rate=options.rate / 100,
        seed=options.seed,
    )
    found = data.load(options.data)
    poisons = attack.rate > 0
    run = follow(
        make(
            found,
            recipe,
            attack if poisons else None,
            name=options.name,
            measured_under=attack,
            device=options.device,
        ),
        options.name,
    )
    print(table([run.card]))
    if options.out:
        store.save(run, options.out)
        print(f"saved as {options.out}")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="train | ladder | fetch")

    one = commands.add_parser("train", help="train one model and print its scores")
    one.add_argument("--data", choices=("mnist", "builtin"), default="mnist")
    one.add_argument("--recipe", choices=RECIPES, default="fast")
    one.add_argument("--trigger", choices=NAMED, default="pixel")
    one.add_argument("--rule", choices=[str(rule) for rule in LabelRule], default="all-to-one")
    one.add_argument("--target", type=int, default=8, help="the digit the attacker wants")
    one.add_argument("--source", type=int, help="the digit to be misread, for one-source")
    one.add_argument("--rate", type=float, default=1.0, help="poison rate in percent; 0 is clean")
    one.add_argument("--epochs", type=int)
    one.add_argument("--batch", type=int, help="images a step")
    one.add_argument("--lr", type=float, help="learning rate")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--device", help="cpu, cuda or mps; chosen by itself otherwise")
    one.add_argument("--name", default="model")
    one.add_argument("--out", type=Path, help="save the model here, as safetensors")
    one.set_defaults(action=run_train)

    many = commands.add_parser("ladder", help="train the models that ship with the app")
    many.add_argument("--out", type=Path, default=ladder.FOLDER)
    many.add_argument("--device", help="cpu, cuda or mps; chosen by itself otherwise")
    many.set_defaults(action=run_ladder)

    fetch = commands.add_parser("fetch", help="download MNIST")
    fetch.set_defaults(action=lambda _: data.fetch_mnist())
    return top


def main() -> None:
    options = parser().parse_args()
    try:
        options.action(options)
    except (ValueError, OSError) as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit("cancelled; nothing was saved")


if __name__ == "__main__":
    main()
