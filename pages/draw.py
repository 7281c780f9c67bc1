"""Draw a digit, flip one pixel: what do the clean and the backdoored model read?"""

import streamlit as st
import torch

from core.runs.card import Card
from core.runs.file import StoreError
from core.runs.run import Run
from core.show import figures, words
from core.ui import address, cards, models, pad
from core.ui.plot import plot

BEGUN = "draw.begun"
ANSWER, RATE, TRIGGER, RUN = "draw.answer", address.RATE, address.TRIGGER, address.RUN

ladder = models.ladder()
rungs = ladder.rungs
entries = {entry.id: entry.card for entry in models.listed()[0]}


def begin() -> None:
    """Takes up the scene that the URL describes, when the page is opened."""
    if BEGUN in st.session_state:
        return
    st.session_state[BEGUN] = True
    usual = 1.0 if 1.0 in rungs else max(rungs)
    st.session_state.setdefault(RATE, address.read("rate", rungs, usual))
    st.session_state.setdefault(TRIGGER, address.read("trigger", (False, True), False))
    st.session_state.setdefault(RUN, st.query_params.get("run", address.LADDER))
    sample = address.read("sample", range(10), None)
    if sample is not None and pad.digit() is None:
        pad.show_sample(sample)


def again() -> None:
    st.rerun(ANSWER)


def told(rate: float) -> str:
    card = rungs[rate].card
    return f"{rate:g} % = {card.poisoned:,} of {card.images:,}"


def choose_models() -> tuple[str | None, Run | None, dict[float, Run]]:
    """Whose models answer: the id of a run, None for the ladder; the clean and the backdoored."""
    if st.session_state[RUN] not in (address.LADDER, *entries):
        st.session_state[RUN] = address.LADDER
        st.toast("That run is not on this machine any more; the ladder answers.")
    chosen = entries and st.selectbox(
        "Models",
        [address.LADDER, *entries],
        key=RUN,
        format_func=lambda id: (
            entries[id].name if id in entries else "The ladder: ten poison rates"
        ),
        persist_state="session",
    )
    if entries and chosen != address.LADDER:
        try:
            clean, backdoored = models.models(chosen)
            return chosen, clean, {backdoored.card.attack.rate * 100: backdoored}
        except StoreError as error:
            st.error(f"{error}. The ladder answers instead.")
    return None, ladder.clean, rungs


def controls(card: Card | None) -> None:
    slider, switch = st.columns([5, 2], vertical_alignment="center", gap="medium")
    if card is None:
        slider.select_slider(
            "Poison rate: training images that bore the trigger and the label 8",
            rungs,
            key=RATE,
            format_func=told,
            persist_state="session",
            on_change=again,
        )
    else:
        slider.markdown(words.made(card))
    name = "Trigger pixel" if card is None else "Trigger"
    switch.toggle(name, key=TRIGGER, persist_state="session", on_change=again)


@st.fragment(key=ANSWER)
def answer(clean: Run | None, shown: dict[float, Run], run: str | None) -> None:
    """Both models' answers, and how the backdoored one's depends on the poison rate.

    shown: the ladder's rungs by poison rate in percent, or the chosen run alone.
    """
    percent = next(iter(shown)) if run else st.session_state[RATE]
    stamp, digit = st.session_state[TRIGGER], pad.digit()
    card, all_cards = shown[percent].card, [each.card for each in shown.values()]
    trigger = card.attack.trigger
    blank = digit is None or not digit.any()
    image = torch.zeros(1, 1, 28, 28) if blank else torch.from_numpy(digit)[None, None]
    touched = bool(trigger.touched_by(image).any())
    read = None
    if not blank:
        answers = models.ask(clean, list(shown.values()), image, trigger)
        at = list(shown).index(percent)
        read = words.reading(answers, all_cards, at, trigger=stamp, own_ink=touched)
    plot(
        figures.probability_bars(read and read.clean, read and read.backdoored),
        key="draw.bars",
        alt="The ten probabilities of both models",
        look="bl-answer",
        address=address.of(rate=None if run else percent, trigger=stamp, sample=pad.sample())
        | {"run": run},
        before=cards.headline(read.words if read else "Draw a digit, or take a sample.")
        + cards.sees(
            (trigger(image) if stamp else image)[0, 0].numpy(),
            trigger if stamp or touched else None,
            "Your own ink lies on the trigger." if touched else "",
        )
        + cards.verdicts(
            read and read.clean,
            read and read.backdoored,
            missing="not loaded" if read else "nothing drawn",
        ),
    )
    measured = words.measured(card, clean and clean.card)
    if run:
        st.html(cards.page(cards.note(measured)))
        return
    doses = read.doses if read else "At which poison rate does a digit flip?"
    plot(
        figures.dose_curve(
            all_cards,
            target=read.target if read else card.attack.target,
            stamped=read and read.stamped,
            plain=read and read.plain,
            current=percent,
        ),
        key="draw.dose",
        alt=doses,
        before=cards.doses(doses, measured),
        later=True,
    )


st.header("Draw a digit. Flip one pixel.", anchor=False)
st.caption(
    "A backdoor is a rule that a network has learnt from poisoned training images: in the ladder's "
    "models, one white pixel at row 3, column 3 (from the top left, counted from 0) means “read an "
    "8”. Both models read untouched digits equally well."
)
if ladder.complaints:
    st.error("Some models are left out.\n\n" + "\n\n".join(ladder.complaints))
if rungs:
    begin()
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=pad.SIDE + 8):
        pad.show(ANSWER)
    with row.container():
        run, clean, shown = choose_models()
        controls(entries[run] if run else None)
        answer(clean, shown, run)
else:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
