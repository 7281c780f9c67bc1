"""export: models in one page that can be taken home."""

import argparse
from pathlib import Path

from core.commands.bars import Bar
from core.model.role import Pair
from core.runs import file, ladder, library
from core.show import home, talk

ALL = "all"


def run_export(options: argparse.Namespace) -> None:
    if options.run and (options.talk or options.rung):
        raise ValueError("expected --run, or the ladder's --rung or --talk, got both")
    file.check_writable(options.out)  # before a minute of work
    if options.run:
        clean, backdoored = Pair(*library.compared(options.run))
        rungs = [backdoored]
    else:
        models = ladder.load()
        clean = models.clean
        rungs = [models.rungs[percent] for percent in _percents(options, models)]
    steps = home.steps(clean, rungs, whole=options.talk)
    with Bar(total=100, unit=" %", bar_format="{l_bar}{bar}|") as bar:
        for step in steps:
            if isinstance(step, float):
                bar.update(round(100 * step) - bar.n)
    with file.whole(options.out) as part:
        part.write_text(step, encoding="utf-8")
    print(f"{options.out}: {len(step.encode()) / 1e6:.1f} MB")


def _percents(options: argparse.Namespace, models: ladder.Ladder) -> list[float]:
    """Raises ValueError where a rung is asked for that there is not."""
    wanted = options.rung or [ALL if options.talk else f"{talk.RATE:g}"]
    if wanted == [ALL]:
        return list(models.rungs)
    known = {f"{percent:g}": percent for percent in models.rungs}
    for each in wanted:
        if each not in known:
            raise ValueError(f"expected rungs out of {', '.join(known)}, or all, got {each}")
    return sorted(known[each] for each in set(wanted))


def add(commands: argparse._SubParsersAction) -> None:
    export = commands.add_parser("export", help="write models, pad and trigger into one page")
    export.add_argument(
        "--rung", nargs="+", help="percents of the ladder, or all; else 1, for the talk all"
    )
    export.add_argument("--run", help="the id of a run instead")
    export.add_argument("--talk", action="store_true", help="the whole talk instead of one page")
    export.add_argument("--out", type=Path, required=True, help="the HTML file")
    export.set_defaults(action=run_export)
