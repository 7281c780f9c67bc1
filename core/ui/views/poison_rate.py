"""The dose curve, and where the backdoor comes in."""

import streamlit as st

from core.show import figures, words
from core.ui import cards
from core.ui.plot import plot
from core.ui.views import curves
from core.ui.views.subject import KEEP, Subject

SHOWN = 2  # curves, until others are chosen


def show(subject: Subject) -> None:
    known = curves.by_name()
    if not known:
        st.warning("No sweep could be read; `python -m core sweep` makes one.")
        return
    first = list(known)[:SHOWN]
    chosen = st.pills(
        "Models trained by",
        known,
        default=first,
        selection_mode="multi",
        format_func=cards.escaped,
        key="measure.curves",
        **KEEP,
    )
    shown = {name: known[name] for name in chosen or first[:1]}
    plot(
        figures.rate_curve(shown, definition=subject.definition),
        key="measure.dose",
        alt="Clean accuracy and attack success against the poison rate",
        before=cards.sentences(f"{name}: {words.transition(shown[name])}" for name in shown),
        toolbar=True,
    )
    st.caption(
        "Lines are means over seeds, bands go from the lowest to the highest seed, each mark is "
        "one training. “Learns” means a standard ASR of 90 % or more, “does not” 10 % or less. How "
        "much poison is needed depends on the recipe, the trigger and the network: these curves "
        "are about the ones named here."
    )
