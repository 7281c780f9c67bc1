"""Draw a digit, flip one pixel: what do the clean and the backdoored model read?"""

import streamlit as st

from core.attack import phrases
from core.show.live import JSON
from core.ui import address, cards, drawn, going_on, live, models, pad, parts, scene
from core.ui.parts import ANSWER
from core.ui.scene import Chosen


@st.fragment(key=ANSWER)
def answer(chosen: Chosen | None, described: JSON) -> None:
    """Both models' answers, and how the backdoored one's depends on the poison rate."""
    parts.begins(ANSWER)
    if chosen is None:
        return
    at, content = chosen.at, drawn.content()
    only = at if drawn.is_live() else None  # the browser then asks the others itself
    opening = None
    if st.session_state[scene.BARE] and content.digit is None:
        opening = live.opening(chosen.clean, chosen.backdoored, at)
    live.answer(
        key="draw.live",
        run=chosen.run,
        models=described,
        **live.read(chosen.clean, chosen.backdoored, content.digit, only),
        sample=content.sample,
        turn=drawn.pad().turn,
        loaded=drawn.pad().is_as_loaded(),
        opening=opening,
        stamped=st.session_state[scene.TRIGGER],
        rung=at,
        on_live=pad.answers_by_itself,
        on_lost=pad.show_again,
    )


title, lead = st.empty(), st.empty()
ladder = models.ladder()
if ladder.complaints:
    st.error("Some models are left out.\n\n" + "\n\n".join(map(cards.literal, ladder.complaints)))
if ladder.rungs:
    scene.begin()
    row = st.container(horizontal=True, gap="medium")
    with row.container(key="draw.pad", width=pad.SIDE + 8):
        pad.show()
    with row.container():
        chosen = scene.choose_models(ladder, models.listed()[0])
        if named := address.models():
            address.write(models=named)
        deed = ""
        if chosen:
            scene.controls(chosen)
            deed = f" {phrases.deed(chosen.cards[0].attack.trigger)}."
            lead.caption(cards.literal(scene.lead(chosen)))
        title.title(f"Draw a digit.{deed}", anchor=False)
        answer(chosen, live.describe(*chosen) if chosen else {})
        going_on.mention()
else:
    title.title("Draw a digit.", anchor=False)
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
