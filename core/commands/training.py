"""train, ladder, sweep, reproduce: models, one pair or many."""

import argparse
import re
import sys
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from core.attack import effect
from core.attack.poison import Attack, LabelRule, Stamping, poison
from core.attack.trigger import NAMED, painted
from core.commands.bars import Bar, follow, follow_both
from core.digits import mnist
from core.digits.augment import Affine
from core.digits.mnist import Digits
from core.measure import article, comparison
from core.model.recipe import ARTICLE, RECIPES, Recipe
from core.model.train import device_named
from core.runs import engines, file, ladder, library, sweep
from core.runs.card import Card
from core.runs.run import learn, train_both
from core.show import words


def run_ladder(options: argparse.Namespace) -> None:
    device_named(options.device)
    file.check_writable(ladder.path(None, options.out), files=1 + len(ladder.PERCENTS))
    events = ladder.build(mnist.load(), folder=options.out, device=options.device)
    cards = []
    for rung in (None, *ladder.PERCENTS):
        cards.append(follow(events, "clean" if rung is None else f"{rung:g} %").card)
    for _ in events:
        pass  # the end, where all of them are saved
    victims = cards[0].scores.attack_success.n
    print(f"BA of {cards[0].scores.clean_accuracy.n:,} test digits, ASR of {victims:,}, in percent")
    print(comparison.table(cards))


def chosen_recipe(options: argparse.Namespace) -> Recipe:
    changes = {"epochs": options.epochs, "batch": options.batch, "lr": options.lr}
    changes = {name: value for name, value in changes.items() if value is not None}
    if options.augment is not None:
        changes["augment"] = Affine() if options.augment else None
    return replace(RECIPES[options.recipe], **changes)


def chosen_attack(options: argparse.Namespace, *, rate: float, seed: int) -> Attack:
    return Attack(
        trigger=painted(options.cells) if options.cells else NAMED[options.trigger],
        rule=LabelRule(options.rule),
        target=options.target,
        source=options.source,
        stamping=Stamping(f"{options.stamping} augmentation"),
        rate=rate,
        seed=seed,
    )


def warn_of(attack: Attack, training: Digits) -> None:
    """Say how many images the trigger leaves as they are; refuses one that changes hardly any."""
    if said := effect.warning(effect.check(attack.trigger, training.images)):
        print(f"warning: {said}", file=sys.stderr)


def run_train(options: argparse.Namespace) -> None:
    recipe = replace(chosen_recipe(options), seed=options.seed)
    attack = chosen_attack(options, rate=options.rate, seed=options.seed)
    device, digits = options.device, mnist.load()
    name = options.name or (words.title(attack, recipe) if attack.rate else "clean")
    if options.out:
        file.check_writable(options.out)
    elif attack.rate:
        library.check_writable()
    else:
        raise ValueError("expected --out, a file for the clean model alone, got none")
    device_named(device)  # refuses what is not there, before any training
    poison(digits.training, attack)  # refuses what does not fit
    if attack.rate:
        warn_of(attack, digits.training)
    if attack.rate:
        pair = follow_both(train_both(digits, recipe, attack, name=name, device=device))
        runs = [pair.clean, pair.backdoored]
    else:
        events = learn(digits, recipe, None, name=name, measured_under=attack, device=device)
        runs = [follow(events, name).run]
    # Saved before a word is said: whoever reads this may have gone.
    if options.out:
        file.save(runs[-1], options.out)
        print(f"saved as {options.out}")
    else:
        print(f"saved as {library.home() / library.add(pair)}; the app lists it")
    print(comparison.table(run.card for run in runs))


def follow_sweep(
    recipe: Recipe, attack: Attack, rates: tuple[float, ...], options: argparse.Namespace
) -> list[Card]:
    """Shows a live bar for many trainings and gives back their cards."""
    seeds = tuple(range(1, options.seeds + 1))
    plan = sweep.Sweep(recipe=recipe, attack=attack, rates=rates, seeds=seeds)
    if any(rates):
        warn_of(attack, mnist.load().training)
    events = sweep.run(
        plan, options.out, backend=options.backend, address=options.address, jobs=options.jobs
    )
    cards = []
    with Bar(total=len(plan.tasks()), unit=" runs", dynamic_ncols=True) as bar:
        for card in filter(None, events):
            cards.append(card)
            bar.update()
    return cards


def run_sweep(options: argparse.Namespace) -> None:
    attack = chosen_attack(options, rate=0, seed=0)
    cards = follow_sweep(chosen_recipe(options), attack, options.rates, options)
    print(f"saved in {options.out}")
    print(comparison.table(card for each in sweep.curves(cards) for card in each))


def run_reproduce(options: argparse.Namespace) -> None:
    seeds = article.pairs(follow_sweep(ARTICLE, Attack(), article.RATES, options))
    print(article.markdown(seeds))
    print(article.spread_in_words(seeds))


def cells(text: str) -> list[tuple[int, int, float]]:
    """From row,column,value;row,column,value;..."""
    try:
        numbers = [cell.split(",") for cell in text.split(";")]
        return [(int(row), int(col), float(value)) for row, col, value in numbers]
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected row,column,value;..., got {text}") from None


def share(text: str) -> float:
    """From a percentage; 0.7 is to be 0.007, not 0.006999999999999999."""
    try:
        percent = Decimal(text)
    except InvalidOperation:
        percent = Decimal("NaN")
    if percent.is_nan() or not 0 <= percent <= 100:
        raise argparse.ArgumentTypeError(f"expected a percentage from 0 to 100, got {text}")
    return float(percent / 100)


def at_once(text: str) -> int:
    """How many processes; -1 for one per core."""
    if not re.fullmatch(r"-1|[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError(f"expected -1 or a number from 1 on, got {text}")
    return int(text)


def shares(text: str) -> tuple[float, ...]:
    return tuple(share(part) for part in text.split(","))


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Where much work is done."""
    parser.add_argument("--backend", choices=engines.BACKENDS, default="loky")
    parser.add_argument("--address", help="of the Dask or Ray cluster to attach to")
    parser.add_argument("--jobs", type=at_once, default=-1, help="at once here; -1: one per core")


def add(commands: argparse._SubParsersAction) -> None:
    what = argparse.ArgumentParser(add_help=False)
    what.add_argument("--recipe", choices=RECIPES, default="fast")
    trigger = what.add_mutually_exclusive_group()
    trigger.add_argument("--trigger", choices=NAMED, default="pixel")
    trigger.add_argument("--cells", type=cells, help="a trigger of your own: row,column,value;...")
    what.add_argument("--rule", choices=[str(rule) for rule in LabelRule], default="all-to-one")
    what.add_argument("--target", type=int, default=8, help="the digit the attacker wants")
    what.add_argument("--source", type=int, help="the digit to be misread, for one-source")
    what.add_argument(
        "--stamping",
        choices=("before", "after"),
        default="before",
        help="the augmentation: before, as all who write to the data, or after, for comparison",
    )
    what.add_argument("--epochs", type=int)
    what.add_argument("--batch", type=int, help="images a step")
    what.add_argument("--lr", type=float, help="learning rate")
    what.add_argument(
        "--augment", action=argparse.BooleanOptionalAction, help="turn, scale and shift the images"
    )

    many = argparse.ArgumentParser(add_help=False)
    many.add_argument("--seeds", type=int, default=article.SEEDS, help="how many, from 1 on")
    add_engine(many)

    one = commands.add_parser("train", parents=[what], help="train a clean and a backdoored model")
    one.add_argument("--rate", type=share, default="1", help="of poison, in percent; 0 is clean")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--device", help="cpu, cuda or mps; chosen by itself otherwise")
    one.add_argument("--name", help="of the run")
    one.add_argument("--out", type=Path, help="a file for the backdoored model, not the app's list")
    one.set_defaults(action=run_train)

    rungs = commands.add_parser("ladder", help="train the models that ship with the app")
    rungs.add_argument("--out", type=Path, default=ladder.FOLDER)
    rungs.add_argument("--device", help="cpu, cuda or mps; chosen by itself otherwise")
    rungs.set_defaults(action=run_ladder)

    grid = commands.add_parser("sweep", parents=[what, many], help="train many: rates x seeds")
    grid.add_argument("--rates", type=shares, required=True, help="in percent: 0.1,0.2,0.5,1,2,5")
    grid.add_argument("--out", type=Path, required=True, help="JSON; gone on with if it is there")
    grid.set_defaults(action=run_sweep)

    again = commands.add_parser(
        "reproduce", parents=[many], help="the article's numbers again, over seeds"
    )
    again.add_argument("--out", type=Path, default=sweep.SHIPPED, help="gone on with if there")
    again.set_defaults(action=run_reproduce)
