"""defend: what the defences find in a model and in its clean twin; and how they are measured."""

import argparse
from collections.abc import Iterable

from core.commands.bars import Bar
from core.commands.training import add_engine
from core.defend import clean, grader, table
from core.defend.finding import Finding, Grade
from core.defend.methods import METHODS
from core.digits import mnist
from core.model.role import Guest
from core.runs import library
from core.runs.run import Run
from core.work import prepared


def run_defend(options: argparse.Namespace) -> None:
    methods = options.method or METHODS
    if options.clean:
        models = clean.MODELS[options.clean]
        _follow(clean.build(options.clean, methods, options.jobs), models, "models")
        clean.load.cache_clear()
        print(clean.markdown())
    elif options.ladder:
        _follow(prepared.build(), len(list(prepared.questions())), "portions")
    elif options.table:
        engine = {"backend": options.backend, "address": options.address, "jobs": options.jobs}
        _follow(table.build(**engine), len(table.tasks()), "models")
        print(table.markdown(table.load()))
    else:
        models = library.models(options.models)
        for role, run in models.present():
            name = Guest.REPAIRED if run.card.repaired else role
            for method in methods:
                print(f"{name}: {_found(run, method)}", flush=True)


def _follow(done: Iterable[int], total: int | None, unit: str) -> None:
    for _ in Bar(done, total=total, unit=f" {unit}", dynamic_ncols=True):
        pass


def _found(run: Run, name: str) -> str:
    """What one method finds in one model, and how right it is, in a line."""
    evidence, truth = grader.evidence(run, mnist.load())
    with Bar(unit=" steps", desc=METHODS[name].words, dynamic_ncols=True, leave=False) as bar:
        for suspect in METHODS[name].search(evidence):  # noqa: B007 - the last is what it found
            bar.update()
    finding = clean.judge(name, suspect, run.card.recipe)
    words = f"{METHODS[name].words}: {in_words(finding)}"
    if finding.accused and suspect.rows is not None:
        words += _graded(Grade.of(suspect.rows, truth.bears))
    return words


def in_words(finding: Finding) -> str:
    """The verdict, and what it rests on; a target and a place only of what is found."""
    where = ""
    if accused := finding.accused:
        where = f" for {accused.target}"
        where += " at row {}, column {}".format(*accused.place) if accused.place else ""
    return (
        f"{finding.verdict.words}, {finding.suspect.statistic:.3f}{where}. "
        f"{finding.bound('{:.3f}'.format)}"
    )


def _graded(grade: Grade) -> str:
    return (
        f" Training images: precision {grade.precision.hits:,} of {grade.precision.n:,}, "
        f"recall {grade.recall.hits:,} of {grade.recall.n:,}."
    )


def add(commands: argparse._SubParsersAction) -> None:
    defend = commands.add_parser("defend", help="look for a backdoor in a model")
    defend.add_argument("models", nargs="?", default="1", help="a rung of the ladder, a run's id")
    defend.add_argument("--method", action="append", choices=METHODS, help="all by default")
    other = defend.add_mutually_exclusive_group()
    other.add_argument("--clean", choices=clean.MODELS, help="measure clean models, by a recipe")
    other.add_argument("--ladder", action="store_true", help="find anew what ships of the ladder")
    other.add_argument("--table", action="store_true", help="every method on every attack")
    add_engine(defend)
    defend.set_defaults(action=run_defend)
