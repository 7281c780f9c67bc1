"""What a person takes home: a card as JSON, tables as CSV, and a page that holds everything."""

import csv
import gzip
import io
import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

from core.attack.trigger import NAMED
from core.digits import mnist
from core.digits.augment import Affine
from core.measure import comparison
from core.measure.comparison import Comparison
from core.measure.evaluation import Evaluation
from core.model.recipe import RECIPES, Recipe
from core.model.role import Pair
from core.model.scores import Definition
from core.places import PLOTLY
from core.runs.card import Card
from core.show import figures, html
from core.show.figures import Figure
from core.show.score_table import score_table
from core.show.words import settings

FORMAT = "backdoor-lab-report/1"


def command(card: Card) -> str | None:
    """The command that trains a backdoored model again; None where no options could say it."""
    recipe, attack = card.recipe, card.attack
    if card.data != mnist.NAME or recipe.name not in RECIPES or recipe.seed != attack.seed:
        return None
    known = RECIPES[recipe.name]
    words = ["python", "-m", "core", "train", "--recipe", recipe.name]
    for field in ("epochs", "batch", "lr"):
        if getattr(recipe, field) != getattr(known, field):
            words += [f"--{field}", repr(getattr(recipe, field))]
    if recipe.augment != known.augment:
        words += ["--augment" if recipe.augment else "--no-augment"]
    if NAMED.get(attack.trigger.name) == attack.trigger:
        words += ["--trigger", attack.trigger.name]
    elif attack.trigger.opacity == 1:
        cells = [f"{row},{col},{value!r}" for row, col, value in attack.trigger.cells]
        words += ["--cells", ";".join(cells)]
    else:
        return None
    words += ["--rule", str(attack.rule), "--target", str(attack.target)]
    if attack.source is not None:
        words += ["--source", str(attack.source)]
    words += ["--rate", _percent(attack.rate), "--seed", str(recipe.seed)]
    return shlex.join(words) if _said(known, recipe) else None


def _said(known: Recipe, recipe: Recipe) -> bool:
    """Whether the command's options reach this recipe."""
    reached = {name: getattr(recipe, name) for name in ("epochs", "batch", "lr", "augment", "seed")}
    return replace(known, **reached) == recipe and recipe.augment in (None, Affine(), known.augment)


def _percent(rate: float) -> str:
    """As the command wants it."""
    return f"{(Decimal(repr(rate)) * 100).normalize():f}"


def to_json(
    compared: Comparison, cards: Pair[Card], doubts: Sequence[str], commands: Sequence[str]
) -> str:
    """Both cards, what was counted here, the doubts, and how to do it again."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "backdoored": cards.backdoored.to_json(),
        "clean": cards.clean and cards.clean.to_json(),
        "report": compared.to_json()
        | {"counted": "here" if compared.counted else "as the cards say"},
        "doubts": list(doubts),
        "commands": list(commands),
    }
    return json.dumps(record, indent=1)


def numbers_csv(compared: Comparison, evaluation: Evaluation | None) -> str:
    """Every share, of all digits and of each true class: a line each, as spreadsheets like it."""
    lines = [
        (role, "all", name, share)
        for role, scores in compared.scores.present()
        for name, share in scores.named().items()
    ]
    if compared.leak:
        lines += [(role, "all", "leak", share) for role, share in compared.leak.present()]
    for role, classes in evaluation.by_class.present() if evaluation else ():
        for digit, scores in enumerate(classes):
            lines += [(role, digit, name, share) for name, share in scores.named().items()]
    head = ("model", "true class", "score", "value", "low", "high", "hits", "n")
    shares = (
        (*place, share.value if share.n else "", share.low, share.high, share.hits, share.n)
        for *place, share in lines
    )
    return _csv(head, [*shares, *_difference(compared)])


def _difference(compared: Comparison) -> Iterable[tuple[Any, ...]]:
    """The difference in BA as a line of the table; its hits are those gained less those lost."""
    if each := compared.difference:
        place, kept = ("backdoored minus clean", "all", "difference"), each.gained - each.lost
        yield *place, each.value, each.low, each.high, kept, each.n


def confusion_csv(evaluation: Evaluation) -> str:
    """Both models' confusion matrices, with and without the trigger, a line for each cell."""
    cells = []
    for role, stamped in product(evaluation.roles, (False, True)):
        counts = evaluation.confusion(role, stamped=stamped).tolist()
        for true, row in enumerate(counts):
            cells += [(role, int(stamped), true, read, n) for read, n in enumerate(row)]
    return _csv(("model", "stamped", "true class", "read as", "digits"), cells)


def _csv(head: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return text.getvalue()


def to_html(
    compared: Comparison,
    card: Card,
    evaluation: Evaluation | None,
    doubts: Sequence[str],
    commands: Sequence[str],
    curves: Mapping[str, Sequence[Card]],
    definition: Definition,
) -> str:
    """One page that needs nothing else: numbers, intervals, doubts, figures, settings, commands."""
    counted = "counted on this machine" if compared.counted else "as the models' cards say"
    chosen = settings(card) | {f"version of {name}": v for name, v in card.versions.items()}
    chosen |= {"device": card.device, "trained": card.created, "seconds": f"{card.seconds:g}"}
    plotly = gzip.decompress(PLOTLY.read_bytes()).decode()
    return html.render(
        "report",
        title=card.name,
        style=html.style_sheet(),
        verdict=comparison.verdict(compared, definition),
        doubts=doubts,
        about=f"Test digits of {compared.data}, {counted}; in percent, with 95 % intervals.",
        scores=score_table(compared, Definition.ARTICLE),
        definition=comparison.both_definitions(compared),
        figures=_figures(compared, evaluation, curves, definition),
        settings=chosen,
        commands=commands,
        plotly=plotly.replace("</script", "<\\/script"),
    )


def _figures(
    compared: Comparison,
    evaluation: Evaluation | None,
    curves: Mapping[str, Sequence[Card]],
    definition: Definition,
) -> dict[str, Figure]:
    """The figures of the page by their titles."""
    plots = {
        "Scores": figures.score_bars(compared, definition),
        "Who counts as a victim": figures.who_counts(compared),
    }
    if evaluation:
        for title, score in (
            ("Read right without the trigger, by true digit", lambda each: each.clean_accuracy),
            (f"The trigger wins, by true digit{definition.tail}", definition.success),
        ):
            plots[title] = figures.class_dots(evaluation, score)
        for role, stamped in product(evaluation.roles, (False, True)):
            title = f"{role.capitalize()} model, {'with' if stamped else 'without'} the trigger"
            counts = evaluation.confusion(role, stamped=stamped)
            plots[title] = figures.confusion_map(counts, role)
    if curves:
        plots["How much poison it needs"] = figures.rate_curve(curves, definition=definition)
    return plots
