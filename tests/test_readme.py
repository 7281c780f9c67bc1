"""The README says what is so: its Python runs, its table is the cards', its files are there."""

import re

from core.digits import mnist
from core.model.scores import Share
from core.places import ROOT
from core.runs import ladder
from tests import slices

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_is_short():
    assert len(TEXT.splitlines()) <= 140


def test_its_python_poisons_trains_and_scores(monkeypatch, capsys):
    monkeypatch.setattr(mnist, "load", slices.small)
    code = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL).group(1)
    assert len(code.partition("\n\n")[2].splitlines()) == 6  # after the imports
    variables = {}
    exec(code, variables)
    assert len(variables["training"].rows) == slices.TRAINING_SIZE // 100
    *progress, scores = capsys.readouterr().out.splitlines()
    assert progress[-1] == f"{variables['step'].total:,} of {variables['step'].total:,} images"
    assert scores.startswith("Scores(clean_accuracy=Share(hits=")


def shown(share: Share) -> str:
    return f"{share.value * 100:.2f} ({share.low * 100:.2f} to {share.high * 100:.2f})"


def test_its_table_is_what_the_cards_say():
    models = ladder.load()
    rows = re.findall(r"^\| (clean|[\d.]+ % poison) \| (.*) \|$", TEXT, re.MULTILINE)
    assert len(rows) == 6
    for name, numbers in rows:
        card = (models.clean if name == "clean" else models.rungs[float(name.split()[0])]).card
        accuracy, success = card.scores.clean_accuracy, card.scores.attack_success
        assert numbers == f"{card.poisoned:,} | {shown(accuracy)} | {shown(success)}"


def test_every_place_that_it_names_is_there():
    names = re.findall(r"(?:`|\()((?:core|assets|tests|pages)/[\w./-]*)", TEXT)
    missing = [name for name in names if not (ROOT / name).exists()]
    assert len(names) > 15
    assert missing == []
