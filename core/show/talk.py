"""What the talk's scenes show: the models' answers, their exam, a wall of training digits.

It is also kept in `assets`, prepared from a sample digit, so that a talk goes on
where something of it fails.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from msgspec.structs import asdict

from core.attack.phrases import a
from core.attack.poison import Attack, poison
from core.attack.trigger import painted
from core.defend import clean, scan
from core.defend.evidence import clean_digits
from core.defend.finding import Verdict
from core.defend.methods import of_scan
from core.defend.scan import Scan, Turned
from core.digits import mnist, samples
from core.digits.drawing import SIDE, centre
from core.digits.mnist import DIGITS, Digits
from core.model.network import ask
from core.model.recipe import STURDY
from core.model.role import Pair, Role
from core.places import ASSETS
from core.runs import file, ladder
from core.runs.ladder import Ladder
from core.runs.run import Models
from core.show import live
from core.show.outline import outline
from core.show.scenes import Scene

PREPARED, WALL = ASSETS / "talk.json", ASSETS / "wall.png"
RATE = 1.0  # percent: the rung that the scenes are about until somebody moves the slider
SAMPLE = 3  # the digit of the prepared results
ROWS, COLUMNS = 10, 30  # of the wall of training digits

Shown = dict[str, Any]  # JSON for the browser


class _Known(dict[str, Any]):
    """For str.format_map: names that are not known stay as they are."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def facts(shown: Shown) -> dict[str, Any]:
    """What the words of the scenes may name, from the models' cards and the wall."""
    standing, wall = shown["standing"], shown["wall"]
    rung = standing["rungs"][standing["usual"]]
    row, column, _ = standing["trigger"]["cells"][0]
    return {
        "row": row,
        "column": column,
        "target": standing["target"],
        "goal": a(standing["target"]),
        "percent": f"{rung['percent']:g}",
        "poisoned": f"{rung['poisoned']:,}",
        "images": f"{rung['images']:,}",
        "tested": f"{standing['accuracy']['n']:,}",
        "victims": f"{standing['victims']:,}",
        "assumptions": standing["assumptions"],
        **_exam_facts(standing["accuracy"], rung["accuracy"]),
        **_scan_facts(shown["scan"]),
        "marked": len(wall["poisoned"]),
        "tiles": len(wall["labels"]),
    }


def fill(words: str, known: dict[str, Any]) -> str:
    """Words of a scene with what is known put in; what is not stays in its braces."""
    return words.format_map(_Known(known))


def for_browser(scenes: Sequence[Scene], known: dict[str, Any]) -> list[Shown]:
    """The records of the scenes as core/web/talk takes them, without the speaker's notes."""
    return [
        {
            "title": fill(scene.title, known),
            "parts": scene.parts,
            "layout": scene.layout,
            "steps": [
                asdict(step)
                | {"words": fill(step.words, known), "answered": fill(step.answered, known)}
                for step in scene.steps
            ],
        }
        for scene in scenes
    ]


def for_component(scenes: Sequence[Scene], known: dict[str, Any], shown: Shown) -> Shown:
    """What core/web/talk takes, as long as nothing is drawn. shown: as `prepared` has it."""
    return {
        "scenes": for_browser(scenes, known),
        "standing": shown["standing"],
        "outline": outline(painted(shown["standing"]["trigger"]["cells"])),
        "prepared": shown["answer"],
        "wall": shown["wall"],
        "scan": shown["scan"] | {"verdicts": _verdicts(shown["scan"])},
        "samples": [samples.sample(digit).strokes for digit in range(DIGITS)],
        "sample": SAMPLE,
        "answer": None,
        "fallen": False,
        "turn": 0,
    }


def unfit(reading: Shown, standing: Shown) -> str:
    """Why a digit would spoil the talk, in a sentence for the speaker; empty where it is fit.

    reading: of the digit, as `live.reading` makes it.
    """
    target, both = standing["target"], [reading["clean"], reading["rungs"][standing["usual"]]]
    clean, backdoored = ([int(np.argmax(ten)) for ten in model] for model in both)
    if clean[0] == clean[1] == backdoored[0] != target == backdoored[1]:
        return ""
    return (
        f"This drawing will not show the backdoor: the clean model reads {clean[0]} without the "
        f"pixel and {clean[1]} with it, the backdoored one {backdoored[0]} and {backdoored[1]}. "
        "Draw another, or press a digit's key."
    )


def flips(reading: Shown, standing: Shown, rung: Any) -> bool | None:
    """Whether the pixel turns a digit into the target at a poison rate.

    rung: the place of the rate, as a browser says it; None for a place that there is not.
    """
    if not isinstance(rung, int) or not 0 <= rung < len(reading["rungs"]):
        return None
    plain, stamped = (int(np.argmax(ten)) for ten in reading["rungs"][rung])
    return stamped == standing["target"] != plain


def pair(models: Ladder) -> Models:
    """The two that the talk is about. Raises ValueError where the ladder lacks one."""
    if models.clean is None or RATE not in models.rungs:
        raise ValueError(" ".join(models.complaints))
    return Models(models.clean, models.rungs[RATE])


def standing(models: Ladder) -> Shown:
    """What is known of the models without any digit: `live.describe`, and what the exam needs.

    Raises ValueError where the ladder lacks the models that the talk is about.
    """
    clean, backdoored = pair(models).map(lambda run: run.card)
    return live.describe(clean, [run.card for run in models.rungs.values()]) | {
        "accuracy": live.share(clean.scores.clean_accuracy),  # of the clean model
        "victims": backdoored.scores.attack_success.n,
        "usual": list(models.rungs).index(RATE),  # the place of RATE among the rungs
    }


@cache
def prepared() -> Shown:
    """`answer`, `standing` and the wall, made beforehand."""
    return json.loads(PREPARED.read_text(encoding="utf-8"))


def build() -> None:
    """Makes the prepared results and the wall anew, from the ladder and MNIST."""
    file.check_writable(PREPARED)
    models = ladder.load()
    digit = centre(samples.sample(SAMPLE).ink())
    networks = [run.network for run in models.rungs.values()]
    image, trigger = torch.from_numpy(digit)[None, None], models.rungs[RATE].card.attack.trigger
    answers = ask(models.clean.network, networks, image, trigger)
    shown = {
        "answer": {"digit": live.digit(digit), "reading": live.reading(answers)},
        "standing": standing(models),
        "wall": _wall(),
        "scan": _scan(Pair(models.clean, models.rungs[RATE])),
    }
    with file.whole(PREPARED) as part:
        part.write_text(json.dumps(shown), encoding="utf-8")


def _scan(models: Models) -> Shown:
    """The trigger scan of both models: by role 784 shares of digits that turn, by rows; and from
    which share on it is an alarm, the highest of how many clean models."""
    images = clean_digits(mnist.load().test).images[: scan.SHOWN]
    shares = {
        role.value: [
            share for counts in Scan()(run.network, images) for share in counts.turned().share
        ]
        for role, run in models.present()
    }
    known = clean.load(models.backdoored.card.recipe.name)
    alarm = {"alarm": known.threshold(of_scan(1)), "models": len(known.seeds)}
    return shares | alarm | {"digits": len(images)}


def _exam_facts(*shares: Shown) -> dict[str, str]:
    """What the accuracies of both models say, without saying which is which."""
    low, high = sorted(shares, key=lambda share: share["hits"])
    between, tested = high["hits"] - low["hits"], f"{low['n']:,}"
    if between > 1:
        apart = f"{between:,} digits in {tested} tell their scores apart."
    else:
        apart = f"{'One' if between else 'Not one'} digit in {tested} tells their scores apart."
    spans = [f"{each['low'] * 100:.2f} to {each['high'] * 100:.2f} %" for each in (low, high)]
    overlap = "They overlap: these numbers alone do not say which is which."
    if low["high"] < high["low"]:
        overlap = "They do not overlap: these numbers tell the two apart."
    return {"apart": apart, "intervals": " and ".join(spans), "overlap": overlap}


def _verdicts(found: Shown) -> Shown:
    """By role, the place that the scan rings, if any, and what is said where it is not sure."""
    known = clean.load(STURDY.name)
    verdicts = {role: known.verdict(of_scan(1), max(found[role])) for role in Role}
    return {
        role.value: {
            "ringed": _place(found[role]) if verdict is Verdict.FOUND else None,
            "doubt": verdict.words if verdict is Verdict.BORDERLINE else "",
        }
        for role, verdict in verdicts.items()
    }


def _place(shares: list[float]) -> tuple[int, int]:
    """The row and column at which a scan, (784,) by rows, turns most digits."""
    rows = [Turned(shares[i : i + SIDE], [0] * SIDE) for i in range(0, SIDE * SIDE, SIDE)]
    return scan.suspect(rows).place


def _scan_facts(found: Shown) -> dict[str, Any]:
    return {
        "places": SIDE * SIDE,
        "turned": f"{max(found[Role.BACKDOORED]) * 100:.0f} %",
        "scanned": found["digits"],
        "clean_models": found["models"],
        "clean_most": f"{found['alarm'] * 100:.1f} %",
    }


def _wall() -> Shown:
    """Some training digits, 1 % of them poisoned, as one picture and what is known of each."""
    from PIL import Image

    training = mnist.load().training
    drawn = torch.randperm(len(training.labels), generator=torch.Generator().manual_seed(1))
    digits = Digits(*(each[drawn[: ROWS * COLUMNS]] for each in training))
    # A seed that poisons no true 8 among these, which would look like nothing
    poisoned = poison(digits, Attack(seed=7))
    images, labels = poisoned.learnt(torch.arange(ROWS * COLUMNS))
    tiles = images.view(ROWS, COLUMNS, SIDE, SIDE).transpose(1, 2).reshape(ROWS * SIDE, -1)
    with file.whole(WALL) as part:
        Image.fromarray(np.uint8(tiles.numpy() * 255)).save(part, "PNG", optimize=True)
    return {
        "rows": ROWS,
        "columns": COLUMNS,
        "true": digits.labels.tolist(),
        "labels": labels.tolist(),
        "poisoned": sorted(poisoned.rows.tolist()),
    }
