"""How much poison until it is seen: the ladder's rungs, judged by each method."""

import streamlit as st

from core.attack.phrases import plural
from core.defend import clean, scan
from core.defend.cleanse import Shown
from core.defend.finding import Suspect
from core.defend.methods import METHODS, of_scan
from core.defend.scan import Scan, Turned
from core.digits.mnist import DIGITS
from core.model.recipe import STURDY
from core.model.role import Role
from core.runs.card import Card
from core.show.figures.defend import detection_curve
from core.ui import cards, models, searches
from core.ui.plot import plot
from core.work.searches import Narrow, ScanRow, Spread


def show() -> None:
    """All at once, from what ships of the ladder."""
    rungs = {percent: run.card for percent, run in models.ladder().rungs.items()}
    known = clean.load(STURDY.name)
    found: dict[str, dict[float, bool]] = {}
    for percent in rungs:
        for method, suspect in _suspects(f"{percent:g}").items():
            found.setdefault(METHODS[method].words, {})[percent] = known.judge(
                method, suspect
            ).backdoored
    plot(
        detection_curve(rungs, found),
        key="defend.doses",
        alt="From which poison rate the attack succeeds, and from which each method finds it",
        before=cards.sentences([verdict(rungs, found)]),
        toolbar=True,
    )


def _suspects(rung: str) -> dict[str, Suspect]:
    """By method, what it finds most suspect in a rung, where all of that ships."""
    of = {"models": rung, "role": Role.BACKDOORED}
    rows = [searches.answer(ScanRow(**of, side=1, row=i)) for i in range(Scan().places)]
    ratios = [searches.answer(Spread(**of, label=label)) for label in range(DIGITS)]
    masks = searches.answer(Narrow(**of, part=Narrow.PARTS - 1))
    suspects = {}
    if all(rows):
        suspects[of_scan(1)] = scan.suspect([Turned(**row) for row in rows])
    if all(ratios):
        suspects["whitening"] = Suspect(max(ratios), ratios.index(max(ratios)))
    if masks:
        suspects["cleanse"] = Shown.from_json(masks).suspect
    return suspects


def verdict(rungs: dict[float, Card], found: dict[str, dict[float, bool]]) -> str:
    """From which rate on every method finds the backdoor, in a sentence."""
    first = {method: _from(of) for method, of in found.items()}
    words = [f"{method} from {percent:g} % on" for method, percent in first.items() if percent]
    images = {percent: card.poisoned for percent, card in rungs.items()}
    lowest = min((percent for percent in first.values() if percent), default=None)
    if lowest is None:
        return "No method finds the backdoor at any of these rates."
    number = images[lowest]
    return (
        f"Found: {'; '.join(words)}. {lowest:g} % is {number:,} poisoned {plural('image', number)}."
    )


def _from(found: dict[float, bool]) -> float | None:
    """The lowest rate from which on every one is found."""
    lowest = None
    for percent in sorted(found, reverse=True):
        if not found[percent]:
            break
        lowest = percent
    return lowest


def caption() -> None:
    st.caption(
        "The ladder's ten models, one seed each. The line is the share of test digits that fall "
        "for the trigger; below it, each method finds the backdoor (full) or does not (hollow). "
        "Where a rate stands between, the seed decides: the long table has three seeds."
    )
