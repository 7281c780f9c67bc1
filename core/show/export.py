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

from core.attack.poison import Stamping
from core.attack.trigger import NAMED
from core.digits import mnist
from core.digits.augment import Affine
from core.measure import comparison
from core.measure.comparison import Comparison
from core.measure.evaluation import Evaluation
from core.model.recipe import RECIPES
from core.model.role import Pair
from core.model.scores import Definition
from core.places import PLOTLY
from core.runs.card import Card
from core.show import html
from core.show.figures import measure, train
from core.show.words import settings

FORMAT = "backdoor-lab-report/1"


def command(card: Card) -> str | None:
    """The command that trains a backdoored model again; None where no options could say it."""
    recipe, attack, known = card.recipe, card.attack, RECIPES.get(card.recipe.name)
    if known is None or card.data != mnist.NAME or recipe.seed != attack.seed:
        return None
    numbers = {name: getattr(recipe, name) for name in ("epochs", "batch", "lr")}
    reached = replace(known, **numbers, augment=recipe.augment, seed=recipe.seed)
    if reached != recipe or recipe.augment not in (None, Affine(), known.augment):
        return None
    words = ["python", "-m", "core", "train", "--recipe", recipe.name]
    for name, number in numbers.items():
        if number != getattr(known, name):
            words += [f"--{name}", repr(number)]
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
    if attack.stamping == Stamping.AFTER:
        words += ["--stamping", "after"]
    percent = (Decimal(repr(attack.rate)) * 100).normalize()
    return shlex.join([*words, "--rate", f"{percent:f}", "--seed", str(recipe.seed)])


def to_json(
    compared: Comparison, cards: Pair[Card], doubts: Sequence[str], commands: Sequence[str]
) -> str:
    """Both cards, what was counted here, the doubts, and how to do it again."""
    counted = "here" if compared.counted else "as the cards say"
    record = {
        "format": FORMAT,
        "backdoored": cards.backdoored.to_json(),
        "clean": cards.clean and cards.clean.to_json(),
        "report": compared.to_json() | {"counted": counted},
        "doubts": list(doubts),
        "commands": list(commands),
    }
    return json.dumps(record, indent=1)


def numbers_csv(compared: Comparison, evaluation: Evaluation | None) -> str:
    """Every share, of all digits and of each true class: a line each, as spreadsheets like it.

    The hits of the difference are the digits gained less those lost.
    """
    known = [(role, "all", scores.named()) for role, scores in compared.scores.present()]
    if compared.leak:
        known += [(role, "all", {"leak": share}) for role, share in compared.leak.present()]
    for role, classes in evaluation.by_class.present() if evaluation else ():
        known += [(role, digit, scores.named()) for digit, scores in enumerate(classes)]
    lines = [
        (
            role,
            true,
            name,
            share.value if share.n else "",
            share.low,
            share.high,
            share.hits,
            share.n,
        )
        for role, true, shares in known
        for name, share in shares.items()
    ]
    if each := compared.difference:
        numbers = (each.value, each.low, each.high, each.gained - each.lost, each.n)
        lines.append(("backdoored minus clean", "all", "difference", *numbers))
    return _csv(("model", "true class", "score", "value", "low", "high", "hits", "n"), lines)


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
    csv.writer(text, lineterminator="\n").writerows([head, *lines])
    return text.getvalue()


def score_table(compared: Comparison, definition: Definition) -> str:
    """The scores of both models as HTML, with interval and n; with the article's ASR if wanted."""
    return html.render(
        "scores",
        roles=[role for role, _ in compared.scores.present()],
        rows=comparison.rows(compared, definition),
        difference=compared.difference,
        in_percent=comparison.in_percent,
        in_points=comparison.in_points,
    )


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
    plots = {
        "Scores": measure.score_bars(compared, definition),
        "Who counts as a victim": measure.who_counts(compared),
    }
    if evaluation:
        plots |= measure.of_classes(evaluation, definition)
        for role, stamped in product(evaluation.roles, (False, True)):
            title = f"{role.capitalize()} model, {'with' if stamped else 'without'} the trigger"
            counts = evaluation.confusion(role, stamped=stamped)
            plots[title] = measure.confusion_map(counts, role)
    if curves:
        plots["How much poison it needs"] = train.rate_curve(curves, definition=definition)
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
        figures=plots,
        settings=chosen,
        commands=commands,
        plotly=plotly.replace("</script", "<\\/script"),
    )
