"""measure, talk: how good and how bad two models are, and what the talk falls back on."""

import argparse
from pathlib import Path

from core.commands.bars import Bar
from core.digits import mnist
from core.digits.mnist import Digits
from core.measure import comparison
from core.measure.doubts import doubts
from core.measure.evaluation import PART, Evaluation, evaluate
from core.model.scores import Definition
from core.runs import library
from core.show import talk


def run_measure(options: argparse.Namespace) -> None:
    path = Path(options.models)
    known = library.alone(path, path.name) if path.is_file() else library.compared(options.models)
    pair = known.map(lambda run: run.card)
    attack, parts = pair.backdoored.attack, [each.split(PART) for each in mnist.load().test]
    sheets = [
        evaluate(known, Digits(*part), attack)
        for part in Bar(zip(*parts, strict=True), total=len(parts[0]), unit=" parts")
    ]
    evaluation = Evaluation.of(sheets, attack=attack)
    compared = comparison.Comparison.of(evaluation)
    print(comparison.verdict(compared, Definition.STANDARD))
    print(comparison.markdown(compared))
    for doubt in doubts(compared, pair, evaluation, Definition.STANDARD):
        print(f"Doubt: {doubt}")


def add(commands: argparse._SubParsersAction) -> None:
    score = commands.add_parser("measure", help="count how good and how bad two models are")
    score.add_argument(
        "models", help="a rung of the ladder (1 is the one of 1 %%), a run's id, or a model's file"
    )
    score.set_defaults(action=run_measure)

    prepared = commands.add_parser("talk", help="prepare what the talk shows where something fails")
    prepared.set_defaults(action=lambda _: talk.build())
