"""One safetensors file per run: the weights, and the card that explains them in its metadata.

Safetensors can hold no code, so a file from a stranger can be refused but cannot do harm.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import torch
from filelock import FileLock
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from core.model.network import Network, bound
from core.runs.card import Card
from core.runs.run import Run

FORMAT = "backdoor-lab/1"
STALE = 3600  # seconds after which what a killed program left half-written is swept away
PATIENCE = 60  # seconds to wait for another program that writes to the same file
SIZE = 1_200_000  # bytes of a run's file that we write, with some to spare
LARGEST = 4_000_000  # bytes of a run's file; the network has 1.1 MB of weights
HIGHEST = 1e15  # of a network's values; a float32 holds its square, times 500 of a layer


class StoreError(ValueError):
    """A file is missing, damaged or not ours; the message names it and says why."""


@contextmanager
def refusing(words: str) -> Iterator[None]:
    """Makes a StoreError, with these words and the reason, of what the disk does not do."""
    try:
        yield
    except (SafetensorError, OSError) as error:
        raise StoreError(f"{words} ({getattr(error, 'strerror', '') or error})") from error


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name for a file or a folder, renamed to `path` at the end: no half of it appears.

    Raises StoreError where it cannot be written; then the old file stays and nothing is left over.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with refusing(f"{path}: could not be written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(".*.part"):  # what a killed program left half-written
            with suppress(FileNotFoundError):  # somebody is done with it
                if time.time() - old.stat().st_mtime > STALE:
                    _remove(old)
        try:
            yield part
            part.replace(path)
        finally:
            _remove(part)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keeps out everybody else who asks for the same file, until the end. Raises StoreError."""
    with refusing(f"{path}: could not be locked"):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE).acquire()
    with lock:
        yield


def save(run: Run, path: Path) -> None:
    """Writes the run's file, whole or not at all."""
    weights = {name: tensor.cpu().contiguous() for name, tensor in run.network.state_dict().items()}
    with whole(path) as part:
        save_file(weights, part, {"format": FORMAT, "card": json.dumps(run.card.to_json())})


def check_writable(path: Path, files: int = 1) -> None:
    """Raise StoreError where so many runs could not be saved in the folder of `path`.

    So it is said before a long training, not after.
    """
    with refusing(f"{path}: cannot be written"):
        if path.is_dir():
            raise IsADirectoryError("it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path.parent).close()
        free = shutil.disk_usage(path.parent).free
        if free < files * SIZE:
            megabytes = f"{files * SIZE / 1e6:.1f} MB of free space, got {free / 1e6:.1f} MB"
            raise OSError(f"expected {megabytes}")


@contextmanager
def _opened(path: Path) -> Iterator[tuple[safe_open, Card]]:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise StoreError(f"{path.name}: expected at most {LARGEST:,} bytes, got {size:,}")
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise StoreError(
                    f"{path.name}: expected a file of the format {FORMAT}, got another program's"
                )
            try:
                card = Card.from_json(json.loads(metadata["card"]))
            except (KeyError, ValueError, RecursionError) as error:
                raise StoreError(f"{path.name}: its card cannot be read ({error})") from None
            yield file, card
    except FileNotFoundError:
        raise StoreError(f"{path.name}: the file is missing") from None
    except (SafetensorError, OSError) as error:
        raise StoreError(f"{path.name}: not a whole safetensors file ({error})") from None


def load_card(path: Path) -> Card:
    """Reads a run's card alone, a hundred times as fast as the run; raises StoreError."""
    with _opened(path) as (_, card):
        return card


def load(path: Path) -> Run:
    """Reads and checks a run.

    Raises StoreError where it is not whole and ours, and where its weights or its answers to any
    image are not finite.
    """
    with _opened(path) as (file, card):
        weights = {name: file.get_tensor(name) for name in file.keys()}
    network = Network().to(memory_format=torch.channels_last)  # reads twice as fast
    expected = {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    if shapes != expected or any(tensor.dtype != torch.float32 for tensor in weights.values()):
        raise StoreError(f"{path.name}: expected the weights of this app's network, got another's")
    if not all(tensor.isfinite().all() for tensor in weights.values()):
        raise StoreError(f"{path.name}: expected finite weights, got some that are not")
    if not weights["std"] > 0:
        got = weights["std"].item()
        raise StoreError(f"{path.name}: expected a standard deviation above 0, got {got:g}")
    network.load_state_dict(weights)
    if not (highest := bound(network)) <= HIGHEST:
        raise StoreError(
            f"{path.name}: expected weights that give finite answers, got some that may give "
            f"{highest:g}"
        )
    return Run(network.eval().requires_grad_(False), card)
