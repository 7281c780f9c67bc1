"""`python -m core.defend MODELS` prints what the defences find in a model and in its clean twin.

`python -m core.defend --clean` trains 73 clean models anew, from which the thresholds come.
"""

import argparse

import torch
from tqdm import tqdm

from core.defend import clean
from core.defend.scan import SHOWN, Scan
from core.digits import mnist
from core.model.role import Role
from core.runs import library


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m core.defend", description=__doc__)
    options.add_argument("models", nargs="?", default="1", help="a rung of the ladder, a run's id")
    options.add_argument("--clean", action="store_true", help="train clean models for thresholds")
    options.add_argument("--jobs", type=int, default=-1, help="at once; -1 for one per core")
    options = options.parse_args()
    if options.clean:
        for _ in tqdm(clean.build(mnist.load(), jobs=options.jobs), total=clean.MODELS):
            pass
        return
    models, known = library.models(options.models), clean.load()
    images = mnist.load().test.images[:SHOWN]
    torch.set_num_threads(1)
    for role in Role:
        run = models.of(role)
        if run is None:
            continue
        for side in clean.SIDES:
            scan = Scan(side=side)
            rows = list(tqdm(scan(run.network, images), total=scan.places, leave=False))
            finding = scan.finding(rows, known.threshold(side), known.source)
            row, column = finding.place
            print(
                f"{role}: {finding.method}: {'backdoored' if finding.backdoored else 'nothing'}; "
                f"{finding.statistic:.1%} become {finding.target} at row {row}, column {column} "
                f"(threshold {finding.threshold:.1%}, {finding.source})"
            )


if __name__ == "__main__":
    main()
