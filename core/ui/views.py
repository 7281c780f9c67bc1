"""The views of the Measure page: each is one thing to look at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.attack.phrases import plural
from core.measure import comparison
from core.measure.comparison import Comparison
from core.measure.evaluation import SELECTIONS, Evaluation
from core.model.role import Pair, Role
from core.model.scores import Definition
from core.runs import library
from core.runs.card import Card
from core.show import export, words
from core.show.figures import measure, train
from core.show.figures.pieces import Figure
from core.ui import address, again, cards, curves, gallery, home
from core.ui.address import KEEP
from core.ui.plot import plot

# In the session: by which definition ASR is shown, in the URL too; which test digits are; whether
# those of the confusion matrices bear the trigger; the chosen cell, and how often one was clicked
DEFINITION = "asr"
SELECTION = "measure.selection"
STAMPED = "measure.stamped"
MODEL, TRUE, READ = "measure.cell.model", "measure.cell.true", "measure.cell.read"
CLICKS = "measure.clicks"
USUAL = (3, 8)  # the cell to begin with: true digit, and what it is read as
SHOWN = 2  # curves, until others are chosen


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the page is about."""

    models: str  # a run's id or a rung's percent
    cards: Pair[Card]
    comparison: Comparison
    evaluation: Evaluation | None  # None where the digits have not been read here
    doubts: list[str]
    definition: Definition  # of ASR


def _show(place: DeltaGenerator, figure: Figure, name: str, **options: Any) -> None:
    """A figure that can be saved; options: as `plot` takes them."""
    with place:
        plot(figure, key=f"measure.{name}", toolbar=True, **options)


def numbers(subject: Subject) -> None:
    """The table, the same as bars, and the two definitions."""
    compared, definition = subject.comparison, subject.definition
    st.segmented_control(
        "Attack success by",
        [definition.value for definition in Definition],
        format_func=lambda value: Definition(value).choice,
        key=DEFINITION,
        required=True,
        **KEEP,
    )
    left, right = st.columns([8, 5], gap="large")
    assumed = cards.caption(words.assumptions(subject.cards.backdoored))
    left.html(export.score_table(compared, definition) + assumed)
    headline = comparison.verdict(compared, definition)
    _show(right, measure.score_bars(compared, definition), "scores", alt=headline)
    left, right = st.columns([5, 8], gap="large", vertical_alignment="center")
    left.caption(comparison.both_definitions(compared))
    alt = "Stamped digits of both models: who counts as a success of the trigger"
    _show(right, measure.who_counts(compared), "who", alt=alt)


def by_digit(subject: Subject) -> None:
    """The confusion matrices, the images behind their cells, and the scores of each class."""
    evaluation = subject.evaluation
    roles = evaluation.roles
    names = [role.value for role in roles]
    if st.session_state.get(MODEL) not in names:
        st.session_state[MODEL] = address.read("by", names, names[-1])
    st.session_state.setdefault(TRUE, address.read("true", range(10), USUAL[0]))
    st.session_state.setdefault(READ, address.read("read", range(10), USUAL[1]))
    st.session_state.setdefault(STAMPED, address.read("stamped", (False, True), True))
    stamped = st.toggle("With the trigger", key=STAMPED, **KEEP)
    maps = st.container()
    row = st.container(horizontal=True, vertical_alignment="bottom")
    true = row.selectbox("Images of a true", range(10), key=TRUE, width=140, **KEEP)
    read = row.selectbox("read as", range(10), key=READ, width=120, **KEEP)
    chosen = Role(row.selectbox("by the model", names, key=MODEL, width=180, **KEEP))
    address.write(key="measure.address", by=chosen, true=true, read=read, stamped=stamped)
    for column, role in zip(maps.columns(len(roles)), roles, strict=True):
        counts = evaluation.confusion(role, stamped=stamped)
        marked = (true, read) if role == chosen else None
        _show(
            column,
            measure.confusion_map(counts, role, marked=marked),
            f"confusion.{role}",
            alt=f"Confusion matrix of the {role} model",
            before=cards.caption(f"The {role} model. Click a cell to see its images."),
            on_click=lambda x, y, role=role: _open_cell(role, y, x),
        )
    rows = evaluation.behind(chosen, stamped=stamped, true=true, read=read)
    images = plural("image", len(rows))
    row.caption(f"**{len(rows):,}** {images}. {gallery.legend(evaluation)}")
    gallery.show(
        evaluation,
        rows,
        models=subject.models,
        stamped=stamped,
        key="measure.behind",
        turn=st.session_state.get(CLICKS, 0),
    )
    dots = measure.of_classes(evaluation, subject.definition)
    for i, (column, title) in enumerate(zip(st.columns(len(dots)), dots, strict=True)):
        _show(column, dots[title], f"classes.{i}", alt=title, before=cards.caption(title))


def _open_cell(role: Role, true: float, read: float) -> None:
    st.session_state[MODEL] = role.value
    st.session_state[TRUE], st.session_state[READ] = round(true), round(read)
    st.session_state[CLICKS] = st.session_state.get(CLICKS, 0) + 1


def by_selection(subject: Subject) -> None:
    """The digits themselves, by what the models made of them."""
    evaluation = subject.evaluation
    rows = {name: selection.rows(evaluation) for name, selection in SELECTIONS.items()}
    st.session_state.setdefault(SELECTION, address.read("selection", SELECTIONS, "resists"))
    name = st.selectbox(
        "Test digits that …",
        SELECTIONS,
        format_func=lambda name: f"{SELECTIONS[name].words}: {len(rows[name]):,}",
        key=SELECTION,
        **KEEP,
    )
    address.write(key="measure.address", selection=name)
    stamped = SELECTIONS[name].stamped
    bearing = "as the models read them, with the trigger" if stamped else "without the trigger"
    st.caption(f"Shown {bearing}. {gallery.legend(evaluation)}")
    gallery.show(
        evaluation,
        rows[name],
        models=subject.models,
        stamped=stamped,
        key=f"measure.wall.{name}",
    )


def poison_rate(subject: Subject) -> None:
    """The dose curve, and where the backdoor comes in."""
    known = curves.by_name()
    if not known:
        st.warning("No sweep could be read; `python -m core sweep` makes one.")
        return
    first = list(known)[:SHOWN]
    chosen = st.pills(
        "Models trained by",
        known,
        default=first,
        selection_mode="multi",
        format_func=cards.escaped,
        key="measure.curves",
        **KEEP,
    )
    shown = {name: known[name] for name in chosen or first[:1]}
    _show(
        st.container(),
        train.rate_curve(shown, definition=subject.definition),
        "dose",
        alt="Clean accuracy and attack success against the poison rate",
        before=cards.sentences(f"{name}: {words.transition(shown[name])}" for name in shown),
    )
    st.caption(
        "Lines are means over seeds, bands go from the lowest to the highest seed, each mark is "
        "one training. “Learns” means a standard ASR of 90 % or more, “does not” 10 % or less. How "
        "much poison is needed depends on the recipe, the trigger and the network: these curves "
        "are about the ones named here."
    )


def files(subject: Subject) -> None:
    """Files to keep, and the commands that make them again."""
    compared, evaluation, card = subject.comparison, subject.evaluation, subject.cards.backdoored
    commands, reasons = _commands(subject.models, card), subject.doubts
    known, definition = curves.by_name(), subject.definition
    record = export.to_json(compared, subject.cards, reasons, commands)
    page = export.to_html(compared, card, evaluation, reasons, commands, known, definition)
    offers = [
        ("The run's card", "card.json", "application/json", record),
        ("Everything on one page", "report.html", "text/html", page),
        ("The scores", "scores.csv", "text/csv", export.numbers_csv(compared, evaluation)),
    ]
    if evaluation:
        confusion = export.confusion_csv(evaluation)
        offers.append(("The confusion matrices", "confusion.csv", "text/csv", confusion))
    with st.container(horizontal=True):
        for label, file, kind, content in offers:
            st.download_button(
                f"{label} ({file.partition('.')[2].upper()})",
                content,
                f"backdoor-lab-{subject.models}-{file}",
                kind,
                icon=":material/download:",
                on_click="ignore",
            )
    st.link_button(
        "The models themselves, with pad and trigger, in one page (HTML)",
        home.url(subject.models),
        icon=":material/download:",
    )
    st.caption(
        "The last is made when you ask for it, within ten seconds or so, and needs no server: it "
        "can be opened from the disk, and passed on."
    )
    st.caption("Figures are saved as PNG or SVG with the buttons in their own corner.")
    # in colours it has too little contrast, and what has to be scrolled no keyboard reaches
    st.code("\n".join(commands), language=None, wrap_lines=True)


def _commands(models: str, card: Card) -> list[str]:
    """How to do it again, each line after a word on what it does."""
    count = f"python -m core measure {models}"
    if not library.ID.fullmatch(models):
        anew = ["# trains all models of the ladder anew", "python -m core ladder"]
        return [*anew, "# counts the scores of this one", count]
    anew = ["# not all settings of this run can be given on the command line; its card has them"]
    if command := export.command(card):
        anew = ["# trains both models anew and prints their scores", command]
    return [*anew, "# counts the scores again, where this run is among the app's own", count]


class View(NamedTuple):
    title: str
    show: Callable[[Subject], None]
    needs_evaluation: bool = False  # what each digit was read as, and not the scores alone


VIEWS = {  # as the URL names them
    "numbers": View("Numbers", numbers),
    "classes": View("By digit", by_digit, needs_evaluation=True),
    "images": View("Images", by_selection, needs_evaluation=True),
    "rates": View("Poison rate", poison_rate),
    "article": View("The article", lambda _: again.show()),
    "files": View("Take away", files),
}
