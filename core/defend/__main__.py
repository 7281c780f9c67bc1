"""`python -m core.defend MODELS` prints what the defences find in a model and in its clean twin.

`python -m core.defend --clean RECIPE` trains clean models anew, from which thresholds come, and
`python -m core.defend --ladder` scans the shipped models anew.
"""

import argparse
from collections.abc import Iterator

import torch
from tqdm import tqdm

from core.defend import clean, shipped
from core.defend.clean import Clean
from core.defend.finding import Finding
from core.defend.grader import inspect_run
from core.defend.scan import SHOWN, Scan
from core.digits import mnist
from core.digits.mnist import DIGITS
from core.model.role import Role
from core.runs import library
from core.runs.run import Run


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m core.defend", description=__doc__)
    options.add_argument("models", nargs="?", default="1", help="a rung of the ladder, a run's id")
    options.add_argument("--clean", choices=clean.MODELS, help="train clean models by this recipe")
    options.add_argument("--ladder", action="store_true", help="scan all models of the ladder")
    options.add_argument("--jobs", type=int, default=-1, help="at once; -1 for one per core")
    options = options.parse_args()
    if options.clean:
        models = clean.build(mnist.load(), options.clean, jobs=options.jobs)
        for _ in tqdm(models, total=clean.MODELS[options.clean]):
            pass
        return
    if options.ladder:
        for _ in tqdm(shipped.build(mnist.load())):
            pass
        return
    models = library.models(options.models)
    torch.set_num_threads(1)
    for role in Role:
        run = models.of(role)
        if run is not None:
            known = clean.load(run.card.recipe.name)
            for sentence in _at_the_door(run, known):
                print(f"{role}: {sentence}")
            for sentence in _in_the_data(run, known):
                print(f"{role}: {sentence}")


def _at_the_door(run: Run, known: Clean) -> Iterator[str]:
    images = mnist.load().test.images[:SHOWN]
    for side in clean.SIDES:
        scan = Scan(side=side)
        rows = tqdm(scan(run.network, images), total=scan.places, leave=False)
        turned = [counts.turned() for counts in rows]
        finding = scan.finding(turned, known.threshold(side), known.source)
        row, column = finding.place
        yield (
            f"{_verdict(finding)}; {finding.statistic:.1%} become {finding.target} "
            f"at row {row}, column {column} {_threshold(finding)}"
        )


def _in_the_data(run: Run, known: Clean) -> Iterator[str]:
    data, threshold = mnist.load(), known.mixture_threshold
    labels = tqdm(range(DIGITS), leave=False)
    found = [inspect_run(run, data, label, threshold) for label in labels]
    strangest = max(found, key=lambda each: each.highest)
    finding = strangest.finding(threshold, known.source)
    yield (
        f"{_verdict(finding)}; of other digits {finding.statistic:.1%} become {finding.target} "
        f"{_threshold(finding)}"
    )
    if finding.backdoored:
        for method, (precision, recall) in strangest.grades.items():
            yield (
                f"rows by {method}: precision {precision.hits:,} of {precision.n:,}, "
                f"recall {recall.hits:,} of {recall.n:,}"
            )


def _verdict(finding: Finding) -> str:
    return f"{finding.method}: {'backdoored' if finding.backdoored else 'nothing'}"


def _threshold(finding: Finding) -> str:
    return f"(threshold {finding.threshold:.1%}, {finding.source})"


if __name__ == "__main__":
    main()
