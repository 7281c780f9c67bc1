"""The list of runs: kept whole, renamed, deleted, brought back, and given to colleagues."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from core.attack.poison import Attack
from core.digits.mnist import DataSet
from core.model.recipe import FAST
from core.places import ROOT
from core.runs import file, library
from core.runs.file import StoreError
from core.runs.run import Models, Run, learn

PATHS = ["../../etc", "..", "", "x/y", "20261122-120000-abcdef/..", "/etc/passwd"]


def trained(toy, attack: Attack | None) -> Run:
    recipe = replace(FAST, epochs=1, batch=10)
    *_, (run, _) = learn(DataSet("toy", toy, toy), recipe, attack, name="a run", device="cpu")
    return run


@pytest.fixture
def models(toy) -> Models:
    return Models(trained(toy, None), trained(toy, Attack(rate=0.1)))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path / "runs"))
    return tmp_path / "runs"


def test_a_run_is_listed_and_comes_back(models):
    assert library.listed() == ([], [])
    id = library.add(models)
    (entry,), complaints = library.listed()
    assert complaints == []
    assert entry == (id, models.backdoored.card, models.clean.card)
    assert library.load(id).backdoored.card == models.backdoored.card
    assert library.load(id).clean.card == models.clean.card


def test_the_newest_comes_first(models, home):
    id = library.add(models)
    older = "20200101-000000-ffffff"
    library.add(models)
    (home / id).rename(home / older)
    assert [entry.id for entry in library.listed()[0]][-1] == older


def test_a_name_is_data(models, home):
    id = library.add(models)
    library.rename(id, "  ../<b>x</b> \N{SNOWMAN} `y`  ")
    assert library.listed()[0][0].card.name == "../<b>x</b> \N{SNOWMAN} `y`"
    assert [path.name for path in home.iterdir()] == [id]
    for name in ("", "   ", "x" * 81, "two\nlines"):
        with pytest.raises(ValueError, match="expected a name of 1 to 80 printable"):
            library.rename(id, name)


@pytest.mark.parametrize("id", PATHS)
def test_an_id_is_no_path(id):
    for action in (library.load, library.delete, library.restore, library.packed):
        with pytest.raises(StoreError, match="expected the id of a run"):
            action(id)


def test_deleted_and_brought_back(models, home):
    kept, gone = library.add(models), library.add(models)
    library.delete(gone)
    assert [entry.id for entry in library.listed()[0]] == [kept]
    library.restore(gone)
    assert {entry.id for entry in library.listed()[0]} == {kept, gone}
    with pytest.raises(StoreError, match="could not be brought back"):
        library.restore(gone)


def test_only_the_last_deleted_are_kept(models, home, monkeypatch):
    monkeypatch.setattr(library, "KEPT", 2)
    ids = [library.add(models) for _ in range(4)]
    for age, id in enumerate(ids):
        library.delete(id)
        os.utime(home / ".deleted" / id, (age, age))
    assert {path.name for path in (home / ".deleted").iterdir()} >= set(ids[2:])
    assert ids[0] not in {path.name for path in (home / ".deleted").iterdir()}


def test_the_stamp_changes_with_the_list(models):
    stamps = [library.stamp()]
    id = library.add(models)
    stamps.append(library.stamp())
    time.sleep(0.01)
    library.rename(id, "another")
    stamps.append(library.stamp())
    library.delete(id)
    stamps.append(library.stamp())
    assert len(set(stamps)) == 4


def test_a_colleagues_file_is_taken_in(models):
    content = library.packed(library.add(models))
    library.delete(library.listed()[0][0].id)
    id, known = library.adopt(content, "theirs.safetensors")
    assert not known
    assert library.load(id)[1].card == models.backdoored.card
    assert library.load(id).clean is None


def test_a_file_that_is_here_already_is_not_added_again(models, home):
    id = library.add(models)
    content = library.packed(id)
    library.rename(id, "another name")
    assert library.adopt(content, "theirs.safetensors") == (id, True)
    assert len(library.listed()[0]) == 1
    models.backdoored.network.hidden.bias[0] += 1
    file.save(models.backdoored, home / "other")
    other = library.adopt((home / "other").read_bytes(), "theirs.safetensors")
    assert (other.id != id, other.known) == (True, False)


def repaired(models: Models) -> Models:
    card = replace(models.backdoored.card, name="mended", repaired="pruning", seconds=3)
    return models._replace(clean=models.backdoored._replace(card=card))


def test_of_a_repaired_run_the_repaired_model_bears_the_name(models):
    id = library.add(repaired(models))
    library.rename(id, "another name")
    (entry,), _ = library.listed()
    assert (entry.repaired, entry.shown.name, entry.shown.repaired) == (
        True,
        "another name",
        "pruning",
    )
    assert entry.card.name == models.backdoored.card.name  # what is downloaded is no other's
    with pytest.raises(StoreError, match="expected a clean and a backdoored model, got"):
        library.compared(id)


def test_a_file_that_is_none_of_ours_is_refused(models, tmp_path, home):
    file.save(models.clean, tmp_path / "clean")
    file.save(repaired(models).clean, tmp_path / "repaired")
    whole = library.packed(library.add(models))
    for content, reason in (
        (b"", "not a whole safetensors file"),
        (whole[:-9], "not a whole safetensors file"),
        (b"\x00" * 5_000_000, "expected at most"),
        ((tmp_path / "clean").read_bytes(), "expected a backdoored model, got a clean one"),
        ((tmp_path / "repaired").read_bytes(), "expected a backdoored model, got a repaired one"),
        (whole.replace(b'images\\": 20', b'images\\": -2'), "its card cannot be read"),
    ):
        with pytest.raises(StoreError, match=reason) as refused:
            library.adopt(content, "theirs.safetensors")
        assert str(refused.value).startswith("theirs.safetensors: ")
    assert len(library.listed()[0]) == 1


def test_a_damaged_run_is_named_and_the_others_are_listed(models, home):
    good, bad = library.add(models), library.add(models)
    (home / bad / "backdoored.safetensors").write_bytes(b"nonsense")
    entries, (complaint,) = library.listed()
    assert [entry.id for entry in entries] == [good]
    assert bad in complaint


def test_a_folder_that_cannot_be_written(models, home):
    home.write_text("a file where the folder should be", encoding="utf-8")
    for action in (library.check_writable, lambda: library.add(models)):
        with pytest.raises(StoreError):
            action()
    assert library.listed()[0] == []
    assert home.read_text(encoding="utf-8") == "a file where the folder should be"


def test_a_disk_that_has_no_room_for_both_files_is_said(models, home, monkeypatch):
    id = library.add(models)
    size = sum(path.stat().st_size for path in (home / id).iterdir())
    room = shutil.disk_usage(home)._replace(free=size - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    with pytest.raises(StoreError, match=r"expected [\d.]+ MB of free space, got 2\.3 MB"):
        library.check_writable()


def test_what_a_killed_process_left_is_swept_away(models, home):
    library.add(models)
    old, young = home / ".old.part", home / ".young.part"
    for part in (old, young):
        part.mkdir()
    os.utime(old, (0, 0))
    library.add(models)
    assert (old.exists(), young.exists()) == (False, True)
    assert len(library.listed()[0]) == 2


def test_runs_are_found_wherever_the_app_is_started_from(tmp_path):
    program = "from core.places import home; print(home())"
    env = {name: value for name, value in os.environ.items() if name != "BACKDOOR_LAB_HOME"}
    env["PYTHONPATH"] = str(ROOT)
    for folder in (ROOT, tmp_path):
        words = [sys.executable, "-c", program]
        printed = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True).stdout
        assert printed.strip() == str(ROOT / ".data" / "runs")
