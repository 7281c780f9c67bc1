"""The command line, as a person calls it."""

import subprocess
import sys
from pathlib import Path

from core import store

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
    words = "train --data builtin --epochs 1 --rate 2 --trigger square --seed 3 --device cpu --out"
    done = call(*words.split(), str(out))
    assert done.returncode == 0, done.stderr
    card = store.load(out).card
    assert (card.attack.trigger.name, card.attack.rate, card.recipe.epochs) == ("square", 0.02, 1)
    assert f"{card.scores.clean_accuracy.value * 100:.2f}" in done.stdout
    assert "images/s" in done.stderr  # the live bar


def test_mistakes_are_answered_in_a_sentence():
    for words, said in (
        ("train --data builtin --rate 200", "expected a poison rate in [0, 1], got 2.0"),
        ("train --data builtin --rule one-source", "expected a source digit other than the target"),
        ("train --data builtin --device tpu", "expected a device of this machine (cpu"),
        ("train --data builtin --out /", "/: cannot be written (it is a folder)"),
        ("train --data builtin --out /proc/model", "/proc/model: cannot be written"),
        ("train --data builtin --seed 99999999999999999999", "expected a seed from 0"),
        ("sweep --data builtin --rates 200 --out x.json", "expected a poison rate in [0, 1]"),
    ):
        done = call(*words.split())
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
