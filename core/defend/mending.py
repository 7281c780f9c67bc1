"""A broken model repaired: what a repair needs is looked for, done, measured and put on a card.

Measured on the clean digits that no defence here has seen, the broken model as well.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from core.attack.poison import Attack
from core.defend import clean, grader, repair
from core.defend.evidence import Evidence, clean_digits
from core.defend.finding import Suspect
from core.defend.methods import METHODS
from core.defend.repair import Mended
from core.digits.mnist import DataSet, Digits
from core.model.network import Network
from core.model.scores import Difference, Scores, examine, score
from core.records import LONGEST_NAME, Record
from core.runs.run import Models, Run

Step = TypeVar("Step")
CHANNELS = 32  # of the last convolution
SEARCHED = 0.5  # share of the work that is done once what a repair needs is found


class Way(NamedTuple):
    """A repair, in words."""

    title: str
    done: str  # of a model: "repaired by ..."
    words: str
    needs: str | None = None  # the method whose finding it needs


WAYS = {
    "retrain": Way(
        "Leave images out",
        "training without the images found",
        "Trained anew, by the same recipe, without the training images that lie apart in the data.",
        "whitening",
    ),
    "unlearn": Way(
        "Unlearn the pattern",
        "unlearning the pattern found",
        "Trained on: 5,000 clean digits, three times; half of them bear the pattern that Neural "
        "Cleanse finds in the weights, and keep their true labels.",
        "cleanse",
    ),
    "cut": Way(
        "Cut its path",
        "cutting the path of the pixel",
        "The pixel that the scan finds reaches a few of the last map's 16 places, and the output "
        "only through them. What these places say is replaced by what they usually say, of any "
        "digit. No training; a teaching tool, no published defence.",
        "scan-1",
    ),
    "prune": Way(
        "Prune",
        "pruning",
        "The channels of the last convolution that clean digits use least are taken away. A "
        "backdoor may sit in channels that clean digits hardly use; whether it does is luck.",
    ),
    "tune": Way(
        "Go on training",
        "more training",
        "Trained on: 5,000 clean digits, three times. What clean digits hardly touch stays.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Outcome(Record):
    """What a repair has come to."""

    before: Scores  # of the broken model
    after: Scores
    difference: Difference  # in BA, of the repaired model from the broken one


class Progress(NamedTuple):
    share: float  # of the work, in [0, 1]
    words: str


class Repaired(NamedTuple):
    """The end: the repaired model in the clean one's place, beside the broken one."""

    models: Models
    outcome: Outcome


def mend(run: Run, data: DataSet, way: str, channels: int = 0) -> Iterator[Progress | Repaired]:
    """Yields how far it is, and last the Repaired. channels: to be pruned.

    Raises ValueError where nothing is found that could be repaired.
    """
    watch = Stopwatch()
    steps = watch.timed(_mended(run, data, way, channels))
    for step in steps:
        if isinstance(step, Progress):
            yield step
    yield Progress(1.0, "Measuring …")
    yield _measured(run, step, data, way, watch.seconds)


class Stopwatch:
    """Counts the seconds that steps take, without the pauses that their reader makes."""

    seconds = 0.0

    def timed(self, steps: Iterator[Step]) -> Iterator[Step]:
        begun = time.perf_counter()
        for step in steps:
            self.seconds += time.perf_counter() - begun
            yield step
            begun = time.perf_counter()


def _mended(run: Run, data: DataSet, way: str, channels: int) -> Iterator[Progress | Network]:
    """Yields how far it is, and last the network."""
    evidence, _ = grader.evidence(run, data)
    suspect, begun = None, 0.0
    if name := WAYS[way].needs:
        method, begun = METHODS[name], SEARCHED
        for i, suspect in enumerate(method.search(evidence)):  # noqa: B007 - the last is found
            yield Progress(SEARCHED * i / method.steps, f"Looking: {method.words} …")
        finding = clean.judge(name, suspect, run.card.recipe)
        if not finding.accused:
            raise ValueError(
                f"expected a backdoor to repair, got {finding.verdict.words} by {method.words}"
            )
    for mended in _steps(run, evidence, way, suspect, channels):
        yield Progress(begun + (1 - begun) * mended.share, "Repairing …")
    yield mended.network


def _steps(
    run: Run, evidence: Evidence, way: str, suspect: Suspect | None, channels: int
) -> Iterator[Mended]:
    network, digits = run.network, evidence.clean
    match way:
        case "retrain":
            return repair.retrain(evidence, run.card.recipe, suspect.rows)
        case "unlearn":
            return repair.unlearn(network, digits, suspect.pattern)
        case "cut":
            return repair.cut(network, digits, suspect.place)
        case "prune":
            return repair.prune(network, digits, channels)
        case _:
            return repair.tune(network, digits)


def _measured(run: Run, network: Network, data: DataSet, way: str, seconds: float) -> Repaired:
    """The end of it. Both cards have the scores of the same digits."""
    digits, attack = clean_digits(data.test, calibrating=True), run.card.measured_under
    network = network.eval().requires_grad_(False)
    readings = [examine(each, digits.images, attack.trigger) for each in (run.network, network)]
    before, after = (score(reading, digits.labels, attack) for reading in readings)
    right = [reading.plain == digits.labels for reading in readings]
    outcome = Outcome(before=before, after=after, difference=Difference.of(*right))
    repaired = f", repaired by {WAYS[way].done}"
    card = replace(
        run.card,
        name=f"{run.card.name[: LONGEST_NAME - len(repaired)]}{repaired}",
        repaired=WAYS[way].done,
        scores=after,
        difference=outcome.difference,
        seconds=round(seconds, 2),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    broken = replace(run.card, scores=before)
    return Repaired(Models(Run(network, card), run._replace(card=broken)), outcome)


def pruned(
    network: Network, digits: Digits, held: Digits, attack: Attack, channels: range
) -> list[tuple[int, float, float]]:
    """For each number of pruned channels: it, BA and ASR.

    digits: clean ones, by which the channels are chosen; held: those that are counted.
    """
    counts, order = [], repair.dormant(network, digits)
    for count in channels:
        less = repair.without(network, order[:count])
        reading = examine(less, held.images, attack.trigger)
        scores = score(reading, held.labels, attack)
        counts.append((count, scores.clean_accuracy.value, scores.attack_success.value))
    return counts
