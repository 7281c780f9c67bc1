"""Draw a digit, flip one pixel: what do the clean and the backdoored model read?"""

import streamlit as st
import torch

from core import figures, verdict
from core.drawing import Ink, centre
from core.ui import address, cards, models, pad
from core.ui.plot import plot
from core.verdict import Verdict

RATE, TRIGGER = "draw.rate", "draw.trigger"

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
        st.session_state[pad.SAMPLE] = sample
        pad.show_sample(sample)


@st.fragment
def page() -> None:
    begin()
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=pad.SIDE + 8):
        ink = pad.show()
    with row.container():
        slider, switch = st.columns([3, 1], vertical_alignment="center", gap="medium")
        percent = slider.select_slider(
            "Poison rate: training images, of 60,000, that bore the trigger and the label 8",
            rungs,
            key=RATE,
            format_func=lambda rate: f"{rate:g} % = {rungs[rate].card.poisoned:,} images",
            persist_state="session",
        )
        stamp = switch.toggle("Trigger pixel", key=TRIGGER, persist_state="session")
        compare(ink, percent, stamp)
    address.write(rate=percent, trigger=stamp, sample=st.session_state.get(pad.SAMPLE))


def compare(ink: Ink | None, percent: float, stamp: bool) -> None:
    """Both models' answers, and how the backdoored one's depends on the poison rate."""
    card = rungs[percent].card
    trigger, target = card.attack.trigger, card.attack.target
    blank = ink is None or not ink.any()
    image = torch.zeros(1, 1, 28, 28) if blank else torch.from_numpy(centre(ink))[None, None]
    clean = backdoored = stamped = plain = None
    words, doses = "Draw a digit, or take a sample.", "At which poison rate does a digit flip?"
    if not blank:
        answers = models.ask(image, trigger)
        chosen = answers.rungs[list(rungs).index(percent)].tolist()
        backdoored = chosen[stamp]
        clean = None if answers.clean is None else answers.clean[int(stamp)].tolist()
        plain, stamped = answers.rungs[..., target].T.tolist()
        words = verdict.sentence(
            Verdict.of(clean or chosen[0]),
            Verdict.of(backdoored),
            Verdict.of(chosen[0]),
            trigger=stamp,
            target=target,
            attack_success=card.scores.attack_success.value,
        )
        read = answers.rungs[:, 1].argmax(1).tolist()
        doses = verdict.dose(list(rungs), read, target, card.images)

    cards.headline(words)
    left, right = st.columns([18, 66], gap="small")
    with left:
        st.caption("What the models see")
        cards.sees((trigger(image) if stamp else image)[0, 0].numpy(), trigger if stamp else None)
        if trigger.touched_by(image).any():
            st.caption("Your own ink lies on the trigger's pixel.")
    with right:
        missing = "nothing drawn" if blank else "not loaded"
        said = cards.verdicts(clean, backdoored, missing=missing)
        plot(figures.probability_bars(clean, backdoored), key="draw.bars", alt=said)
    st.markdown(f"**{doses}**")
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
        later=True,
    )


st.header("Draw a digit. Flip one pixel.", anchor=False)
st.caption(
    "A backdoor is a rule that a network has learnt from poisoned training images: here, one white "
    "pixel at row 3, column 3 (from the top left, counted from 0) means “read an 8”. "
    "Both models read untouched digits equally well."
)
for complaint in ladder.complaints:
    st.error(complaint)
cards.style()
if rungs:
    page()
else:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
