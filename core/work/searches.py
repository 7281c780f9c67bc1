"""What the worker finds in a model with the defences, in portions of about half a second.

So a search goes on as long as somebody looks at it, and is cancelled by looking away.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, ClassVar

import torch

from core.attack.poison import Attack, Poisoned
from core.attack.trigger import painted
from core.defend import cleanse, grader, mending, scan
from core.defend import strip as strips
from core.defend.bucket import bucket
from core.defend.cleanse import Cleanse, Masks
from core.defend.data import Found
from core.defend.evidence import Evidence, clean_digits
from core.defend.mending import Progress, Repaired
from core.defend.scan import Scan
from core.defend.strip import Strip
from core.defend.whitening import Whitening
from core.digits import mnist
from core.digits.drawing import from_bytes, to_png
from core.digits.mnist import DIGITS
from core.model.recipe import FAST
from core.model.role import Role
from core.model.scores import read
from core.model.train import Step
from core.runs import bank, library
from core.show import home
from core.work.tasks import Message

PORTION = 0.4  # seconds
RATES = (0.005, 0.01, 0.02, 0.05)  # of poison, of sealed models
NEAR_CORNERS = (2, 3, 4, 23, 24, 25)  # rows and columns of their pixel
SEEDS = 1000  # of their trainings
KEPT = 10  # searches that somebody has left and may come back to
REPAIRS = 2  # the same of repairs, which may hold a training set each

loaded = lru_cache(maxsize=4)(library.models)


@lru_cache(maxsize=4)
def _evidence(models: str, role: Role) -> tuple[Evidence, Poisoned]:
    """What a defender has, and the truth."""
    return grader.evidence(loaded(models).of(role), mnist.load())


class Search(Message):
    """A portion of a search in one model."""

    KEPT: ClassVar[int] = 400  # answers that the app keeps of each kind, up to 50 kB each
    models: str  # a run's id or a rung's percent
    role: Role


class ScanRow(Search):
    """What clean digits become once a white square of one row is stamped on them."""

    KEPT: ClassVar[int] = 4000
    side: int  # pixels of the square
    row: int

    def answer(self) -> dict[str, Any]:
        """scan.Turned, as JSON."""
        evidence, _ = _evidence(self.models, self.role)
        images = evidence.clean.images[: scan.SHOWN]
        return Scan(side=self.side).row(evidence.network, images, self.row).turned()._asdict()


class Overlay(Search):
    """How much the readings of some digits differ once others are laid over them; see strip.py."""

    KEPT: ClassVar[int] = 1000
    PARTS: ClassVar[int] = 20
    SIZE: ClassVar[int] = strips.BY // PARTS  # digits of each kind in a part
    part: int  # from 0

    def answer(self) -> dict[str, list[float]]:
        """Entropies in bits: of digits that a boundary is drawn by, of others, of those stamped.

        The others are victims of the attack.
        """
        evidence, _ = _evidence(self.models, self.role)
        attack = loaded(self.models).of(self.role).card.measured_under
        clean = strips.split(evidence.clean)
        strip = Strip(overlays=clean.overlays)
        some = slice(self.part * self.SIZE, (self.part + 1) * self.SIZE)
        plain = clean.others.images[attack.victims(clean.others.labels)][some]
        kinds = {"drawn_by": clean.drawn_by[some], "plain": plain, "stamped": attack.trigger(plain)}
        return {
            kind: strip(evidence.network, each).double().numpy().round(4).tolist()
            for kind, each in kinds.items()
        }


class Laid(Search):
    """One image with other digits laid over it; see strip.py."""

    SHOWN: ClassVar[int] = 10  # overlays
    image: bytes  # 784

    def answer(self) -> dict[str, Any]:
        """Its entropy in bits, and of ten overlays what they look like and are read as."""
        evidence, _ = _evidence(self.models, self.role)
        strip = Strip(overlays=strips.split(evidence.clean).overlays)
        image = torch.from_numpy(from_bytes(self.image))[None]
        some = strips.overlaid(image, strip.overlays[: self.SHOWN])
        return {
            "entropy": strip(evidence.network, image[None]).item(),
            "pngs": [to_png(each[0].numpy()) for each in some],
            "reads": read(evidence.network, some).tolist(),
        }


class Spread(Search):
    """How far the images of one label lie apart, once they are whitened."""

    label: int

    def answer(self) -> float:
        evidence, _ = _evidence(self.models, self.role)
        return round(Whitening()(bucket(evidence, self.label)).ratio, 4)


class Inspect(Search):
    """What all methods find among the images of one label, and how right they are."""

    KEPT: ClassVar[int] = 200
    label: int

    def answer(self) -> dict[str, Any] | None:
        """data.Found, as JSON; None as long as there are methods to come."""
        found = _inspecting.portion(self, self._steps, Found)
        return found.to_json() if isinstance(found, Found) else None

    def _steps(self) -> Iterator[str | Found]:
        return grader.inspect_graded(*_evidence(self.models, self.role), self.label)


class Look(Search):
    """A training image, as it is learnt."""

    KEPT: ClassVar[int] = 1000
    row: int  # of the training set

    def answer(self) -> str:
        """PNG in base64."""
        evidence, _ = _evidence(self.models, self.role)
        return to_png(evidence.learnt(torch.tensor([self.row]))[0, 0].numpy())


class Narrow(Search):
    """The masks of Neural Cleanse, after some more steps."""

    PARTS: ClassVar[int] = 40
    STEPS: ClassVar[int] = Cleanse().steps // PARTS
    part: int  # from 0

    def answer(self) -> dict[str, Any]:
        """cleanse.Shown, as JSON."""
        key = (self.models, self.role)
        done, search = _narrowing.pop(key, (0, None))
        if search is None or done > self.part:  # a new worker, or somebody who came later
            done, search = 0, _masks(*key)
        for masks in islice(search, (self.part + 1 - done) * self.STEPS):  # noqa: B007
            pass
        _narrowing.keep(key, (self.part + 1, search))
        return cleanse.shown(masks).to_json()


class Pruning(Search):
    """What is left of BA and ASR when channels are pruned: a part of the curve."""

    PARTS: ClassVar[int] = 8
    part: int  # from 0

    def answer(self) -> list[tuple[int, float, float]]:
        """See mending.pruned."""
        evidence, _ = _evidence(self.models, self.role)
        size = mending.CHANNELS // self.PARTS
        counts = range(self.part * size, (self.part + 1) * size)
        held = clean_digits(mnist.load().test, calibrating=True)
        attack = loaded(self.models).of(self.role).card.measured_under
        return mending.pruned(evidence.network, evidence.clean, held, attack, counts)


class Repair(Search):
    """A repair that goes on for a portion; asked again, it goes on from there. See mending.mend."""

    KEPT: ClassVar[int] = 200
    way: str  # of mending.WAYS
    channels: int = 0  # to be pruned

    def answer(self) -> dict[str, Any]:
        """How far it is; last, the id under which the repaired model is kept, and its scores."""
        step = _repairs.portion(self, self._steps, Repaired)
        if isinstance(step, Repaired):
            run = library.add(step.models)
            return {"share": 1.0, "run": run, "outcome": step.outcome.to_json()}
        return {"share": step.share, "words": step.words}

    def _steps(self) -> Iterator[Progress | Repaired]:
        library.check_writable()
        run = loaded(self.models).of(self.role)
        return mending.mend(run, mnist.load(), self.way, self.channels)


class TakeHome(Message):
    """Models, a pad and the trigger in one page; asked again, it goes on from there."""

    models: str  # a run's id or a rung's percent

    def answer(self) -> str | None:
        """The page; None as long as its weights are being tried out."""
        step = _pages.portion(self, self._steps, str)
        return step if isinstance(step, str) else None

    def _steps(self) -> Iterator[float | str]:
        clean, backdoored = library.compared(self.models)
        return home.steps(clean, [backdoored], whole=False)


class Seal(Message):
    """A model, clean or backdoored by chance, that is trained for a portion of the time."""

    token: str  # of whoever asks; asked again, it goes on from there

    def answer(self) -> dict[str, Any]:
        """How far it is, and last the name of the model, which says nothing of it."""
        step = _sealing.portion(self, _drawn, str)
        return {"share": 1.0, "name": step} if isinstance(step, str) else {"share": step}


def _drawn() -> Iterator[float | str]:
    """Yields how far the training is, and last the model's name.

    Half of them are clean; the others bear one white pixel near a corner, for any digit.
    """
    recipe, attack = replace(FAST, seed=secrets.randbelow(SEEDS) + 1), None
    if secrets.randbelow(2):
        row, column = secrets.choice(NEAR_CORNERS), secrets.choice(NEAR_CORNERS)
        attack = Attack(
            trigger=painted([(row, column, 1)], name="pixel"),
            target=secrets.randbelow(DIGITS),
            rate=secrets.choice(RATES),
            seed=recipe.seed,
        )
    for event in bank.steps(recipe, attack):
        if isinstance(event, Step):
            yield event.seen / event.total
    yield f"{library.SEALED}{bank.path(recipe, attack).stem}"


class _Left(dict[Any, Any]):
    """What goes on when somebody asks again; of what nobody comes back to, the oldest goes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: Any, value: Any) -> None:
        self[key] = value
        for old in list(self)[: -self._most]:
            del self[old]

    def portion(self, key: Any, begin: Callable[[], Iterator[Any]], last: type) -> Any:
        """Has steps go on for a portion; the step that they have come to, at the end the `last`."""
        steps, end = self.pop(key, None) or begin(), time.monotonic() + PORTION
        step = next(steps)
        while not isinstance(step, last) and time.monotonic() <= end:
            step = next(steps)
        if not isinstance(step, last):
            self.keep(key, steps)
        return step


_sealing = _Left(KEPT)
_inspecting = _Left(KEPT)
_pages = _Left(REPAIRS)
_repairs = _Left(REPAIRS)
_narrowing = _Left(KEPT)  # how many parts are done, and the masks to come


def _masks(models: str, role: Role) -> Iterator[Masks]:
    evidence, _ = _evidence(models, role)
    return Cleanse()(evidence.network, evidence.clean.images[: cleanse.CLEAN])
