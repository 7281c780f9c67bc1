"""What a training is to be, chosen by a person, and what it would do."""

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core.attack.phrases import percentage, plural
from core.attack.poison import Attack, LabelRule
from core.attack.trigger import NAMED, Cell, Trigger, painted
from core.digits import mnist, samples
from core.digits.augment import Affine
from core.digits.drawing import SIDE, centre
from core.model.recipe import ARTICLE, FAST, RECIPES, Recipe
from core.ui import cards, stage, web
from core.ui.address import KEEP
from core.work.jobs import BOARD, Job, WorkerError
from core.work.questions import Estimate, Warm
from core.work.tasks import Train, TrainMany

UNKNOWN = "How long is not known yet."  # about as wide as what is said then
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
CHOSEN = "train.chosen"  # attack and recipe
MOST_EPOCHS = 50
SOURCE = 3  # the digit of a one-source attack, until another is chosen

_painter = web.component("painter")


def usual(job: Job | None) -> tuple[Attack, Recipe]:
    """What the form begins with when its page is opened: what a job is about, or the article's."""
    work = job and job.work
    return (work.attack, work.recipe) if isinstance(work, Train | TrainMany) else (Attack(), FAST)


def remember(attack: Attack | None, recipe: Recipe) -> None:
    """For when the form is not on the page, under CHOSEN. attack: None while it is not whole."""
    st.session_state[CHOSEN] = attack, recipe


def choose_rate(usual: Attack, *, disabled: bool) -> float:
    """A share of the training set."""
    images = mnist.TRAINING_SIZE
    rate = st.select_slider(
        "Poison rate",
        (ONE, *RATES),
        usual.rate if usual.rate in RATES else ONE,
        format_func=lambda rate: _rate_in_words(rate, images),
        key="train.rate",
        disabled=disabled,
        **KEEP,
    )
    return rate or 1 / images


def choose_attack(usual: Attack) -> Attack | None:
    """All but its rate. None while it is not whole; raises ValueError where choices do not fit."""
    what, how = st.columns(2)
    shapes, trigger = [*NAMED, PAINTED], usual.trigger
    own = NAMED.get(trigger.name) != trigger
    st.session_state.setdefault(CELLS, list(trigger.cells) if own else [])
    shape = what.selectbox(
        "Trigger",
        shapes,
        shapes.index(PAINTED if own else trigger.name),
        format_func=_trigger_in_words,
        key="train.trigger",
        **KEEP,
    )
    trigger = NAMED[shape] if shape in NAMED else _paint()
    rule = how.selectbox(
        "What it does",
        RULES,
        list(RULES).index(usual.rule),
        format_func=RULES.get,
        key="train.rule",
        **KEEP,
    )
    source, target = None, usual.target
    if rule == LabelRule.ONE_SOURCE:
        first = SOURCE if usual.source is None else usual.source
        source = what.selectbox("Digit", range(10), first, key="train.source", **KEEP)
    if rule != LabelRule.ALL_TO_ALL:
        place = what if source is None else how
        target = place.selectbox("Target", range(10), usual.target, key="train.target", **KEEP)
    if trigger is None:
        return None
    return Attack(trigger=trigger, rule=rule, source=source, target=target, rate=usual.rate)


def _trigger_in_words(name: str) -> str:
    if name == PAINTED:
        return "Paint your own"
    cells = len(NAMED[name].cells)
    size = "one pixel" if cells == 1 else f"{cells} pixels"
    return f"{name.capitalize()}, {size if cells < SIDE * SIDE else 'over the whole image'}"


def _rate_in_words(rate: float, images: int) -> str:
    """A poison rate, with the number of images."""
    return f"{percentage(rate)} = {round(rate * images):,}" if rate else f"1 of {images:,}"


def _paint() -> Trigger | None:
    """A grid to paint on, over a faint digit; None until something is painted."""
    cells, faint = st.session_state[CELLS], np.uint8(centre(samples.sample(3).ink()) * 255)
    data = {"cells": cells, "faint": faint.ravel().tolist()}
    _painter(key=PAINTER, data=data, on_cells_change=_on_paint)
    return painted(cells) if cells else None


def _on_paint() -> None:
    cells = (st.session_state.get(PAINTER) or {}).get("cells")
    if cells is not None:
        st.session_state[CELLS] = [Cell(int(r), int(c), float(v)) for r, c, v in cells]


def choose_recipe(usual: Recipe) -> Recipe:
    first, second = st.columns(2, vertical_alignment="bottom")
    kind = first.segmented_control(
        "Recipe",
        KINDS,
        format_func=KINDS.get,
        default=usual.name,
        required=True,
        key="train.recipe",
        help=RECIPES_MEAN,
        **KEEP,
    )
    recipe = usual if usual.name == kind else RECIPES[kind]
    key = f"train.{kind}."  # every recipe has its own settings
    epochs, lr = min(recipe.epochs, MOST_EPOCHS), recipe.lr
    with second.popover("More", icon=":material/tune:"):
        epochs = st.number_input("Epochs", 1, MOST_EPOCHS, epochs, key=key + "epochs", **KEEP)
        batch = st.number_input("Images a step", 1, 5000, recipe.batch, key=key + "batch", **KEEP)
        lr = st.number_input(
            "Learning rate", 1e-5, 1.0, lr, 1e-3, format="%g", key=key + "lr", **KEEP
        )
        augment = st.toggle(
            "Augment: turn, scale and shift",
            bool(recipe.augment),
            key=key + "augment",
            help="Stamped images too, and their trigger with them: an attacker writes to the data, "
            "not to the trainer's code.",
            **KEEP,
        )
        seed = st.number_input("Seed", 0, 10**6, recipe.seed, key=key + "seed", **KEEP)
    augment = Affine() if augment else None
    return replace(RECIPES[kind], epochs=epochs, batch=batch, lr=lr, augment=augment, seed=seed)


def show_images(tiles: list[dict[str, Any]], attack: Attack) -> None:
    """Sixteen images of the poisoned training set, as they will be learnt."""
    st.caption("Some poisoned images, true digit → label. Can you see what was done to them?")
    ring = st.toggle("Show me the trigger", key="train.ring")
    st.html(cards.tiles(tiles, attack.trigger if ring else None))


def duration(recipe: Recipe) -> str:
    """In words; not known while the worker is still to start, or has nothing to tell it from."""
    if not BOARD.ready:
        BOARD.prepare(Warm())
        return UNKNOWN
    try:
        seconds = BOARD.ask(Estimate(recipe=recipe, busy=BOARD.running is not None))
    except WorkerError:
        return UNKNOWN
    return f"About {max(1, round(seconds))} s on this machine." if seconds else UNKNOWN


def offer_sweep(recipe: Recipe, attack: Attack | None, highest: float) -> None:
    """A row of models, one for each poison rate and seed.

    highest: the highest poison rate that the attack can have; 0 where nothing can be trained.
    """
    with st.expander("How much poison is enough? Train a row of models"):
        rates = st.pills(
            "Poison rates",
            RATES,
            default=(0.001, 0.005, 0.01, 0.02),
            selection_mode="multi",
            format_func=percentage,
            key="sweep.rates",
        )
        seeds = st.segmented_control(
            "Seeds", (1, 2, 3), default=1, required=True, key="sweep.seeds", help="Runs per rate"
        )
        models = len(rates) * seeds
        label = f"Train {models} backdoored {plural('model', models)}"
        blocked = not rates or max(rates) > highest
        if st.button(label, key="sweep.train", disabled=blocked) and not blocked:
            work = TrainMany(recipe=recipe, attack=attack, rates=tuple(sorted(rates)), seeds=seeds)
            stage.start(work)
            st.rerun()
        if rates and highest and max(rates) > highest:
            most = percentage(highest)
            st.caption(f":material/warning: This attack can poison {most} at most.")
