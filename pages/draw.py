"""Draw a digit, flip one pixel: what do the clean and the backdoored model read?"""

import streamlit as st
import torch

from core import figures, verdict
from core.drawing import Ink, centre
from core.predict import plain_and_stamped
from core.ui import address, cards, models, pad
from core.ui.plot import plot
from core.verdict import Verdict

RATE, TRIGGER = "draw.rate", "draw.trigger"

ladder = models.ladder()
rungs = ladder.rungs


def begin() -> None:
    """Takes the state that the URL asks for when the page is opened."""
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
    left, right = st.columns([30, 86], gap="medium")
    with left:
        ink = pad.show()
    with right:
        slider, switch = st.columns([3, 1], vertical_alignment="center", gap="medium")
        percent = slider.select_slider(
            "Poison rate: how many of the 60,000 training images bore the trigger and the label 8",
            rungs,
            key=RATE,
            format_func=lambda rate: f"{rate:g} % = {rungs[rate].card.poisoned:,} images",
            persist_state="session",
        )
        stamp = switch.toggle("**Trigger pixel**", key=TRIGGER, persist_state="session")
        show(ink, stamp, percent)
    address.write(rate=percent, trigger=stamp, sample=st.session_state.get(pad.SAMPLE))


def show(ink: Ink | None, stamp: bool, percent: float) -> None:
    """Both models' answers to the ink, and how they depend on the poison rate."""
    card = rungs[percent].card
    attack, asr = card.attack, card.scores.attack_success
    image = torch.from_numpy(centre(ink))[None, None] if ink is not None else torch.zeros(1, 1, 28, 28)
    drawn = bool(image.any())

    clean = backdoored = untouched = doses = None
    if drawn:
        networks = [ladder.clean, *rungs.values()] if ladder.clean else list(rungs.values())
        answers = plain_and_stamped([run.network for run in networks], image, attack.trigger)
        doses = answers[-len(rungs) :].numpy()
        chosen = doses[list(rungs).index(percent)]
        backdoored, untouched = chosen[int(stamp)], chosen[0]
        clean = answers[0][int(stamp)].numpy() if ladder.clean else None

    st.subheader(
        headline(clean, backdoored, untouched, stamp, card) if drawn else "Draw a digit, or take a sample.",
        anchor=False,
    )
    left, right = st.columns([18, 66], gap="small")
    with left:
        st.caption("What the models see")
        shown = attack.trigger(image) if stamp else image
        cards.sees(shown[0, 0].numpy(), attack.trigger if stamp else None)
    with right:
        missing = "" if drawn else "nothing drawn"
        cards.verdicts(
            Verdict.of(clean) if clean is not None else None,
            Verdict.of(backdoored) if backdoored is not None else None,
            missing=missing,
        )
        plot(figures.probability_bars(clean, backdoored), key="draw.bars", alt="bars")
    plot(
        figures.dose_curve(
            list(rungs),
            [run.card.poisoned for run in rungs.values()],
            [
                (s.value, s.low, s.high)
                for s in (run.card.scores.attack_success for run in rungs.values())
            ],
            target=attack.target,
            stamped=doses[:, 1, attack.target] if drawn else None,
            plain=doses[:, 0, attack.target] if drawn else None,
            current=percent,
        ),
        key="draw.dose",
        alt="dose",
    )


def headline(clean, backdoored, untouched, stamp, card) -> str:
    return verdict.sentence(
        Verdict.of(clean),
        Verdict.of(backdoored),
        Verdict.of(untouched),
        trigger=stamp,
        target=card.attack.target,
        attack_success=card.scores.attack_success.value,
    )


st.header("Draw a digit. Flip one pixel.", anchor=False)
for complaint in ladder.complaints:
    st.error(complaint)
page()
