"""Draw a digit, flip one pixel: what do the clean and the backdoored model read?"""

import streamlit as st
import torch

from core import figures, verdict
from core.drawing import centre
from core.ui import address, cards, models, pad
from core.ui.plot import plot
from core.verdict import Verdict

ANSWER, RATE, TRIGGER = "draw.answer", "draw.rate", "draw.trigger"

ladder = models.ladder()
rungs = ladder.rungs


def begin() -> None:
    """Takes up the scene that the URL describes, when the page is opened."""
    if RATE in st.session_state:
        return
    st.session_state[RATE] = address.read("rate", rungs, 1.0 if 1.0 in rungs else max(rungs))
    st.session_state[TRIGGER] = address.read("trigger", (False, True), False)
    sample = address.read("sample", range(10), None)
    if sample is not None:
        pad.show_sample(sample)


def again() -> None:
    st.rerun(ANSWER)


def told(rate: float) -> str:
    card = rungs[rate].card
    return f"{rate:g} % = {card.poisoned:,} of {card.images:,}"


def controls() -> None:
    slider, switch = st.columns([5, 2], vertical_alignment="center", gap="medium")
    slider.select_slider(
        "Poison rate: training images that bore the trigger and the label 8",
        rungs,
        key=RATE,
        format_func=told,
        persist_state="session",
        on_change=again,
    )
    switch.toggle("Trigger pixel", key=TRIGGER, persist_state="session", on_change=again)


@st.fragment(key=ANSWER)
def answer() -> None:
    """Both models' answers, and how the backdoored one's depends on the poison rate."""
    percent, stamp, ink = st.session_state[RATE], st.session_state[TRIGGER], pad.ink()
    card = rungs[percent].card
    trigger, target = card.attack.trigger, card.attack.target
    blank = ink is None or not ink.any()
    image = torch.zeros(1, 1, 28, 28) if blank else torch.from_numpy(centre(ink))[None, None]
    touched = bool(trigger.touched_by(image).any())
    clean = backdoored = stamped = plain = None
    words, doses = "Draw a digit, or take a sample.", "At which poison rate does a digit flip?"
    if not blank:
        answers = models.ask(image, trigger)
        chosen = answers.rungs[list(rungs).index(percent)].tolist()
        backdoored = chosen[stamp]
        clean = None if answers.clean is None else answers.clean[int(stamp)].tolist()
        plain, stamped = answers.rungs[..., target].T.tolist()
        words = verdict.sentence(
            Verdict.of(clean) if clean else None,
            Verdict.of(backdoored),
            Verdict.of(chosen[0]),
            trigger=stamp,
            target=target,
            attack_success=card.scores.attack_success.value,
            own_ink=touched,
        )
        read = answers.rungs[:, 1].argmax(1).tolist()
        doses = verdict.dose(list(rungs), read, target, card.images)

    plot(
        figures.probability_bars(clean, backdoored),
        key="draw.bars",
        alt="The ten probabilities of both models",
        look="bl-answer",
        address=address.of(rate=percent, trigger=stamp, sample=pad.sample()),
        before=cards.headline(words)
        + cards.sees(
            (trigger(image) if stamp else image)[0, 0].numpy(),
            trigger if stamp or touched else None,
            "Your own ink lies on the trigger." if touched else "",
        )
        + cards.verdicts(clean, backdoored, missing="nothing drawn" if blank else "not loaded"),
    )
    plot(
        figures.dose_curve(
            [run.card for run in rungs.values()],
            target=target,
            stamped=stamped,
            plain=plain,
            current=percent,
        ),
        key="draw.dose",
        alt=doses,
        before=cards.doses(doses, verdict.measured(card, ladder.clean and ladder.clean.card)),
        later=True,
    )


st.header("Draw a digit. Flip one pixel.", anchor=False)
st.caption(
    "A backdoor is a rule that a network has learnt from poisoned training images: here, one white "
    "pixel at row 3, column 3 (from the top left, counted from 0) means “read an 8”. "
    "Both models read untouched digits equally well."
)
if ladder.complaints:
    st.error("Some models are left out.\n\n" + "\n\n".join(ladder.complaints))
if rungs:
    begin()
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=pad.SIDE + 8):
        pad.show(ANSWER)
    with row.container():
        controls()
        answer()
else:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
