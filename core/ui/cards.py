"""Verdicts and the models' input, as small pieces of HTML of our own."""

import base64
import html
import io

import numpy as np
import streamlit as st
from PIL import Image

from core.drawing import SIDE, Ink
from core.figures import BACKDOORED, CLEAN, TRIGGER
from core.trigger import Trigger
from core.verdict import Verdict

_CARDS = """
<style>
.bl-cards {{ display: flex; gap: 4%; padding-left: 44px; }}
.bl-card {{ flex: 1; border-top: 6px solid var(--bl); padding-top: 4px; min-width: 0; }}
.bl-card:last-child {{ border-top-style: double; border-top-width: 7px; }}
.bl-card h3 {{ margin: 0; padding: 0; font-size: 1.1rem; font-weight: 600; }}
.bl-row {{ display: flex; align-items: baseline; gap: 0.7rem; height: 104px; }}
.bl-digit {{ font-size: 96px; line-height: 104px; font-weight: 700; color: var(--bl); }}
.bl-sure {{ font-size: 1.25rem; }}
</style>
<div class="bl-cards" aria-live="polite">{cards}</div>
"""
_CARD = """
<div class="bl-card" style="--bl: {colour}" data-model="{model}" data-digit="{digit}">
<h3>{title}</h3>
<div class="bl-row"><span class="bl-digit">{shown}</span><span class="bl-sure">{sure}</span></div>
</div>
"""


def verdicts(clean: Verdict | None, backdoored: Verdict | None, *, missing: str = "") -> None:
    """Both models' digits, very large, with their confidence; `missing` says why one is not there."""
    cards = ""
    for model, colour, verdict in (("clean", CLEAN, clean), ("backdoored", BACKDOORED, backdoored)):
        shown = "–" if verdict is None else verdict.digit
        cards += _CARD.format(
            colour=colour,
            model=model,
            title=f"{model.capitalize()} model",
            digit="" if verdict is None else verdict.digit,
            shown=shown,
            sure=missing if verdict is None else f"{percent(verdict.confidence)} sure",
        )
    st.html(_CARDS.format(cards=cards))


def percent(share: float) -> str:
    """A share in percent, never rounded up to a certainty that it has not."""
    return ">99.9 %" if share > 0.999 else f"{share * 100:.1f} %"


def sees(image: Ink, trigger: Trigger | None, *, size: int = 168) -> None:
    """What the models see: (28, 28) in [0, 1], enlarged with hard edges; a given trigger is ringed."""
    png = io.BytesIO()
    Image.fromarray(np.uint8(np.round(image * 255))).save(png, "PNG")
    url = "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
    rings = ""
    if trigger is not None:
        rings = "".join(
            f'<circle cx="{col + 0.5}" cy="{row + 0.5}" r="1.9" />' for row, col, _ in trigger.cells
        )
    words = "The 28x28 image that the models read" + (", trigger ringed" if rings else "")
    st.html(
        f'<div style="position: relative; width: {size}px; height: {size}px">'
        f'<img src="{url}" alt="{html.escape(words)}" width="{size}" height="{size}"'
        ' style="image-rendering: pixelated; border-radius: 4px; outline: 1px solid #8888">'
        f'<svg viewBox="0 0 {SIDE} {SIDE}" width="{size}" height="{size}" aria-hidden="true"'
        f' style="position: absolute; inset: 0" fill="none" stroke="{TRIGGER}" stroke-width="0.7">'
        f"{rings}</svg></div>"
    )
