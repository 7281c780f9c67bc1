"""The command line, as a person calls it."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from core.__main__ import main
from core.defend import scan
from core.defend.finding import Verdict
from core.digits import mnist
from core.measure import article, comparison
from core.measure.comparison import Comparison
from core.model.recipe import STURDY
from core.model.role import Pair
from core.model.scores import Definition
from core.runs import file, ladder, library, sweep
from core.runs.run import Models
from core.show import talk
from tests import slices

ROOT = Path(__file__).parent.parent


def call(*words):
    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def on_a_slice(monkeypatch):
    """Commands that train and count are quick on a slice of MNIST."""
    monkeypatch.setattr(mnist, "load", slices.small)


def test_defend_says_what_it_finds_in_both_models(on_a_slice, capsys):
    main("defend 5 --method scan-1 --method whitening".split())
    lines = capsys.readouterr().out.splitlines()
    assert [re.split(r", \d\.", line)[0] for line in lines if "whitened" not in line] == [
        f"clean: trigger scan, one pixel: {Verdict.NOTHING.words}",
        f"backdoored: trigger scan, one pixel: {Verdict.FOUND.words}",
    ]
    assert f"backdoored: whitened features: {Verdict.FOUND.words}" in lines[3]
    assert "clean: whitened features" in lines[1]  # its threshold is one for all of MNIST
    rows = re.search("precision (\\d+) of (\\d+), recall (\\d+) of 300.$", lines[3])
    found, accused, again = map(int, rows.groups())
    assert found == again >= 270
    assert accused <= 330


QUICK = "--epochs 1 --trigger square --seed 3 --device cpu"


def test_train_saves_a_pair_for_the_app_and_prints_the_scores(on_a_slice, capsys):
    before = {entry.id for entry in library.listed()[0]}
    main(f"train --rate 2 --name mine {QUICK}".split())
    printed = capsys.readouterr()
    (entry,) = (entry for entry in library.listed()[0] if entry.id not in before)
    assert (entry.card.name, entry.twin.attack) == ("mine", None)
    assert (entry.card.attack.trigger.name, entry.card.attack.rate) == ("square", 0.02)
    assert entry.id in printed.out
    for card in (entry.card, entry.twin):
        assert f"{card.scores.clean_accuracy.value * 100:.2f}" in printed.out
    assert "images/s" in printed.err  # the live bar


@pytest.mark.parametrize("rate", [0, 2])
def test_train_saves_one_model_in_a_file(on_a_slice, tmp_path, capsys, rate):
    out, before = tmp_path / "model.safetensors", library.listed()
    main(f"train --rate {rate} --out {out} {QUICK}".split())
    card = file.load(out).card
    assert (card.attack and card.attack.rate) == (rate / 100 or None)
    assert (card.recipe.epochs, card.recipe.seed) == (1, 3)
    assert f"saved as {out}" in capsys.readouterr().out
    assert library.listed() == before


ON_A_SLICE = """
import sys
from core.__main__ import main
from core.digits import mnist
from tests import slices
mnist.load = slices.small
main(sys.argv[1:])
"""


def test_train_keeps_the_models_where_nobody_reads_what_it_prints_nor_watches_the_bars():
    before = len(library.listed()[0])
    reader, closed = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", ON_A_SLICE, *f"train --rate 2 {QUICK}".split()]
    done = subprocess.run(command, cwd=ROOT, stdout=closed, stderr=closed, timeout=120)
    os.close(closed)
    assert done.returncode == 0
    assert len(library.listed()[0]) == before + 1


def test_a_pipe_that_is_closed_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m core reproduce | true",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Broken pipe" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("--rate 0", "expected --out, a file for the clean model alone, got none"),
        ("--rate 0.001", "expected a poison rate of 0 or at least 0.0167 % (one of 6,000 images)"),
        ("--cells 0,0,0", "at least 1 % of the training images, got one that changes 0 of 6,000"),
        (f"--name {'n' * 81}", "expected a name of 1 to 80 printable characters for a run"),
    ],
)
def test_train_refuses_before_it_trains(on_a_slice, monkeypatch, capsys, words, reason):
    monkeypatch.setattr(torch.optim, "Adam", lambda *_, **__: pytest.fail("it trained"))
    with pytest.raises(SystemExit) as left:
        main(["train", "--device", "cpu", *words.split()])
    assert reason in str(left.value)
    assert capsys.readouterr().out == ""


def test_ladder_trains_every_rung_and_prints_a_table(on_a_slice, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ladder, "PERCENTS", (5.0,))
    brief = replace(STURDY, epochs=1)
    monkeypatch.setattr(ladder, "build", partial(ladder.build, recipe=brief))
    main(["ladder", "--device", "cpu", "--out", str(tmp_path)])
    made = ladder.load(tmp_path)
    assert made.complaints == []
    assert comparison.table([made.clean.card, made.rungs[5.0].card]) in capsys.readouterr().out


def test_sweep_writes_its_file_and_goes_on_with_it(on_a_slice, tmp_path, capsys):
    out = tmp_path / "sweep.json"
    words = f"sweep --epochs 1 --batch 512 --backend sequential --out {out} --rates".split()
    main([*words, "0,5", "--seeds", "1"])
    cards = sweep.read(out)
    assert [(card.poisoned, card.recipe.seed) for card in cards] == [(0, 1), (300, 1)]
    assert comparison.table(cards) in capsys.readouterr().out
    main([*words, "5", "--seeds", "2"])
    assert [card.recipe.seed for card in sweep.read(out)] == [1, 1, 2]


def test_reproduce_prints_the_articles_numbers_beside_ours(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(mnist, "load", partial(slices.small, 600))
    out = tmp_path / "sweep.json"
    main(f"reproduce --seeds 1 --backend sequential --out {out}".split())
    assert article.markdown(article.pairs(sweep.read(out))) in capsys.readouterr().out


def test_talk_prepares_the_same_talk_again(tmp_path, monkeypatch):
    shipped = json.loads(talk.PREPARED.read_text(encoding="utf-8"))
    monkeypatch.setattr(talk, "PREPARED", tmp_path / "talk.json")
    monkeypatch.setattr(talk, "WALL", tmp_path / "wall.png")
    monkeypatch.setattr(scan, "SHOWN", 10)  # digits; the scan itself has tests of its own
    main(["talk"])
    made = json.loads(talk.PREPARED.read_text(encoding="utf-8"))
    assert made["wall"] == shipped["wall"]
    assert made["standing"] == shipped["standing"]
    assert made["answer"].keys() == shipped["answer"].keys()
    assert (made["scan"]["alarm"], made["scan"]["digits"]) == (shipped["scan"]["alarm"], 10)
    assert made["scan"]["backdoored"][3 * 28 + 3] == max(made["scan"]["backdoored"]) > 0.9
    assert talk.WALL.stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("train --rate 200", "expected a percentage from 0 to 100, got 200"),
        ("train --rate nan", "expected a percentage from 0 to 100, got nan"),
        ("train --rule one-source", "expected a source digit other than the target, got none"),
        ("train --device tpu", "expected a device of this machine (cpu"),
        ("train --out /", "/: cannot be written (it is a folder)"),
        ("export --out .", ".: cannot be written (it is a folder)"),
        ("train --out /proc/model", "/proc/model: cannot be written (No such file or directory)"),
        ("train --seed 99999999999999999999", "expected a seed from 0"),
        ("measure 7", "expected a rung of the ladder (0.1, 0.2"),
        ("measure 20250101-000000-abcdef", "expected a run that is on this machine and on"),
        ("train --rate much", "expected a percentage from 0 to 100, got much"),
        ("train --trigger corner --cells 3,3,1", "not allowed with argument"),
        ("defend --clean fast --table", "not allowed with argument"),
        ("defend --clean fast --jobs 0", "expected -1 or a number from 1 on, got 0"),
        ("defend model.safetensors", "or the id of a run, got model.safetensors"),
        ("train --cells 3,3.5,1", "expected row,column,value;..., got 3,3.5,1"),
        ("sweep --rates 200 --out x.json", "expected a percentage from 0 to 100, got 200"),
        ("sweep --rates 1 --out x.json --address tcp://x:1", "expected no address for loky"),
    ],
)
def test_mistakes_are_answered_in_a_sentence(on_a_slice, capsys, words, reason):
    with pytest.raises(SystemExit) as left:
        main(words.split())
    assert reason in f"{left.value} {capsys.readouterr().err}"


def test_a_mistake_ends_the_program_with_its_sentence_alone():
    done = call("measure", "7")
    assert done.returncode == 1
    assert done.stderr.startswith("expected a rung of the ladder")
    assert len(done.stderr.splitlines()) == 1


def test_measure_prints_what_the_card_says(capsys):
    """The gate: the shipped 1 % rung, counted again on MNIST, to the last digit shown."""
    main(["measure", "1"])
    printed = capsys.readouterr().out
    shipped = Comparison.of_cards(Pair(*(run.card for run in ladder.models("1"))))
    assert comparison.verdict(shipped, Definition.STANDARD) in printed
    assert comparison.markdown(shipped) in printed
    assert "Doubt" not in printed
    assert 0.992 <= shipped.scores.backdoored.clean_accuracy.value <= 0.998
    assert 0.990 <= shipped.scores.backdoored.attack_success.value < 1
    assert 0.0 <= shipped.scores.clean.attack_success.value <= 0.003


def test_measure_takes_runs_and_files_and_says_what_to_doubt(on_a_slice, tmp_path, capsys):
    shipped = ladder.models("1")
    theirs = tmp_path / "theirs.safetensors"
    file.save(shipped.backdoored, theirs)
    for name in (str(theirs), library.add(Models(None, shipped.backdoored))):
        main(["measure", name])
        assert "Doubt: There is no clean model to compare with" in capsys.readouterr().out
    clean = tmp_path / "clean.safetensors"
    file.save(shipped.clean, clean)
    with pytest.raises(SystemExit, match="expected a backdoored model"):
        main(["measure", str(clean)])
