"""The places where a defender may stand, each with what it takes and what it cannot see."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.defend import clean
from core.defend.finding import BORDERLINE
from core.defend.scan import SIDES
from core.ui import at_door, doses, in_data, in_weights, overlays, repairs, why
from core.ui.subject import Subject

STAND = "defend.stand"  # in the session


def _door(subject: Subject, controls: DeltaGenerator) -> None:
    side = controls.segmented_control(
        "White square",
        SIDES,
        format_func=lambda side: "one pixel" if side == 1 else f"{side} by {side}",
        key="defend.side",
        default=SIDES[0],
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    at_door.scan(subject, side)
    st.caption(
        "Predictions alone, with 100 clean digits, nobody's training set and nobody's weights: a "
        "square is made white at every place, one after the other, and the digits are counted "
        f"that become another. {_held(subject)}"
    )
    if not subject.sealed:  # a stamped image would tell where the trigger is
        st.header("One image", anchor=False)
        image = at_door.own_image(subject.models)
        at_door.door(subject.models, image)
        st.header("Many images", anchor=False)
        st.caption(
            "STRIP: other digits are laid over an image, a hundred of them. What a network reads "
            "then changes from one to the next, unless a trigger wins over them all. Below are ten "
            "of the hundred, over the same image, and what each model reads. How much the readings "
            "differ is counted in bits; below the dashed line an image is turned away."
        )
        overlays.show(subject, image)
    st.caption(
        "What this does not show: a trigger of many faint pixels, a larger one, one that is black "
        "on ink, or an attacker who knows of the scan."
    )


def _data(subject: Subject, _: DeltaGenerator) -> None:
    explained = (
        "With the training set, the weights and 5,000 clean digits. Whitened features: what the "
        "last hidden layer makes of an image, 512 numbers, in standard deviations of clean digits "
        "of the class that it is labelled as. Clean images then differ about as much in every "
        "direction; poison makes one direction wide. The variance ratio says how wide: the "
        f"variance in the widest direction over that in the next. {_held(subject)} Choose 7 and "
        "see what 2-means accuses in clean data."
    )
    in_data.show(subject, explained)
    st.caption(
        "What this does not show: poison that looks like the class it is put into, or an attacker "
        "who knows of this. Fewer than a hundred poisoned images hardly lie apart."
    )


def _weights(subject: Subject, _: DeltaGenerator) -> None:
    in_weights.show(subject)
    st.caption(
        "With the weights and 500 clean digits: for each class the smallest pattern that turns "
        "nearly all other digits into it, after Neural Cleanse. Where one is far smaller than all "
        "others, somebody has put it there. The numbers say how many pixels it replaces. "
        f"{_held(subject)}"
    )
    st.caption(
        "What this does not show: where exactly the trigger is, as other pixels serve as well; a "
        "backdoor for one class of digits alone, or one that turns each digit into the next."
    )


def _held(subject: Subject) -> str:
    """What models are held against, in two sentences."""
    return f"{clean.described(subject.recipe)} {BORDERLINE}"


def _repair(subject: Subject, _: DeltaGenerator) -> None:
    repairs.show(subject)
    st.caption(
        "What this does not show: whether the backdoor comes back when the model goes on learning, "
        "or a repair of a larger network. Measured on 5,000 digits that no defence here has seen."
    )


def _doses(_: Subject, __: DeltaGenerator) -> None:
    doses.show()
    doses.caption()


def _why(subject: Subject, _: DeltaGenerator) -> None:
    why.show(subject)
    st.caption(
        "What the trigger changes on its way, for your drawing or a sample: the places of the last "
        "maps that it reaches, the channels that answer there, and what the ten classes gain."
    )


class Stand(NamedTuple):
    title: str
    show: Callable[[Subject, DeltaGenerator], None]  # the latter: where its controls may stand


STANDS = {
    "door": Stand("At the door", _door),
    "data": Stand("In the data", _data),
    "weights": Stand("In the weights", _weights),
    "repair": Stand("Repair", _repair),
    "why": Stand("Why", _why),
    "doses": Stand("How much?", _doses),
}
