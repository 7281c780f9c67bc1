"""What a training is to be: data, attack and recipe, chosen by a person."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import NAMED, Trigger, painted
from core.digits import mnist, samples
from core.digits.augment import Affine
from core.digits.drawing import SIDE, centre
from core.model.recipe import ARTICLE, FAST, RECIPES, Recipe
from core.ui import painter
from core.ui.address import KEEP
from core.work.jobs import Job
from core.work.tasks import Train, TrainMany

ONE = 0.0  # the slider's first stop: a single image
RATES = (1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.003, 0.005, 0.007)
RATES += (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
RULES = {
    LabelRule.ALL_TO_ONE: "any digit → target",
    LabelRule.ONE_SOURCE: "one digit → target",
    LabelRule.ALL_TO_ALL: "every digit → the next",
}
KINDS = {FAST.name: "Fast", ARTICLE.name: "Article"}
RECIPES_MEAN = (
    "Fast shows every image once, then goes on with those that had the highest loss, poisoned ones "
    "among them. Article does as the article's notebook: ten epochs of everything."
)
PAINTED, CELLS, PAINTER = "painted", "train.cells", "train.painter"


def choose_attack() -> Attack | None:
    """None while it is not whole; raises ValueError where choices do not fit together."""
    what, how = st.columns(2)
    shape = what.selectbox(
        "Trigger", (*NAMED, PAINTED), format_func=trigger_in_words, key="train.trigger", **KEEP
    )
    trigger = NAMED[shape] if shape in NAMED else _paint()
    rule = how.selectbox("What it does", RULES, format_func=RULES.get, key="train.rule", **KEEP)
    images = mnist.TRAINING_SIZE
    source, target = None, 8
    if rule == LabelRule.ONE_SOURCE:
        source = what.selectbox("Digit", range(10), index=3, key="train.source", **KEEP)
    if rule != LabelRule.ALL_TO_ALL:
        target = (what if source is None else how).selectbox(
            "Target", range(10), index=8, key="train.target", **KEEP
        )
    rate = st.select_slider(
        "Poison rate",
        (ONE, *RATES),
        value=0.01,
        format_func=lambda rate: rate_in_words(rate, images),
        key="train.rate",
        **KEEP,
    )
    if trigger is None:
        return None
    return Attack(trigger=trigger, rule=rule, source=source, target=target, rate=rate or 1 / images)


def trigger_in_words(name: str) -> str:
    if name == PAINTED:
        return "Paint your own"
    cells = len(NAMED[name].cells)
    size = "one pixel" if cells == 1 else f"{cells} pixels"
    return f"{name.capitalize()}, {size if cells < SIDE * SIDE else 'over the whole image'}"


def _paint() -> Trigger | None:
    """None until something is painted."""
    cells = st.session_state.setdefault(CELLS, [])
    faint = np.uint8(centre(samples.sample(3).ink()) * 255)
    painter.paint(cells, faint.ravel().tolist(), key=PAINTER, on_change=_on_paint)
    return painted(cells) if cells else None


def _on_paint() -> None:
    cells = painter.painted(PAINTER)
    if cells is not None:
        st.session_state[CELLS] = cells


def choose_recipe() -> Recipe:
    first, second = st.columns(2, vertical_alignment="bottom")
    kind = first.segmented_control(
        "Recipe",
        KINDS,
        format_func=KINDS.get,
        default=FAST.name,
        required=True,
        key="train.recipe",
        help=RECIPES_MEAN,
        **KEEP,
    )
    recipe = RECIPES[kind]
    key = f"train.{kind}."  # every recipe has its own defaults
    with second.popover("More", icon=":material/tune:"):
        epochs = st.number_input("Epochs", 1, 50, recipe.epochs, key=key + "epochs", **KEEP)
        batch = st.number_input("Images a step", 1, 5000, recipe.batch, key=key + "batch", **KEEP)
        lr = st.number_input(
            "Learning rate", 1e-5, 1.0, recipe.lr, 1e-3, format="%g", key=key + "lr", **KEEP
        )
        augment = st.toggle("Augment: turn, scale and shift", key=key + "augment", **KEEP)
        seed = st.number_input("Seed", 0, 10**6, recipe.seed, key=key + "seed", **KEEP)
    return replace(
        recipe,
        epochs=epochs,
        batch=batch,
        lr=lr,
        augment=Affine() if augment else None,
        seed=seed,
    )


def recall(job: Job | None) -> None:
    """Fills the form with what a job is about, when its page is opened anew."""
    work = job and job.work
    if not isinstance(work, Train | TrainMany) or "train.trigger" in st.session_state:
        return
    attack, recipe, trigger = work.attack, work.recipe, work.attack.trigger
    state = {
        "train.trigger": trigger.name if NAMED.get(trigger.name) == trigger else PAINTED,
        CELLS: list(trigger.cells),
        "train.rule": attack.rule,
        "train.target": attack.target,
        "train.rate": attack.rate if attack.rate in RATES else ONE,
    }
    if attack.source is not None:
        state["train.source"] = attack.source
    key = f"train.{recipe.name}."
    state |= {
        "train.recipe": recipe.name,
        key + "epochs": recipe.epochs,
        key + "batch": recipe.batch,
        key + "lr": recipe.lr,
        key + "augment": recipe.augment is not None,
        key + "seed": recipe.seed,
    }
    st.session_state.update(state)


def rate_in_words(rate: float, images: int = 0) -> str:
    """A poison rate, with the number of images where their total is known."""
    if rate == ONE:
        return f"1 of {images:,}"
    share = f"{rate * 100:g} %"
    return f"{share} = {round(rate * images):,}" if images else share
