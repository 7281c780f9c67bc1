"""How much poison until it is seen: the ladder's rungs, judged by each method."""

import streamlit as st

from core.attack.phrases import plural
from core.defend import clean, scan
from core.defend.cleanse import Shown
from core.defend.finding import BORDERLINE, Suspect, Verdict
from core.defend.methods import METHODS, of_scan
from core.defend.scan import Scan, Turned
from core.digits.mnist import DIGITS
from core.model.role import Role
from core.runs.card import Card
from core.show.figures.defend import detection_curve
from core.ui import cards, models, searches
from core.ui.plot import plot
from core.work.searches import Narrow, ScanRow, Spread


def show() -> None:
    """All at once, from what ships of the ladder."""
    rungs = {percent: run.card for percent, run in models.ladder().rungs.items()}
    verdicts: dict[str, dict[float, Verdict]] = {}
    for percent, card in rungs.items():
        for method, suspect in _suspects(f"{percent:g}").items():
            finding = clean.judge(method, suspect, card.recipe)
            verdicts.setdefault(METHODS[method].words, {})[percent] = finding.verdict
    plot(
        detection_curve(rungs, verdicts),
        key="defend.doses",
        alt="From which poison rate the attack succeeds, and from which each method finds it",
        before=cards.judged(heading(rungs, verdicts), [summary(verdicts)], whole=True),
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


def heading(rungs: dict[float, Card], verdicts: dict[str, dict[float, Verdict]]) -> str:
    """From which rate on some method finds the backdoor."""
    first = [percent for of in verdicts.values() if (percent := _from(of))]
    if not first:
        return "No method finds the backdoor up to the highest rate"
    number = rungs[min(first)].poisoned
    return f"Found from {min(first):g} % on: {number:,} poisoned {plural('image', number)}"


def summary(verdicts: dict[str, dict[float, Verdict]]) -> str:
    """From which rate on every method finds the backdoor, in a sentence."""
    words = []
    for method, of in verdicts.items():
        first = _from(of)
        words.append(f"{method} from {first:g} % on" if first else f"{method} at none")
    return f"By {'; '.join(words)}." if words else ""


def _from(verdicts: dict[float, Verdict]) -> float | None:
    """The lowest rate from which on every one is found."""
    lowest = None
    for percent in sorted(verdicts, reverse=True):
        if verdicts[percent] is not Verdict.FOUND:
            break
        lowest = percent
    return lowest


def caption() -> None:
    st.caption(
        "The ladder's models, one seed each. The line is the share of test digits that fall for "
        f"the trigger; below it, what each method says. {BORDERLINE} Whitened features, Neural "
        "Cleanse: see In the data and In the weights. Where a method begins to find the backdoor, "
        "the seed decides."
    )
