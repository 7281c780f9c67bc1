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
from core.measure.comparison import Report
from core.measure.evaluation import Exam
from core.model.recipe import RECIPES, Recipe
from core.model.scores import Share
from core.runs.card import Card
from core.runs.run import MODELS
from core.show import figures, html
from core.show.figures import PLOTLY, Figure
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
    report: Report, card: Card, twin: Card | None, doubts: Sequence[str], commands: Sequence[str]
) -> str:
    """Both cards, what was counted here, the doubts, and how to do it again."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "backdoored": card.to_json(),
        "clean": twin and twin.to_json(),
        "report": report.to_json() | {"counted": "here" if report.counted else "as the cards say"},
        "doubts": list(doubts),
        "commands": list(commands),
    }
    return json.dumps(record, indent=1)


def numbers_csv(report: Report, exam: Exam | None) -> str:
    """Every share, of all digits and of each true class: a line each, as spreadsheets like it."""
    lines = [
        (model, "all", name, share)
        for model in MODELS
        for name, share in _shares(getattr(report, model))
    ]
    lines += [(model, "all", "leak", share) for model, share in report.leak.items()]
    for model in exam.models if exam else ():
        for digit, scores in enumerate(exam.by_class(model)):
            lines += [(model, digit, name, share) for name, share in _shares(scores)]
    head = ("model", "true class", "score", "value", "low", "high", "hits", "n")
    shares = (
        (*place, share.value if share.n else "", share.low, share.high, share.hits, share.n)
        for *place, share in lines
    )
    return _csv(head, [*shares, *_difference(report)])


def _difference(report: Report) -> Iterable[tuple[Any, ...]]:
    """The difference in BA as a line of the table; its hits are those gained less those lost."""
    if each := report.difference:
        place, kept = ("backdoored minus clean", "all", "difference"), each.gained - each.lost
        yield *place, each.value, each.low, each.high, kept, each.n


def _shares(scores: Any) -> Iterable[tuple[str, Share]]:
    return vars(scores).items() if scores else ()


def confusion_csv(exam: Exam) -> str:
    """Both models' confusion matrices, with and without the trigger, a line for each cell."""
    cells = []
    for model in exam.models:
        for stamped in (False, True):
            counts = exam.confusion(model, stamped=stamped).tolist()
            for true, row in enumerate(counts):
                cells += [(model, int(stamped), true, read, n) for read, n in enumerate(row)]
    return _csv(("model", "stamped", "true class", "read as", "digits"), cells)


def _csv(head: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return text.getvalue()


def to_html(
    report: Report,
    card: Card,
    exam: Exam | None,
    doubts: Sequence[str],
    commands: Sequence[str],
    curves: Mapping[str, Sequence[Card]],
    *,
    article: bool,
) -> str:
    """One page that needs nothing else: numbers, intervals, doubts, figures, settings, commands."""
    counted = "counted on this machine" if report.counted else "as the models' cards say"
    chosen = settings(card) | {f"version of {name}": v for name, v in card.versions.items()}
    chosen |= {"device": card.device, "trained": card.created, "seconds": f"{card.seconds:g}"}
    plotly = gzip.decompress(PLOTLY.read_bytes()).decode()
    return html.render(
        "report",
        title=card.name,
        style=html.style(),
        verdict=comparison.sentence(report, article=article),
        doubts=doubts,
        about=f"Test digits of {report.data}, {counted}; in percent, with 95 % intervals.",
        scores=score_table(report, article=True),
        definition=comparison.definition(report),
        figures=_figures(report, exam, curves, article=article),
        settings=chosen,
        commands=commands,
        plotly=plotly.replace("</script", "<\\/script"),
    )


def _figures(
    report: Report,
    exam: Exam | None,
    curves: Mapping[str, Sequence[Card]],
    *,
    article: bool,
) -> dict[str, Figure]:
    """The figures of the page by their titles."""
    plots = {
        "Scores": figures.score_bars(report, article=article),
        "Who counts as a victim": figures.who_counts(report),
    }
    if exam:
        success = "article_success" if article else "attack_success"
        for title, field in (
            ("Read right without the trigger, by true digit", "clean_accuracy"),
            ("The trigger wins, by true digit", success),
        ):
            plots[title] = figures.class_dots(exam, field)
        for model, stamped in product(exam.models, (False, True)):
            title = f"{model.capitalize()} model, {'with' if stamped else 'without'} the trigger"
            plots[title] = figures.confusion_map(exam.confusion(model, stamped=stamped), model)
    if curves:
        plots["How much poison it needs"] = figures.rate_curve(curves, article=article)
    return plots
