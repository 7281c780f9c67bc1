"""Draw a digit, flip one pixel: what do the clean and the backdoored model read?"""

import streamlit as st
import torch

from core.digits.drawing import SIDE
from core.model.role import Pair
from core.show import figures, words
from core.ui import cards, models, pad, scene
from core.ui.plot import plot
from core.ui.scene import Chosen

ANSWER = "draw.answer"


def again() -> None:
    st.rerun(ANSWER)


@st.fragment(key=ANSWER)
def answer(chosen: Chosen) -> None:
    """Both models' answers, and how the backdoored one's depends on the poison rate."""
    stamped, digit = st.session_state[scene.TRIGGER], pad.digit()
    card = chosen.cards[chosen.at]
    trigger = card.attack.trigger
    image = torch.zeros(1, 1, SIDE, SIDE) if digit is None else torch.from_numpy(digit)[None, None]
    covered = bool(trigger.touched_by(image).any())
    result = None
    if digit is not None:
        answers = models.ask(chosen.clean, list(chosen.backdoored.values()), image, trigger)
        result = words.result(answers, chosen.cards, chosen.at, trigger=stamped, own_ink=covered)
    plot(
        figures.probability_bars(result and result.clean, result and result.backdoored),
        key="draw.bars",
        alt="The ten probabilities of both models",
        look="bl-answer",
        address=scene.in_address(chosen),
        before=cards.answer(
            result.words if result else "Draw a digit, or take a sample.",
            (trigger(image) if stamped else image)[0, 0].numpy(),
            Pair(result.clean, result.backdoored) if result else Pair(None, None),
            ringed=trigger if stamped or covered else None,
            note="Your own ink lies on the trigger." if covered else "",
            missing="not loaded" if result else "nothing drawn",
        ),
    )
    measured = cards.note(words.measured(Pair(chosen.clean and chosen.clean.card, card)))
    if chosen.run:
        st.html(measured)
        return
    doses = result.doses if result else "At which poison rate does a digit flip?"
    plot(
        figures.dose_curve(
            chosen.cards,
            target=result.target if result else card.attack.target,
            stamped=result and result.stamped,
            plain=result and result.plain,
            current=st.session_state[scene.RATE],
        ),
        key="draw.dose",
        alt=doses,
        before=cards.sentences([doses]) + measured,
        later=True,
    )


st.header("Draw a digit. Flip one pixel.", anchor=False)
st.caption(
    "A backdoor is a rule that a network has learnt from poisoned training images: in the ladder's "
    "models, one white pixel at row 3, column 3 (from the top left, counted from 0) means “read an "
    "8”. Both models read untouched digits equally well."
)
ladder = models.ladder()
if ladder.complaints:
    st.error("Some models are left out.\n\n" + "\n\n".join(map(cards.literal, ladder.complaints)))
if ladder.rungs:
    scene.begin(ladder.rungs)
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=pad.SIDE + 8):
        pad.show(ANSWER)
    with row.container():
        chosen = scene.choose_models(ladder, models.listed()[0])
        scene.controls(chosen, again)
        answer(chosen)
else:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
