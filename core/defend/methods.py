"""The defences that judge a model: each finds what is most suspect, be the model clean or not.

They yield None while they go on, and last the Suspect; leave the loop to cancel.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from core.defend import cleanse, scan, whitening
from core.defend.bucket import bucket
from core.defend.cleanse import Cleanse
from core.defend.evidence import Evidence
from core.defend.finding import Suspect
from core.defend.scan import SIDES, Scan
from core.defend.whitening import Whitening
from core.digits.mnist import DIGITS

Search = Iterator[Suspect | None]


class Method(NamedTuple):
    words: str
    search: Callable[[Evidence], Search]
    steps: int  # of a search


def _scan(evidence: Evidence, side: int) -> Search:
    rows = []
    for counts in Scan(side=side)(evidence.network, evidence.clean.images[: scan.SHOWN]):
        rows.append(counts.turned())
        yield None
    yield scan.suspect(rows)


def _whitening(evidence: Evidence) -> Search:
    found = []
    for label in range(DIGITS):
        found.append(Whitening()(bucket(evidence, label)))
        yield None
    yield whitening.suspect(found, evidence.labels)


def _cleanse(evidence: Evidence) -> Search:
    for masks in Cleanse()(evidence.network, evidence.clean.images[: cleanse.CLEAN]):  # noqa: B007
        yield None
    yield masks.suspect


def of_scan(side: int) -> str:
    """The name of a scan with such a square."""
    return f"scan-{side}"


METHODS = {
    **{
        of_scan(side): Method(scan.words(side), partial(_scan, side=side), Scan(side=side).places)
        for side in SIDES
    },
    "whitening": Method(whitening.WORDS, _whitening, DIGITS),
    "cleanse": Method(cleanse.WORDS, _cleanse, Cleanse().steps),
}


def last(search: Search) -> Suspect:
    """What a search ends with."""
    *_, suspect = search
    return suspect
