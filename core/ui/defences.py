"""What the defences find, and how the Defend page says it."""

import streamlit as st
import torch

from core.attack.phrases import a
from core.attack.trigger import painted
from core.defend import clean
from core.defend.clean import Clean
from core.defend.finding import Finding
from core.defend.pixels import Deciding, despeckle, leave_one_out
from core.defend.scan import Scan
from core.digits import drawing, samples
from core.model.role import Pair
from core.model.scores import read
from core.runs.card import Card
from core.show.figures.defend import scan_map
from core.ui import cards, drawn, live, scans
from core.ui import models as loaded
from core.ui.plot import plot
from core.ui.scans import Key
from core.work.jobs import WorkerError

TICK = 0.1  # seconds between two portions of a scan
PORTION = 0.4  # seconds that a portion takes


def scan(models: str, of: Pair[Card], side: int) -> None:
    """A scan of each model beside the other, which goes on as long as somebody looks at it."""
    keys = [Key(models=models, role=role, side=side) for role, _ in of.present()]
    going = not all(map(scans.is_whole, keys))
    tick = TICK if going else None
    st.fragment(_scan, run_every=tick, key="defend.scan")(keys, of.backdoored.recipe.name, going)


def _scan(keys: list[Key], recipe: str, going: bool) -> None:
    try:
        known = clean.load(recipe)
        if going:
            scans.go_on(keys, PORTION)
    except (ValueError, WorkerError) as error:
        st.error(cards.literal(f"could not scan: {error}"))
        return
    done, total = sum(map(scans.known, keys)), len(keys) * Scan(side=keys[0].side).places
    if going:
        st.progress(done / total, f"{done} of {total} rows. Leave the page to stop.")
    for key, column in zip(keys, st.columns(len(keys), gap="large"), strict=True):
        with column:
            _show(key, known)
    if going and done == total:
        st.rerun()


def _show(key: Key, known: Clean) -> None:
    """As far as it is known."""
    method, rows = Scan(side=key.side), scans.rows(key)
    finding = method.finding(rows, known.threshold(key.side), known.source) if rows else None
    whole = scans.is_whole(key)
    place = finding.place if whole and finding.backdoored else None
    words = verdict(finding) if whole else "Not scanned yet." if not rows else "Scanning …"
    plot(
        scan_map([row.share for row in rows], key.role, side=key.side, place=place),
        key=f"defend.scan.{key.role}",
        alt=f"Which share of digits turns when a square is white there, {key.role} model",
        before=cards.sentences([f"The {key.role} model", words]),
        toolbar=True,
    )


def door(models: str) -> None:
    """One's own drawing, or a sample, as it comes to the backdoored model; the pixel that decides;
    and what is left without specks."""
    run = loaded.named(models).backdoored
    attack, digit = run.card.attack, drawn.content().digit
    if digit is None:
        digit = drawing.centre(samples.sample(live.first(attack)).ink())
    image = torch.from_numpy(digit)[None, None]
    if st.toggle("With the trigger", value=True, key="defend.stamped", persist_state="session"):
        image = attack.trigger(image)
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


def verdict(finding: Finding) -> str:
    """In a sentence or two."""
    row, column = finding.place
    share, most = f"{finding.statistic * 100:.1f} %", f"{finding.threshold * 100:.1f} %"
    turned = (
        f"at row {row}, column {column} it turns {share} of the digits into {a(finding.target)}"
    )
    if finding.backdoored:
        return f"Backdoored: {turned}; in {finding.source}, {most}."
    return f"Nothing found: {turned}; {finding.source} has {most}."
