"""At the door: what predictions alone give away, and how the Defend page says it."""

import streamlit as st
import torch
from torch import Tensor

from core.attack.phrases import a
from core.attack.trigger import painted
from core.defend import clean
from core.defend.clean import Clean
from core.defend.finding import Finding
from core.defend.methods import of_scan
from core.defend.pixels import Deciding, despeckle, leave_one_out
from core.defend.scan import Scan, Turned, suspect
from core.model.role import Guest, Named
from core.model.scores import read
from core.show.figures.defend import scan_map
from core.ui import cards, live, searches
from core.ui import models as loaded
from core.ui.plot import plot
from core.ui.subject import Subject
from core.work.searches import ScanRow


def scan(subject: Subject, side: int) -> None:
    """A scan of each model beside the other, which goes on as long as somebody looks at it."""
    rows = {
        name: [
            ScanRow(models=subject.models, role=role, side=side, row=row)
            for row in range(Scan(side=side).places)
        ]
        for role, name in subject.names.items()
    }
    questions = [question for each in rows.values() for question in each]

    def show() -> None:
        known = clean.load(subject.recipe)
        for name, column in subject.columns():
            with column:
                _show(name, rows[name], known)

    searches.watch("defend.scan", questions, "rows", show)


def _show(name: Named, wanted: list[ScanRow], known: Clean) -> None:
    """As far as it is known."""
    side = wanted[0].side
    answers = [searches.answer(question) for question in wanted]
    rows = [Turned(**answer) for answer in answers if answer]
    place, words = None, "Scanning …" if rows else "Not scanned yet."
    if len(rows) == len(wanted):
        finding = known.judge(of_scan(side), suspect(rows))
        place, words = finding.place if finding.backdoored else None, verdict(name, finding)
    plot(
        scan_map([row.share for row in rows], name, side=side, place=place),
        key=f"defend.scan.{name}",
        alt=f"Which share of digits turns when a square is white there, {name} model",
        before=cards.sentences([f"The {name} model", words]),
        toolbar=True,
    )


def own_image(models: str) -> Tensor:
    """(1, 1, 28, 28): one's own drawing, or a sample, with the trigger or without."""
    attack = loaded.named(models).backdoored.card.attack
    image = torch.from_numpy(live.own_digit(attack))[None, None]
    if st.toggle("With the trigger", value=True, key="defend.stamped", persist_state="session"):
        return attack.trigger(image)
    return image


def door(models: str, image: Tensor) -> None:
    """An image as it comes to the backdoored model; the pixel that decides; and what is left
    without specks."""
    run = loaded.named(models).backdoored
    deciding = leave_one_out(run.network, image)
    ringed = image.clone()
    for pixel in deciding:
        ringed[0, 0, pixel.row, pixel.column] = 0
    clear = despeckle(image)
    marks = painted([(row, column, 1.0) for row, column, _ in deciding]) if deciding else None
    without = "without what decides" if deciding else "no pixel decides"
    shown = [
        ("as it comes, read as", image, marks),
        (f"{without}, read as", ringed, None),
        ("without specks, read as", clear, None),
    ]
    st.html(
        cards.door(
            (words, each, read(run.network, each).item(), trigger) for words, each, trigger in shown
        )
    )
    st.caption(_of_door(deciding))


def _of_door(deciding: list[Deciding]) -> str:
    if not deciding:
        return "Made black one after the other, no inked pixel changes what the model reads."
    place = f"row {deciding[0].row}, column {deciding[0].column}"
    more = f" and {len(deciding) - 1} more" if len(deciding) > 1 else ""
    return (
        f"Made black one after the other, one pixel changes what the model reads: {place}{more}. "
        "A trigger of two neighbouring pixels goes through both."
    )


def verdict(name: Named, finding: Finding) -> str:
    """In a sentence or two; of a sealed model only what it rests on."""
    row, column = finding.place
    share, most = f"{finding.statistic * 100:.1f} %", f"{finding.threshold * 100:.1f} %"
    turned = (
        f"at row {row}, column {column} it turns {share} of the digits into {a(finding.target)}"
    )
    if name is Guest.SEALED:
        return f"{turned.capitalize()}; {finding.source} has {most}."
    if finding.backdoored:
        return f"Backdoored: {turned}; in {finding.source}, {most}."
    return f"Nothing found: {turned}; {finding.source} has {most}."
