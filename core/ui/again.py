"""The article's numbers and ours, and one more training of the article's."""

from dataclasses import replace

import streamlit as st

from core.attack.poison import Attack
from core.measure import article
from core.measure.article import seed_of
from core.model.recipe import ARTICLE
from core.model.role import Pair
from core.runs.card import Card
from core.show.figures.measure import again_dots
from core.ui import cards, curves, models, stage
from core.ui.plot import plot
from core.work.tasks import Train


def show() -> None:
    """Ours and one's own beside the notebook's, and a button for one more seed."""
    ours, yours = article.pairs(curves.shipped()), _trained_here()
    if ours:
        st.html(cards.sentences([article.spread_in_words(ours)]))
        st.markdown(article.markdown(ours, yours))
        st.caption(
            "In percent of 10,000 test digits, in the last row of the 9,026 that are "
            "no 8; ± is the standard deviation over seeds, in brackets a 95 % interval (Wilson)."
        )
        columns = st.columns(len(article.PRINTED))
        for i, (column, number) in enumerate(zip(columns, article.PRINTED, strict=True)):
            with column:
                plot(
                    again_dots(number, ours, yours),
                    key=f"measure.again.{i}",
                    alt=f"{number.meaning} of each seed",
                    before=cards.caption(f"{number.meaning}; dashed: the notebook's"),
                    toolbar=True,
                )
    seed = max(map(seed_of, [*ours, *yours]), default=0) + 1
    recipe, title = replace(ARTICLE, seed=seed), f"The article again, seed {seed}"
    job, busy = stage.mine(), stage.busy()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Train one more, seed {seed}",
            icon=":material/play_arrow:",
            on_click=stage.start,
            args=[Train(recipe=recipe, attack=Attack(seed=seed), title=title)],
            disabled=busy,
        )
        st.button("Cancel", icon=":material/close:", on_click=stage.cancel, disabled=not busy)
    if job and isinstance(job.work, Train) and job.work.recipe.name == ARTICLE.name:
        stage.show(job.work.attack, job.work.recipe)


def _trained_here() -> list[Pair[Card]]:
    """The last run of each seed."""
    entries = [entry for entry in reversed(models.listed()[0]) if not entry.repaired]
    runs = [Pair(entry.twin, entry.card) for entry in entries]
    by_seed = {
        seed_of(pair): pair for pair in runs if pair.clean and article.is_article(pair.backdoored)
    }
    return [by_seed[seed] for seed in sorted(by_seed)]
