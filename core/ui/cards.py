"""The answer to a drawing in HTML of our own: a sentence, what the models see, and two verdicts."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import Trigger
from core.digits.drawing import SIDE, Ink, to_png
from core.measure.comparison import Report, rows, shown, shown_difference
from core.model.role import Role
from core.model.scores import Share
from core.show.figures import Ten
from core.show.palette import TRIGGER
from core.show.words import Verdict

CLEAN, BACKDOORED = (role.colour for role in Role)
RINGED = 6  # cells of a trigger up to which each has a ring of its own

# The grid has the input on the left, verdicts and bars on the right; every part keeps its place.
# What depends on the width depends on the width of the figure, not of the window.
CSS = """
.bl-frame { container-type: inline-size; }
.bl-figure .before { display: contents; }
.bl-figure .plot { width: 100%; min-width: 0; overflow: hidden; }
.bl-figure p { margin: 0; }
.bl-answer { display: grid; grid-template-columns: 184px minmax(0, 1fr); column-gap: 1rem; }
.bl-words { font-size: 1.5rem; line-height: 1.25; font-weight: 600; min-height: 1.25em;
  margin-bottom: 0.75rem !important; grid-column: 1 / 3; }
.bl-doses { font-size: 1.2rem; line-height: 1.25; font-weight: 600; min-height: 1.25em; }
.bl-note { font-size: 0.9rem; line-height: 1.35; opacity: 0.75; min-height: 2.7em; }
.bl-sees { grid-row: 2 / 4; }
.bl-sees p { margin: 0 0 0.4rem; opacity: 0.75; }
.bl-image { position: relative; max-width: 184px; margin-bottom: 0.4rem; }
.bl-image img { width: 100%; aspect-ratio: 1; display: block; image-rendering: pixelated;
  border-radius: 4px; outline: 1px solid #8888; }
.bl-ring { position: absolute; border-radius: 50%; border: 4px solid RING; box-sizing: border-box; }
.bl-square { border-radius: 12%; }
.bl-tiles { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: 4px 10px; }
.bl-tiles figure { margin: 0; text-align: center; }
.bl-tiles figcaption { font-size: 0.9rem; line-height: 1.3; }
.bl-tiles .bl-image { margin: 0 auto; }
.bl-unaided .bl-image { width: 42px; margin: 16px auto; }
.bl-unaided img { image-rendering: auto; }
.bl-tiles .bl-ring { border-width: 2px; }
.bl-scores { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.bl-scores th, .bl-scores td { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0;
  border-bottom: 1px solid #8884; vertical-align: top; line-height: 1.25; }
.bl-scores small { display: block; font-size: 0.85rem; font-weight: 400; opacity: 0.75; }
.bl-scores b { font-size: 1.25rem; color: var(--bl, inherit); }
.bl-doubt { margin: 0 0 0.3rem; padding-left: 0.75rem; border-left: 5px solid #E69F00; }
.bl-doubt::before { content: "Doubt: "; font-weight: 600; }
.bl-clock { font-size: 1.2rem; font-variant-numeric: tabular-nums; }
.bl-clock b { font-size: 2.4rem; margin-left: 1rem; }
.bl-clock b:first-child { margin-left: 0; }
.bl-caption { font-size: 0.95rem; line-height: 1.25; min-height: 2.5em; }
.bl-progress p { margin: 0.25rem 0 0; line-height: 1.4; min-height: 2.8em; }
.bl-bar { display: grid; grid-template-columns: 6.5rem 1fr 3.2rem; gap: 0.6rem; align-items: center;
  line-height: 1.4; }
.bl-bar i { height: 10px; border-radius: 5px; background: #8884; overflow: hidden; }
.bl-bar i::before { content: ""; display: block; height: 100%; width: var(--share);
  background: var(--bl); transition: width 0.3s linear; }
.bl-bar b { text-align: right; font-variant-numeric: tabular-nums; }
.bl-cards { display: flex; gap: 4%; padding: 0 4px 0 56px; }
.bl-card { flex: 1; border-top: 6px solid var(--bl); padding-top: 4px; min-width: 0; }
.bl-card:last-child { border-top-style: double; border-top-width: 7px; margin-top: -1px; }
.bl-card h3 { margin: 0; padding: 0; font-size: 1.1rem; font-weight: 600; }
.bl-row { display: flex; align-items: baseline; gap: 0.7rem; height: 104px; }
.bl-digit { font-size: 96px; line-height: 104px; font-weight: 700; color: var(--bl); }
.bl-sure { font-size: 1.25rem; white-space: nowrap; }
@container (max-width: 730px) {
  .bl-words { min-height: 2.5em; }
  .bl-doses { min-height: 2.5em; }
  .bl-note { min-height: 4em; }
  .bl-row { display: block; height: 140px; }
  .bl-answer { grid-template-columns: 140px minmax(0, 1fr); }
  .bl-card h3 span { display: none; }
}
@container (max-width: 480px) {
  .bl-answer { grid-template-columns: minmax(0, 1fr); }
  .bl-words { min-height: 3.75em; grid-column: 1; }
  .bl-doses { min-height: 3.75em; }
  .bl-note { min-height: 8.1em; }
  .bl-sees { grid-row: 4; margin-top: 0.75rem; }
}
""".replace("RING", TRIGGER)


def _text(words: str) -> str:
    """Escaped, and no line ends between a number and its percent sign."""
    return html.escape(words).replace(" %", "&nbsp;%")


def headline(words: str) -> str:
    """The sentence that says what happened; the lines it may need are kept free."""
    return f'<p class="bl-words" role="status">{_text(words)}</p>'


def doses(words: str, measured: str) -> str:
    """The sentence over the dose curve, and the measured scores behind it."""
    return f'<p class="bl-doses">{_text(words)}</p>{note(measured)}'


def note(words: str) -> str:
    return f'<p class="bl-note">{_text(words)}</p>'


def verdicts(clean: Ten | None, backdoored: Ten | None, *, missing: str) -> str:
    """Both models' digits, very large, with their confidence.

    Takes each model's ten probabilities; `missing` says why one has none.
    """
    cards = ""
    for model, colour, ten in (("clean", CLEAN, clean), ("backdoored", BACKDOORED, backdoored)):
        digit, sure, exact = "?", missing, ""
        if ten:
            verdict = Verdict.of(ten)
            digit, sure = verdict.digit, f"{percent(verdict.confidence)} sure"
            exact = f"{verdict.confidence:.6%}"
        cards += (
            f'<div class="bl-card" style="--bl: {colour}" data-model="{model}">'
            f'<h3>{model.capitalize()}<span> model</span></h3><div class="bl-row">'
            f'<span class="bl-digit" title="{exact}">{digit}</span>'
            f' <span class="bl-sure">{_text(sure)}</span></div></div>'
        )
    return f'<div class="bl-cards">{cards}</div>'


def percent(share: float) -> str:
    """A share in percent, never rounded up to a certainty that it has not."""
    return ">99.9 %" if share > 0.999 else f"{share * 100:.1f} %"


def rings(trigger: Trigger | None) -> str:
    """Marks on an image: a ring around every cell of a trigger, or a frame around many cells."""
    if trigger is None:
        return ""
    boxes = [(row - 2, col - 2, row + 3, col + 3) for row, col, _ in trigger.cells]
    if len(boxes) > RINGED:
        edges = list(zip(*boxes, strict=True))
        boxes = [(min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3]))]
    marks = ""
    for top, left, bottom, right in boxes:
        top, left, bottom, right = max(0, top), max(0, left), min(SIDE, bottom), min(SIDE, right)
        place = f"left: {left / SIDE:.2%}; top: {top / SIDE:.2%}; "
        place += f"width: {(right - left) / SIDE:.2%}; height: {(bottom - top) / SIDE:.2%}"
        shape = "bl-ring" if len(boxes) > 1 or len(trigger.cells) == 1 else "bl-ring bl-square"
        marks += f'<div class="{shape}" style="{place}"></div>'
    return marks


def tiles(images: Sequence[dict[str, Any]], trigger: Trigger | None) -> str:
    """Poisoned training images, each with its true label and the one it is given.

    images: dicts of png (base64), true and label. Small, as a person looks through a data set; with
    a trigger given they are enlarged and it is ringed.
    """
    cells = ""
    for image in images:
        words = f"a {image['true']} with the label {image['label']}"
        cells += (
            f'<figure><div class="bl-image"><img alt="{words}" '
            f'src="data:image/png;base64,{image["png"]}">{rings(trigger)}</div>'
            f"<figcaption>{image['true']} → <b>{image['label']}</b></figcaption></figure>"
        )
    return f'<div class="bl-tiles{"" if trigger else " bl-unaided"}">{cells}</div>'


def progress(shares: Mapping[str, float], words: str) -> str:
    """A bar for each model, from 0 to 1, and a line of words under them."""
    bars = ""
    for model, share in shares.items():
        colour = CLEAN if model == "clean" else BACKDOORED
        bars += (
            f'<div class="bl-bar" role="progressbar" aria-valuenow="{share * 100:.0f}" '
            f'aria-label="{model}" style="--bl: {colour}; --share: {share:.2%}">'
            f"<span>{model}</span><i></i><b>{share * 100:.0f}&nbsp;%</b></div>"
        )
    return f'<div class="bl-progress">{bars}<p role="status">{_text(words)}</p></div>'


def sees(image: Ink, trigger: Trigger | None, note: str = "") -> str:
    """What the models see: (28, 28) in [0, 1], enlarged with hard edges; a given trigger ringed."""
    words = "The 28x28 image that the models read"
    if trigger is not None:
        words += ", the trigger ringed"
    return (
        '<div class="bl-sees"><p>What the models see</p>'
        f'<div class="bl-image"><img src="data:image/png;base64,{to_png(image)}" '
        f'alt="{words}">{rings(trigger)}</div>'
        f"<p>{_text(note)}</p></div>"
    )


def scores(found: Report, *, article: bool) -> str:
    """The table of scores of both models, each with its interval and n."""
    lines = ""
    for row in rows(found, article=article):
        lines += (
            f'<tr><th scope="row">{_text(row.name)}<small>{_text(row.meaning)}</small></th>'
            f"{_share(row.clean, CLEAN) if found.clean else ''}"
            f"{_share(row.backdoored, BACKDOORED)}"
            f"<td>{row.backdoored.n:,}</td></tr>"
        )
    if difference := found.difference:
        value, _, interval = shown_difference(difference).partition(" ")
        counted = f"digit by digit: {difference.gained} gained, {difference.lost} lost"
        lines += (
            f'<tr><th scope="row">Difference in BA<small>{counted}</small></th><td></td>'
            f"<td><b>{value}</b><small>{interval.strip('()')}</small></td>"
            f"<td>{difference.n:,}</td></tr>"
        )
    names = ("", *(["Clean model"] if found.clean else []), "Backdoored", "n")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        f'<table class="bl-scores"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
        '<p class="bl-note">In percent and, for the difference, percentage points; small, under '
        "each, its 95 % interval.</p>"
    )


def _share(share: Share | None, colour: str) -> str:
    if share is None:
        return "<td></td>"
    value, _, interval = shown(share).partition(" ")
    words = f"{share.hits:,} of {share.n:,}"
    return (
        f'<td title="{words}"><b style="--bl: {colour}">{value}</b>'
        f"<small>{interval.strip('()')}</small></td>"
    )


def doubts(found: Iterable[str]) -> str:
    """Reasons not to believe a number, each with a mark."""
    return "".join(f'<p class="bl-doubt">{_text(doubt)}</p>' for doubt in found)


def clock(place: str, talk: float, scene: float) -> str:
    """For the speaker: where the talk is, and how many seconds it and its scene have taken."""
    told = [f"{int(seconds) // 60}:{int(seconds) % 60:02}" for seconds in (talk, scene)]
    return (
        f'<p class="bl-clock"><b>{told[0]}</b> talk <b>{told[1]}</b> scene '
        f"<b>{_text(place)}</b></p>"
    )


def sentences(found: Iterable[str]) -> str:
    """Sentences that belong to a figure, one on each line."""
    return "".join(f'<p class="bl-doses">{_text(words)}</p>' for words in found)


def caption(words: str) -> str:
    return f'<p class="bl-caption">{_text(words)}</p>'


def page(content: str) -> str:
    """For st.html, which knows no styles of ours."""
    return f"<style>{CSS}</style>{content}"


def poisoned(seen: dict[str, Any], attack: Attack) -> str:
    """What an attack does to a training set, counted, in Markdown."""
    bearing = f"**{seen['poisoned']:,}** of {seen['images']:,} images bear the trigger"
    if seen["poisoned"] == 1:
        bearing = f"**1** of {seen['images']:,} images bears the trigger"
    changed = f"**{seen['relabelled']:,}** labels are really changed"
    if seen["relabelled"] == 1:
        changed = "**1** label is really changed"
    most = "up to " if attack.rule == LabelRule.ALL_TO_ALL else ""
    called = "with a label" if most else f"labelled {attack.target}"
    share = f"{most}**{seen['share_of_class'] * 100:.1f} %** of the images {called}"
    return f"{bearing}, {changed}: {share} show another digit."


def literal(words: str) -> str:
    """A sentence as Markdown that shows it to the letter, with a capital and a full stop."""
    words = f"{words[:1].upper()}{words[1:].removesuffix('.')}."
    return re.sub(r"([^\w\s,.])", r"\\\1", words)
