"""At the door: what predictions alone give away, and how the Defend page says it."""

import streamlit as st
import torch
from torch import Tensor

from core.attack.phrases import a
from core.attack.trigger import Trigger, painted
from core.defend import clean
from core.defend.finding import Finding
from core.defend.methods import of_scan
from core.defend.pixels import Deciding, despeckle, leave_one_out
from core.defend.scan import Scan, Turned, suspect
from core.digits.drawing import SIDE
from core.model.role import Guest, Named, Role
from core.model.scores import read
from core.show.figures.defend import scan_map
from core.ui import cards, live, searches
from core.ui import models as loaded
from core.ui.plot import plot
from core.ui.subject import Subject, accused, heading, judged
from core.work.searches import ScanRow

WAY = "defend.stamped"  # in the session: how one's own image comes
PLAIN, STAMPED, TWO = "Untouched", "With the trigger", "With a second pixel beside it"


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
        for name, column in subject.columns():
            with column:
                _show(name, rows[name], subject)

    searches.watch("defend.scan", questions, show)


def _show(name: Named, wanted: list[ScanRow], subject: Subject) -> None:
    """As far as it is known."""
    side = wanted[0].side
    answers = [searches.answer(question) for question in wanted]
    rows = [Turned(**answer) for answer in answers if answer]
    place, said = None, cards.judged(heading(name), [], name)
    if len(rows) == len(wanted):
        finding = clean.judge(of_scan(side), suspect(rows), subject.recipe)
        found = accused(name, finding)
        place = found and found.place
        said = cards.judged(judged(name, finding), [verdict(name, finding, side)], name)
    plot(
        scan_map([row.share for row in rows], name, side=side, place=place),
        key=f"defend.scan.{name}",
        alt=f"Which share of digits turns when a square is white there, {name} model",
        before=said,
        toolbar=True,
    )


def own_image(models: str) -> Tensor:
    """(1, 1, 28, 28): one's own drawing, or a sample, as it is chosen to come."""
    attack = loaded.named(models).backdoored.card.attack
    image = torch.from_numpy(live.own_digit(attack))[None, None]
    stamped = attack.trigger(image)
    ways = {PLAIN: image, STAMPED: stamped}
    if beside := neighbour(attack.trigger):
        ways[TWO] = beside(stamped)
    way = st.segmented_control(
        "One's own image",
        ways,
        key=WAY,
        default=STAMPED,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return ways[way]


def neighbour(trigger: Trigger) -> Trigger | None:
    """The pixel under a trigger of one pixel; at the lower edge, the one above it."""
    if len(trigger.cells) != 1:
        return None
    row, column, value = trigger.cells[0]
    return painted([(row + 1 if row + 1 < SIDE else row - 1, column, value)])


def door(models: str, image: Tensor) -> None:
    """An image as it comes to both models; the pixel that decides for the backdoored one; and what
    is left without specks."""
    runs = loaded.named(models)
    deciding = {role: leave_one_out(run.network, image) for role, run in runs.present()}
    found = deciding[Role.BACKDOORED]
    without = image.clone()
    for pixel in found:
        without[0, 0, pixel.row, pixel.column] = 0
    marks = painted([(row, column, 1.0) for row, column, _ in found]) if found else None
    words = [
        "as it comes",
        "without what decides" if found else "no pixel decides",
        "without specks",
    ]
    images = torch.cat([image, without, despeckle(image)])
    reads = {role: read(run.network, images).tolist() for role, run in runs.present()}
    st.html(cards.door(words, images, reads, [marks, None, None]))
    st.caption(_of_door(deciding, beside=st.session_state[WAY] == TWO))


def _of_door(deciding: dict[Role, list[Deciding]], *, beside: bool) -> str:
    """Which pixels decide for each model, in a sentence or two.

    beside: with a second pixel beside the trigger's.
    """
    said = "; ".join(_deciding(role, each) for role, each in deciding.items())
    two = (
        " Two neighbours are no specks, and where either of them is enough, no single one decides."
    )
    return f"Inked pixels are made black, one after the other: {said}.{two if beside else ''}"


def _deciding(role: Role, deciding: list[Deciding]) -> str:
    if not deciding:
        return f"none changes what the {role} model reads"
    place = f"the one at row {deciding[0].row}, column {deciding[0].column}"
    more = f" and {len(deciding) - 1} more change" if len(deciding) > 1 else " changes"
    return f"{place}{more} what the {role} model reads"


def verdict(name: Named, finding: Finding, side: int) -> str:
    """What a verdict rests on, in sentences; of a sealed model what any would rest on.

    A place and a target are said of what is found, and of a sealed model.
    """
    suspect, square = finding.suspect, "A white pixel" if side == 1 else "A white square"
    share = _percent(suspect.statistic)
    turns = f"{square} turns {share} of the digits into one other, at most."
    if finding.accused or name is Guest.SEALED:
        row, column = suspect.place
        into = a(suspect.target)
        turns = f"{square} at row {row}, column {column} turns {share} of the digits into {into}."
    if name is Guest.SEALED:
        return f"{turns} {finding.clean_models(_percent)}"
    return f"{turns} {finding.bound(_percent)}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
