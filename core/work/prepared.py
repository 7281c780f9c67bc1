"""What was found in the ladder's models before, so that it is shown at once."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import torch

from core.defend.scan import SIDES, Scan
from core.digits.mnist import DIGITS
from core.model.role import Role
from core.places import ASSETS
from core.runs import file, ladder
from core.work.searches import Narrow, Overlay, ScanRow, Search, Spread

PATH = ASSETS / "defend" / "ladder.json.gz"
RUNGS = [f"{percent:g}" for percent in ladder.PERCENTS]


def answer(question: Search) -> Any | None:
    """None where it was not asked, as of runs of one's own."""
    return _answers().get(_key(question)) if question.models in RUNGS else None


def _key(question: Search) -> str:
    """All rungs have one clean twin."""
    if question.role is Role.CLEAN:
        question = msgspec.structs.replace(question, models=RUNGS[0])
    return " ".join(map(str, [type(question).__name__, *msgspec.structs.astuple(question)]))


@cache
def _answers() -> dict[str, Any]:
    """None where they cannot be read: then the questions are asked anew."""
    try:
        return json.loads(gzip.decompress(PATH.read_bytes()))
    except (OSError, EOFError, ValueError):
        return {}


def questions() -> Iterator[Search]:
    for models, role in [(RUNGS[0], Role.CLEAN), *((rung, Role.BACKDOORED) for rung in RUNGS)]:
        for side in SIDES:
            for row in range(Scan(side=side).places):
                yield ScanRow(models=models, role=role, side=side, row=row)
        for part in range(Overlay.PARTS):
            yield Overlay(models=models, role=role, part=part)
        for label in range(DIGITS):
            yield Spread(models=models, role=role, label=label)
        yield Narrow(models=models, role=role, part=Narrow.PARTS - 1)


def build() -> Iterator[int]:
    """Asks all of them and saves the answers; yields how many are answered."""
    file.check_writable(PATH)
    torch.set_num_threads(1)
    answers = {}
    for question in questions():
        answers[_key(question)] = question.answer()
        yield len(answers)
    with file.whole(PATH) as part:
        part.write_bytes(gzip.compress(json.dumps(answers).encode(), mtime=0))
