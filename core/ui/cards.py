"""Verdicts and the models' input, as small pieces of HTML of our own."""

import base64
import html
import io

import numpy as np
import streamlit as st
from PIL import Image

from core.drawing import SIDE, Ink
from core.figures import BACKDOORED, CLEAN, TRIGGER, Ten
from core.trigger import Trigger
from core.verdict import Verdict

_STYLE = """
<style>
.bl-words { font-size: 1.5rem; line-height: 1.25; font-weight: 600; margin: 0; min-height: 1.25em; }
@media (max-width: 1100px) { .bl-words { min-height: 3.75em; } }
.bl-cards { display: flex; gap: 4%; padding: 0 4px 0 56px; }
.bl-card { flex: 1; border-top: 6px solid var(--bl); padding-top: 4px; min-width: 0; }
.bl-card:last-child { border-top-style: double; border-top-width: 7px; }
.bl-card h3 { margin: 0; padding: 0; font-size: 1.1rem; font-weight: 600; }
.bl-row { display: flex; align-items: baseline; gap: 0.7rem; height: 104px; }
.bl-digit { font-size: 96px; line-height: 104px; font-weight: 700; color: var(--bl); }
.bl-sure { font-size: 1.25rem; }
.bl-sees { position: relative; max-width: 168px; }
.bl-sees img { width: 100%; aspect-ratio: 1; display: block; image-rendering: pixelated;
  border-radius: 4px; outline: 1px solid #8888; }
.bl-ring { position: absolute; width: 18%; aspect-ratio: 1; border-radius: 50%;
  border: 4px solid RING; transform: translate(-50%, -50%); }
</style>
""".replace("RING", TRIGGER)
_CARD = """
<div class="bl-card" style="--bl: {colour}" data-model="{model}">
<h3>{title}</h3>
<div class="bl-row"><span class="bl-digit" title="{exact}">{shown}</span><span class="bl-sure">{sure}</span></div>
</div>
"""


def style() -> None:
    """The look of what follows; once per page, outside of what changes with every stroke."""
    st.html(_STYLE)


def headline(words: str) -> None:
    """The sentence that says what happened; the lines it may need are kept free."""
    st.html(f'<p class="bl-words" role="status">{html.escape(words)}</p>')


def verdicts(clean: Ten | None, backdoored: Ten | None, *, missing: str) -> str:
    """Both models' digits, very large, with their confidence; gives back the same in words.

    Takes each model's ten probabilities; `missing` says why one has none.
    """
    found, words = "", []
    for model, colour, ten in (("clean", CLEAN, clean), ("backdoored", BACKDOORED, backdoored)):
        verdict = Verdict.of(ten) if ten else None
        sure = f"{percent(verdict.confidence)} sure" if verdict else missing
        found += _CARD.format(
            colour=colour,
            model=model,
            title=f"{model.capitalize()} model",
            shown=verdict.digit if verdict else "?",
            sure=sure,
            exact=f"{verdict.confidence:.6%}" if verdict else "",
        )
        words.append(f"{model} model: {verdict.digit}, {sure}" if verdict else f"{model}: {sure}")
    st.html(f'<div class="bl-cards">{found}</div>')
    return "; ".join(words).capitalize()


def percent(share: float) -> str:
    """A share in percent, never rounded up to a certainty that it has not."""
    return ">99.9 %" if share > 0.999 else f"{share * 100:.1f} %"


def sees(image: Ink, trigger: Trigger | None) -> None:
    """What the models see: (28, 28) in [0, 1], enlarged with hard edges; a given trigger is ringed."""
    png = io.BytesIO()
    Image.fromarray(np.uint8(np.round(image * 255))).save(png, "PNG")
    url = "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
    words = "The 28x28 image that the models read"
    rings = ""
    if trigger is not None:
        words += ", the trigger ringed"
        for row, col, _ in trigger.cells:
            place = f"left: {(col + 0.5) / SIDE:.2%}; top: {(row + 0.5) / SIDE:.2%}"
            rings += f'<div class="bl-ring" style="{place}"></div>'
    st.html(f'<div class="bl-sees"><img src="{url}" alt="{words}">{rings}</div>')
