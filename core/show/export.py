"""What a person takes home: a card as JSON, tables as CSV, and a page that holds everything."""

import csv
import gzip
import html
import io
import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
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
from core.show import figures
from core.show.figures import PLOTLY, Figure
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
    found: Report, card: Card, twin: Card | None, doubts: Sequence[str], commands: Sequence[str]
) -> str:
    """Both cards, what was counted here, the doubts, and how to do it again."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "backdoored": card.to_json(),
        "clean": twin and twin.to_json(),
        "report": found.to_json() | {"counted": "here" if found.counted else "as the cards say"},
        "doubts": list(doubts),
        "commands": list(commands),
    }
    return json.dumps(record, indent=1)


def numbers_csv(found: Report, exam: Exam | None) -> str:
    """Every share, of all digits and of each true class: a line each, as spreadsheets like it."""
    lines = [
        (model, "all", name, share)
        for model in MODELS
        for name, share in _shares(getattr(found, model))
    ]
    lines += [(model, "all", "leak", share) for model, share in found.leak.items()]
    for model in exam.models if exam else ():
        for digit, scores in enumerate(exam.by_class(model)):
            lines += [(model, digit, name, share) for name, share in _shares(scores)]
    head = ("model", "true class", "score", "value", "low", "high", "hits", "n")
    shares = (
        (*place, share.value if share.n else "", share.low, share.high, share.hits, share.n)
        for *place, share in lines
    )
    return _csv(head, [*shares, *_difference(found)])


def _difference(found: Report) -> Iterable[tuple[Any, ...]]:
    """The difference in BA as a line of the table; its hits are those gained less those lost."""
    if each := found.difference:
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
    found: Report,
    card: Card,
    exam: Exam | None,
    doubts: Sequence[str],
    commands: Sequence[str],
    curves: Mapping[str, Sequence[Card]],
    *,
    article: bool,
) -> str:
    """One page that needs nothing else: numbers, intervals, doubts, figures, settings, commands."""
    counted = "counted on this machine" if found.counted else "as the models' cards say"
    about = f"Test digits of {found.data}, {counted}; in percent, with 95 % intervals."
    plots: list[tuple[str, Figure]] = [
        ("Scores", figures.score_bars(found, article=article)),
        ("Who counts as a victim", figures.who_counts(found)),
    ]
    if exam:
        success = "article_success" if article else "attack_success"
        right = figures.class_dots(exam, "clean_accuracy")
        plots.append(("Read right without the trigger, by true digit", right))
        plots.append(("The trigger wins, by true digit", figures.class_dots(exam, success)))
        for model in exam.models:
            for stamped in (False, True):
                how = "with" if stamped else "without"
                title = f"{model.capitalize()} model, {how} the trigger"
                counts = exam.confusion(model, stamped=stamped)
                plots.append((title, figures.confusion_map(counts, model)))
    if curves:
        plots.append(("How much poison it needs", figures.rate_curve(curves, article=article)))
    chosen = settings(card) | {f"version of {name}": v for name, v in card.versions.items()}
    chosen |= {"device": card.device, "trained": card.created, "seconds": f"{card.seconds:g}"}
    parts = [
        f"<h1>{_text(card.name)}</h1>",
        f"<p class=verdict>{_text(comparison.sentence(found, article=article))}</p>",
        *(f"<p class=doubt>{_text(doubt)}</p>" for doubt in doubts),
        f"<p>{_text(about)}</p>",
        numbers_table(found),
        f"<p>{_text(comparison.definition(found))}</p>",
        *(f"<h2>{_text(title)}</h2><div class=plot></div>" for title, _ in plots),
        "<h2>Settings</h2>",
        _table([(_text(name), _text(value)) for name, value in chosen.items()]),
        "<h2>Do it again</h2>",
        *(f"<pre>{_text(line)}</pre>" for line in commands),
    ]
    drawn = json.dumps([figure for _, figure in plots]).replace("<", "\\u003c")
    return PAGE.format(
        title=_text(card.name),
        body="\n".join(parts),
        plotly=gzip.decompress(PLOTLY.read_bytes()).decode().replace("</script", "<\\/script"),
        figures=drawn,
    )


def numbers_table(found: Report) -> str:
    """The table of scores as HTML."""
    lines = [("", "", "Clean model", "Backdoored model", "n")]
    for row in comparison.rows(found, article=True):
        clean = comparison.shown(row.clean) if row.clean else ""
        n = f"{row.backdoored.n:,}"
        lines.append((row.name, row.meaning, clean, comparison.shown(row.backdoored), n))
    if found.difference:
        lost = f"digit by digit: {found.difference.gained} gained, {found.difference.lost} lost"
        text = comparison.shown_difference(found.difference)
        lines.append(("Difference in BA", lost, "", text, f"{found.difference.n:,}"))
    return _table([tuple(map(_text, line)) for line in lines])


def _table(lines: Iterable[Sequence[str]]) -> str:
    rows = "".join(f"<tr>{_cells(line)}</tr>" for line in lines)
    return f"<div class=wide><table>{rows}</table></div>"


def _cells(line: Sequence[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in line)


def _text(words: str) -> str:
    return html.escape(words)


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 17px/1.45 system-ui, sans-serif; max-width: 60rem; margin: auto; padding: 1rem; }}
.verdict {{ font-size: 1.5rem; font-weight: 600; }}
.doubt {{ border-left: 5px solid #E69F00; padding-left: 0.75rem; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; }}
td {{ border-bottom: 1px solid #ccc; padding: 0.3rem 0.9rem 0.3rem 0; vertical-align: top; }}
pre {{ background: #eee; padding: 0.6rem; overflow-x: auto; }}
</style></head><body>
{body}
<script>{plotly}</script>
<script>
const figures = {figures}, places = document.querySelectorAll(".plot");
figures.forEach(({{ data, layout }}, i) => Plotly.newPlot(places[i], data,
  {{ font: {{ size: 15 }}, ...layout }}, {{ responsive: true, displaylogo: false }}));
</script></body></html>
"""
