"""The runs of this machine: a folder each, with the backdoored model and its clean twin.

A run is found by its id, which the app makes up; its name is data in the card, never a path.
"""

import os
import re
import reprlib
import secrets
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import torch

from core.model.role import Role
from core.places import home
from core.runs import bank, file, ladder
from core.runs.card import Card
from core.runs.file import StoreError
from core.runs.run import Models, Run

ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
SEALED = "sealed-"  # before the bank's name of a model of which nobody is told what it is
KEPT = 20  # deleted runs that can still be brought back
DELETED = ".deleted"  # the folder that they are in
LONGEST = 30  # characters of a name that a complaint repeats as a whole


class Entry(NamedTuple):
    """One line of the list."""

    id: str
    card: Card  # of the backdoored model
    twin: Card | None  # of the clean one, or of the repaired one in its place; an uploaded run may
    # have none

    @property
    def shown(self) -> Card:
        """The one that the list is about, which bears the run's name."""
        return self.twin if self.repaired else self.card

    @property
    def repaired(self) -> bool:
        """Whether the run is a repaired model, beside the one that it was made of."""
        return self.twin is not None and self.twin.repaired is not None


class Adopted(NamedTuple):
    """What has become of an uploaded file."""

    id: str
    known: bool  # the model was here before, and nothing was added


def path(id: str, role: Role) -> Path:
    """The file of one model of a run. Raises StoreError for what is no id."""
    if not ID.fullmatch(id):  # it may come from a URL
        raise StoreError("expected the id of a run, got something else")
    return home() / id / f"{role}.safetensors"


def _backdoored(card: Card, name: str) -> Card:
    if card.attack is None:
        raise StoreError(f"{name}: expected a backdoored model, got a clean one")
    if card.repaired:
        raise StoreError(f"{name}: expected a backdoored model, got a repaired one")
    return card


def check_writable() -> None:
    """Raises StoreError where `add` could not save; asked before a training, not after."""
    file.check_writable(home() / "run", files=len(Role))


def add(models: Models) -> str:
    """Saves both files of a run, together or not at all; returns the id of the run."""
    id = f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    with file.whole(home() / id) as part:
        for role, run in models.present():
            file.save(run, part / f"{role}.safetensors")
    return id


def listed() -> tuple[list[Entry], list[str]]:
    """Every run, newest first, and a sentence for each one that cannot be read."""
    entries, complaints = [], []
    try:
        ids = sorted(
            (entry.name for entry in home().iterdir() if ID.fullmatch(entry.name)), reverse=True
        )
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [f"The runs folder {home()} cannot be read ({error})."]
    for id in ids:
        try:
            twin = path(id, Role.CLEAN)
            card = _backdoored(file.load_card(path(id, Role.BACKDOORED)), "its file")
            entries.append(Entry(id, card, file.load_card(twin) if twin.exists() else None))
        except StoreError as error:
            complaints.append(f"Run {id}: {error}.")
    return entries, complaints


def stamp() -> tuple[tuple[str, int], ...]:
    """Changes whenever the list does: every run's folder and when it was last written to."""
    try:
        return tuple(sorted((run.name, run.stat().st_mtime_ns) for run in home().iterdir()))
    except OSError:
        return ()


def load(id: str) -> Models:
    """Both models of a run. Raises StoreError."""
    twin = path(id, Role.CLEAN)
    run = file.load(path(id, Role.BACKDOORED))
    _backdoored(run.card, id)
    return Models(file.load(twin) if twin.exists() else None, run)


def alone(place: Path, name: str) -> Models:
    """A backdoored model's file by itself; `name` is what it is called. Raises StoreError."""
    try:
        run = file.load(place)
    except StoreError as error:
        raise StoreError(str(error).replace(place.name, name, 1)) from None
    _backdoored(run.card, name)
    return Models(None, run)


def sealed(name: str) -> str | None:
    """The bank's name for a sealed model; None for what is none."""
    return name.removeprefix(SEALED) if name.startswith(SEALED) else None


def models(name: str) -> Models:
    """Both models of a run of this id, or of the rung of this percent; a sealed model alone.

    Raises StoreError.
    """
    if kept := sealed(name):
        return Models(None, bank.named(kept))
    if not ID.fullmatch(name):
        return ladder.models(name if len(name) <= LONGEST else reprlib.repr(name))
    if not path(name, Role.BACKDOORED).exists():
        gone = ", which was deleted" if (home() / DELETED / name).exists() else ""
        raise StoreError(
            f"expected a run that is on this machine and on Train's list, got {name}{gone}"
        )
    return load(name)


def compared(name: str) -> Models:
    """The same, to be compared: of a run that is no repair. Raises StoreError."""
    found = models(name)
    if found.clean and found.clean.card.repaired:
        raise StoreError(f"expected a clean and a backdoored model, got the repaired one of {name}")
    return found


def rename(id: str, name: str) -> None:
    """Gives a run another name. Raises StoreError, or ValueError for a name that is none."""
    twin = path(id, Role.CLEAN)
    repaired = twin.exists() and file.load_card(twin).repaired
    where = twin if repaired else path(id, Role.BACKDOORED)
    run = file.load(where)
    file.save(run._replace(card=replace(run.card, name=name.strip())), where)


def delete(id: str) -> None:
    """Takes a run off the list; `restore` brings it back while it is among the last 20 deleted."""
    folder, bin = path(id, Role.BACKDOORED).parent, home() / DELETED
    with file.refusing(f"run {id}: could not be deleted"):
        bin.mkdir(exist_ok=True)
        os.utime(folder)  # when it was deleted
        folder.replace(bin / id)
        for old in sorted(bin.iterdir(), key=lambda run: run.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def restore(id: str) -> None:
    folder = path(id, Role.BACKDOORED).parent
    with file.refusing(f"run {id}: could not be brought back"):
        (home() / DELETED / id).replace(folder)


def packed(id: str) -> bytes:
    """The backdoored model's file, to be given to a colleague. Raises StoreError."""
    with file.refusing(f"run {id}: could not be read"):
        return path(id, Role.BACKDOORED).read_bytes()


def adopt(content: bytes, filename: str) -> Adopted:
    """Checks a colleague's file and adds it, unless the same model is here already.

    Raises StoreError with the reason.
    """
    with tempfile.TemporaryDirectory() as folder:
        upload = Path(folder) / "upload"
        upload.write_bytes(content)
        uploaded = alone(upload, filename)
    if known := _same(uploaded.backdoored):
        return Adopted(known, known=True)
    return Adopted(add(uploaded), known=False)


def _same(run: Run) -> str | None:
    """The id of a run with the same backdoored model, whatever it is called by now."""
    weights = run.network.state_dict()
    for entry in listed()[0]:
        if entry.repaired or replace(entry.card, name=run.card.name) != run.card:
            continue
        with suppress(StoreError):
            theirs = load(entry.id).backdoored.network.state_dict()
            if all(torch.equal(theirs[name], value) for name, value in weights.items()):
                return entry.id
    return None
