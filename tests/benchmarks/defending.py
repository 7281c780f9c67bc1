"""How fast and how good the defences are: prints a table and, last, a line of JSON.

Run it on an idle machine: python tests/benchmarks/defending.py [--seeds 3]
The ladder's 1 % model and its clean twin, and one pixel, 1 %, by *fast* with other targets and
seeds, from the bank or trained first. One thread for what is sought, two for repairs.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from core.attack.poison import Attack
from core.defend import clean, grader, mending
from core.defend.finding import Grade
from core.defend.mending import WAYS, Repaired
from core.defend.methods import METHODS, last
from core.defend.strip import BY, Strip, boundary, split
from core.digits import mnist
from core.model.recipe import FAST
from core.runs import bank, ladder
from core.runs.run import Run

PRUNED = 16  # channels
AWAY = 0.01  # of untouched digits, by STRIP


def searches(run: Run) -> Iterator[dict]:
    torch.set_num_threads(1)
    evidence, truth = grader.evidence(run, mnist.load())
    for name, method in METHODS.items():
        begun = time.perf_counter()
        suspect = last(method.search(evidence))
        seconds = time.perf_counter() - begun
        finding = clean.judge(name, suspect, run.card.recipe)
        grade = None if suspect.rows is None else Grade.of(suspect.rows, truth.bears)
        yield {
            "what": name,
            "seconds": round(seconds, 1),
            "statistic": round(suspect.statistic, 3),
            "threshold": finding.highest,
            "margin": round(finding.margin, 3),
            "verdict": finding.verdict,
            "target": suspect.target,
            "place": suspect.place,
            "precision": grade and round(grade.precision.value, 4),
            "recall": grade and round(grade.recall.value, 4),
        }


def strip(run: Run) -> dict:
    torch.set_num_threads(1)
    evidence, _ = grader.evidence(run, mnist.load())
    attack, begun = run.card.measured_under, time.perf_counter()
    overlays, by, others = split(evidence.clean)
    search = Strip(overlays=overlays)
    drawn_by = search(run.network, by)
    plain = others.images[attack.victims(others.labels)][:BY]
    scored = [search(run.network, each) for each in (plain, attack.trigger(plain))]
    seconds = time.perf_counter() - begun
    line = boundary(drawn_by.tolist(), AWAY)
    stamped = [0] * len(plain) + [1] * len(plain)
    false, true = ((each < line).double().mean().item() for each in scored)
    return {
        "what": "strip",
        "seconds": round(seconds, 1),
        "AUROC": round(roc_auc_score(stamped, -torch.cat(scored)), 4),
        "TPR": round(true, 4),
        "FPR": round(false, 4),
    }


def repairs(run: Run) -> Iterator[dict]:
    torch.set_num_threads(2)
    for way in WAYS:
        begun = time.perf_counter()
        try:
            *_, end = mending.mend(run, mnist.load(), way, PRUNED)
        except ValueError as error:
            yield {"what": way, "refused": f"{error}"}
            continue
        assert isinstance(end, Repaired)
        scores = end.outcome.after
        yield {
            "what": way,
            "seconds": round(time.perf_counter() - begun, 1),
            "BA": scores.clean_accuracy.value,
            "BA before": end.outcome.before.clean_accuracy.value,
            "ASR": round(scores.attack_success.value, 4),
            "RA": round(scores.robust_accuracy.value, 4),
        }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=3, help="of fast, each with another target")
    options = options.parse_args()
    models = ladder.load()
    runs = {"ladder, clean": models.clean, "ladder, 1 %": models.rungs[1.0]}
    for seed in range(1, options.seeds + 1):
        recipe = replace(FAST, seed=seed)
        attack = Attack(seed=seed, target=(3 * seed + 2) % 10)
        runs[f"fast, seed {seed}, target {attack.target}"] = bank.model(recipe, attack)
    found = []
    for name, run in runs.items():
        rows = [*searches(run), strip(run)]
        if run.card.attack:
            rows += repairs(run)
        for row in rows:
            print(f"{name:26} {'  '.join(f'{key} {value}' for key, value in row.items())}")
            found.append({"model": name, **row})
    print(json.dumps(found))


if __name__ == "__main__":
    main()
