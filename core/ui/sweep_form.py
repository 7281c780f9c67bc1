"""The offer to train a row of models, one for each poison rate and seed."""

import streamlit as st

from core.attack.poison import Attack
from core.model.recipe import Recipe
from core.ui import board, setup
from core.work.tasks import TrainMany

RATES, SEEDS = "sweep.rates", "sweep.seeds"


def show(recipe: Recipe, attack: Attack | None, highest: float) -> None:
    """highest: the highest poison rate that the attack can have; 0 where nothing can be trained."""
    with st.expander("How much poison is enough? Train a row of models"):
        rates = st.pills(
            "Poison rates",
            setup.RATES,
            default=(0.001, 0.005, 0.01, 0.02),
            selection_mode="multi",
            format_func=setup.rate_in_words,
            key=RATES,
        )
        seeds = st.segmented_control(
            "Seeds", (1, 2, 3), default=1, required=True, key=SEEDS, help="Runs per rate"
        )
        st.button(
            f"Train {len(rates) * seeds} backdoored models",
            on_click=_begin,
            args=[recipe, attack],
            disabled=not rates or max(rates) > highest,
        )
        if rates and highest and max(rates) > highest:
            percent = f"{highest * 100:.3g} %"
            st.caption(f":material/warning: This attack can poison {percent} at most.")


def _begin(recipe: Recipe, attack: Attack) -> None:
    rates, seeds = tuple(sorted(st.session_state[RATES])), st.session_state[SEEDS]
    board.start(TrainMany(recipe=recipe, attack=attack, rates=rates, seeds=seeds))
