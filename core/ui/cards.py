"""The answer to a drawing in HTML of our own: a sentence, what the models see, and two verdicts."""

import base64
import html
import io

import numpy as np
from PIL import Image

from core.drawing import SIDE, Ink
from core.figures import BACKDOORED, CLEAN, TRIGGER, Ten
from core.trigger import Trigger
from core.verdict import Verdict

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
.bl-ring { position: absolute; width: 18%; aspect-ratio: 1; border-radius: 50%;
  border: 4px solid RING; transform: translate(-50%, -50%); box-sizing: border-box; }
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


def doses(words: str, note: str) -> str:
    """The sentence over the dose curve, and the measured scores behind it."""
    return f'<p class="bl-doses">{_text(words)}</p><p class="bl-note">{_text(note)}</p>'


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


def sees(image: Ink, trigger: Trigger | None, note: str = "") -> str:
    """What the models see: (28, 28) in [0, 1], enlarged with hard edges; a given trigger ringed."""
    png = io.BytesIO()
    Image.fromarray(np.uint8(np.round(image * 255))).save(png, "PNG")
    url = "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
    words, rings = "The 28x28 image that the models read", ""
    if trigger is not None:
        words += ", the trigger ringed"
        for row, col, _ in trigger.cells:
            place = f"left: {(col + 0.5) / SIDE:.2%}; top: {(row + 0.5) / SIDE:.2%}"
            rings += f'<div class="bl-ring" style="{place}"></div>'
    return (
        '<div class="bl-sees"><p>What the models see</p>'
        f'<div class="bl-image"><img src="{url}" alt="{words}">{rings}</div>'
        f"<p>{_text(note)}</p></div>"
    )
