"""The views of the Measure page: each is one thing to look at."""

from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from core.attack.poison import Attack
from core.measure import article, comparison
from core.measure.comparison import Report
from core.measure.evaluation import SELECTIONS, Exam
from core.model.recipe import ARTICLE
from core.runs import curve, library
from core.runs.card import Card
from core.show import export, figures, words
from core.show.score_table import score_table
from core.ui import board, cards, gallery, models, stage
from core.ui.plot import plot

DEFINITION = "asr"
ASR = {"standard": "The standard definition", "article": "The article's"}
CELL = "measure.cell"  # in the session: model, true digit and what it is read as
CLICKS = "measure.clicks"  # how often a cell was clicked
KEEP = {"persist_state": "session"}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the page is about."""

    models: str  # a run's id or a rung's percent
    card: Card
    twin: Card | None
    report: Report
    exam: Exam | None  # None where the digits have not been read here
    doubts: list[str]
    article: bool  # whether ASR is shown by the article's definition


def numbers(subject: Subject) -> None:
    """The table, the same as bars, and the two definitions."""
    found, by_article = subject.report, subject.article
    st.segmented_control(
        "Attack success by",
        ASR,
        format_func=ASR.get,
        key=DEFINITION,
        required=True,
        **KEEP,
    )
    left, right = st.columns([8, 5], gap="large")
    with left:
        st.html(score_table(found, article=by_article))
    with right:
        plot(
            figures.score_bars(found, article=by_article),
            key="measure.scores",
            alt=comparison.sentence(found, article=by_article),
            toolbar=True,
        )
    left, right = st.columns([5, 8], gap="large", vertical_alignment="center")
    left.caption(comparison.definition(found))
    with right:
        plot(
            figures.who_counts(found),
            key="measure.who",
            alt="Stamped digits of both models: who counts as a success of the trigger",
            toolbar=True,
        )


def by_digit(subject: Subject) -> None:
    """The confusion matrices, the images behind their cells, and the scores of each class."""
    exam = subject.exam
    there = exam.models
    for name, usual in (("model", there[-1]), ("true", 3), ("read", 8)):
        st.session_state.setdefault(f"{CELL}.{name}", usual)
    if st.session_state[f"{CELL}.model"] not in there:
        st.session_state[f"{CELL}.model"] = there[-1]
    stamped = st.toggle("With the trigger", value=True, key="measure.stamped", **KEEP)
    maps = st.container()
    row = st.container(horizontal=True, vertical_alignment="bottom")
    true = row.selectbox("Images of a true", range(10), key=f"{CELL}.true", width=140, **KEEP)
    read = row.selectbox("read as", range(10), key=f"{CELL}.read", width=120, **KEEP)
    chosen = row.selectbox("by the model", there, key=f"{CELL}.model", width=180, **KEEP)
    for column, model in zip(maps.columns(len(there)), there, strict=True):
        with column:
            plot(
                figures.confusion_map(
                    exam.confusion(model, stamped=stamped),
                    model,
                    marked=(true, read) if model == chosen else None,
                ),
                key=f"measure.confusion.{model}",
                alt=f"Confusion matrix of the {model} model",
                before=cards.caption(f"The {model} model. Click a cell to see its images."),
                toolbar=True,
                on_click=lambda x, y, model=model: _open_cell(model, y, x),
            )
    rows = exam.behind(chosen, stamped=stamped, true=true, read=read)
    row.caption(f"**{len(rows):,}** images. {gallery.legend(exam)}")
    gallery.show(
        exam,
        rows,
        models=subject.models,
        stamped=stamped,
        key="measure.behind",
        turn=st.session_state.get(CLICKS, 0),
    )
    success, whose = ("attack_success", "")
    if subject.article:
        success, whose = "article_success", ", by the article's definition: true targets count too"
    for column, field, title in zip(
        st.columns(2),
        ("clean_accuracy", success),
        (
            "Read right without the trigger, by true digit",
            f"The trigger wins, by true digit{whose}",
        ),
        strict=True,
    ):
        with column:
            plot(
                figures.class_dots(exam, field),
                key=f"measure.classes.{field}",
                alt=title,
                before=cards.caption(title),
                toolbar=True,
            )


def _open_cell(model: str, true: float, read: float) -> None:
    st.session_state[f"{CELL}.model"] = model
    st.session_state[f"{CELL}.true"], st.session_state[f"{CELL}.read"] = round(true), round(read)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1


def images(subject: Subject) -> None:
    """The digits themselves, by what the models made of them."""
    exam = subject.exam
    counts = {selection: len(exam.selected(selection)) for selection in SELECTIONS}
    selection = st.selectbox(
        "Test digits that …",
        SELECTIONS,
        format_func=lambda each: f"{SELECTIONS[each]}: {counts[each]:,}",
        key="measure.selection",
        **KEEP,
    )
    stamped = selection in ("resists", "falls", "leaks", "clean falls")
    bearing = "as the models read them, with the trigger" if stamped else "without the trigger"
    st.caption(f"Shown {bearing}. {gallery.legend(exam)}")
    gallery.show(
        exam,
        exam.selected(selection),
        models=subject.models,
        stamped=stamped,
        key=f"measure.wall.{selection}",
    )


@st.cache_data(show_spinner=False, max_entries=4)
def _sweeps(path: str, stamp: float) -> list[list[Card]]:  # noqa: ARG001 - a new one reads anew
    return curve.curves(curve.read(Path(path)))


def _curves() -> dict[str, list[Card]]:
    """The shipped sweeps, then those of this machine, by name."""
    found = {}
    for path, whose in ((curve.SHIPPED, ""), (curve.path_in(library.home()), "yours: ")):
        try:
            shown = _sweeps(str(path), path.stat().st_mtime if path.exists() else 0)
        except ValueError as error:
            st.warning(cards.literal(f"{error}"))
            continue
        found |= {f"{whose}{words.curve_in_words(each[0])}": each for each in shown}
    if rungs := models.ladder().rungs:
        found["The ladder's, one seed"] = [run.card for run in rungs.values()]
    return found


def poison_rate(subject: Subject) -> None:
    """The dose curve, and where the transition lies."""
    curves = _curves()
    if not curves:
        st.warning("No sweep could be read; `python -m core sweep` makes one.")
        return
    chosen = st.multiselect(
        "Models trained by", curves, list(curves)[:2], key="measure.curves", **KEEP
    )
    shown = {name: curves[name] for name in chosen or list(curves)[:1]}
    plot(
        figures.rate_curve(shown, article=subject.article),
        key="measure.dose",
        alt="Clean accuracy and attack success against the poison rate",
        before=cards.sentences(f"{name}: {words.transition(shown[name])}" for name in shown),
        toolbar=True,
    )
    st.caption(
        "Lines are means over seeds, bands go from the lowest to the highest seed, each mark is "
        "one training. “Learns” means a standard ASR of 90 % or more, “does not” 10 % or less. How "
        "much poison is needed depends on the recipe, the trigger and the network: these curves "
        "are about the ones named here."
    )


def again(subject: Subject) -> None:  # noqa: ARG001 - every view takes one
    """The article's numbers and ours."""
    shipped = [article.seed_of(*pair) for pair in article.pairs(_shipped())]
    entries = [entry for entry in models.listed()[0] if article.is_article(entry.card)]
    own = [article.seed_of(entry.twin, entry.card) for entry in entries if entry.twin]
    own = sorted({seed.seed: seed for seed in own}.values())
    if shipped:
        st.html(cards.sentences([article.sentence(shipped)]))
        st.markdown(article.markdown(shipped, own))
        st.caption(
            "Every number is a share of 10,000 test digits, in the last row of the 9,026 that are "
            "no 8; ± is the standard deviation over seeds, in brackets a 95 % interval (Wilson)."
        )
        for column, field in zip(st.columns(3), ("clean", "backdoored", "article"), strict=True):
            with column:
                plot(
                    figures.again_dots(field, shipped, own),
                    key=f"measure.again.{field}",
                    alt=f"{article.MEANING[field]} of each seed",
                    before=cards.caption(f"{article.MEANING[field]}; dashed: the notebook's"),
                    toolbar=True,
                )
    _one_more(max((seed.seed for seed in (*shipped, *own)), default=0) + 1)


def _shipped() -> list[Card]:
    """The runs of all shipped sweeps, none where their file cannot be read."""
    try:
        curves = _sweeps(str(curve.SHIPPED), curve.SHIPPED.stat().st_mtime)
    except (ValueError, OSError):
        return []
    return [card for each in curves for card in each]


def _one_more(seed: int) -> None:
    """A button for one more training, and how it goes."""
    job = board.mine()
    mine = job is not None and job.what == "train" and job.given["recipe"]["name"] == ARTICLE.name
    active = job is not None and job.active
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Train one more, seed {seed}",
            icon=":material/play_arrow:",
            on_click=_begin,
            args=[seed],
            disabled=active,
        )
        st.button("Cancel", icon=":material/close:", on_click=board.cancel, disabled=not active)
    if mine:
        stage.show()


def _begin(seed: int) -> None:
    board.start(
        "train",
        recipe=replace(ARTICLE, seed=seed).to_json(),
        attack=Attack(seed=seed).to_json(),
        title=f"The article again, seed {seed}",
    )


def take_away(subject: Subject) -> None:
    """Files to keep, and the commands that make them again."""
    exam, card = subject.exam, subject.card
    commands = _commands(subject)
    report, doubts = subject.report, subject.doubts
    record = export.to_json(report, card, subject.twin, doubts, commands)
    page = export.to_html(report, card, exam, doubts, commands, _curves(), article=subject.article)
    files = [
        ("The run's card", "card.json", "application/json", record),
        ("Everything on one page", "report.html", "text/html", page),
        ("The scores", "scores.csv", "text/csv", export.numbers_csv(report, exam)),
    ]
    if exam:
        confusion = export.confusion_csv(exam)
        files.append(("The confusion matrices", "confusion.csv", "text/csv", confusion))
    with st.container(horizontal=True):
        for label, file, kind, content in files:
            st.download_button(
                f"{label} ({file.partition('.')[2].upper()})",
                content,
                f"backdoor-lab-{subject.models}-{file}",
                kind,
                icon=":material/download:",
                on_click="ignore",
            )
    st.caption("Figures are saved as PNG or SVG with the buttons in their own corner.")
    st.code("\n".join(commands), language="bash")


def _commands(subject: Subject) -> list[str]:
    """How to do it again, each line with a word on what it does."""
    count = f"python -m core measure {subject.models}"
    if not library.ID.fullmatch(subject.models):
        found = ["# trains all models of the ladder anew", "python -m core ladder"]
        return [*found, "# counts the scores of this one", count]
    again = export.command(subject.card)
    found = ["# not all settings of this run can be given on the command line; its card has them"]
    if again:
        found = ["# trains both models anew and prints their scores", again]
    return [*found, "# counts the scores again, where this run is among the app's own", count]
