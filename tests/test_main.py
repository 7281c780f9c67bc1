"""The command line, as a person calls it."""

import subprocess
import sys
from pathlib import Path

from core.measure import comparison
from core.measure.comparison import Comparison
from core.model.role import Pair
from core.model.scores import Definition
from core.runs import file, ladder, library
from core.runs.run import Models

ROOT = Path(__file__).parent.parent


def call(*words):
    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_train_prints_the_scores_and_saves_the_model(tmp_path):
    out = tmp_path / "model.safetensors"
    words = "train --epochs 1 --rate 2 --trigger square --seed 3 --device cpu --out"
    done = call(*words.split(), str(out))
    assert done.returncode == 0, done.stderr
    card = file.load(out).card
    assert (card.attack.trigger.name, card.attack.rate, card.recipe.epochs) == ("square", 0.02, 1)
    assert f"{card.scores.clean_accuracy.value * 100:.2f}" in done.stdout
    assert "images/s" in done.stderr  # the live bar


def test_mistakes_are_answered_in_a_sentence():
    for words, said in (
        ("train --rate 200", "expected a poison rate in [0, 1], got 2.0"),
        ("train --rule one-source", "expected a source digit other than the target"),
        ("train --device tpu", "expected a device of this machine (cpu"),
        ("train --out /", "/: cannot be written (it is a folder)"),
        ("train --out /proc/model", "/proc/model: cannot be written"),
        ("train --seed 99999999999999999999", "expected a seed from 0"),
        ("measure 7", "expected a rung of the ladder (0.01, 0.02"),
        ("measure 20250101-000000-abcdef", "the file is missing"),
        ("train --rate much", "expected a percentage, got much"),
        ("sweep --rates 200 --out x.json", "expected a poison rate in [0, 1]"),
    ):
        done = call(*words.split())
        assert done.returncode
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_measure_prints_what_the_card_says(mnist_test):
    """The gate: the shipped 1 % rung, counted again on MNIST, to the last digit shown."""
    done = call("measure", "1")
    assert done.returncode == 0, done.stderr
    shipped = Comparison.of_cards(Pair(*(run.card for run in ladder.models("1"))))
    assert comparison.verdict(shipped, Definition.STANDARD) in done.stdout
    assert comparison.markdown(shipped) in done.stdout
    assert "Doubt" not in done.stdout
    assert 0.992 <= shipped.scores.backdoored.clean_accuracy.value <= 0.998
    assert 0.990 <= shipped.scores.backdoored.attack_success.value <= 0.9995
    assert 0.0 <= shipped.scores.clean.attack_success.value <= 0.003


def test_measure_takes_runs_and_files_and_says_what_to_doubt(tmp_path):
    shipped = ladder.models("1")
    theirs = tmp_path / "theirs.safetensors"
    file.save(shipped.backdoored, theirs)
    for given in (str(theirs), library.add(Models(None, shipped.backdoored))):
        done = call("measure", given)
        assert done.returncode == 0, done.stderr
        assert "Doubt: There is no clean model to compare with" in done.stdout
    clean = tmp_path / "clean.safetensors"
    file.save(shipped.clean, clean)
    done = call("measure", str(clean))
    assert "expected a backdoored model" in done.stderr
