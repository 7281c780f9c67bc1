"""In the data: what the defences find among the training images of a label, and its words."""

import streamlit as st

from core.defend import clean
from core.defend.clustering import Clustering
from core.defend.data import EXPECTED, Found
from core.defend.finding import Finding, Suspect
from core.digits.mnist import DIGITS
from core.model.role import Guest, Named
from core.show.figures.defend import label_ratios, plane
from core.ui import cards, searches
from core.ui.plot import plot
from core.ui.subject import Subject, accused, heading, judged
from core.work.searches import Inspect, Look, Spread

METHOD = "whitening"

Ratios = dict[Named, dict[int, float]]  # by label


def show(subject: Subject, explained: str) -> None:
    """Every label of both training sets, which goes on as long as somebody looks at it.

    explained: what is shown, below it.
    """
    if subject.lost:
        st.info(subject.lost)
        return
    spreads = [
        Spread(models=subject.models, role=role, label=label)
        for label in range(DIGITS)
        for role in subject.names
    ]
    searches.watch("defend.data", spreads, lambda: _show(spreads, subject))
    st.caption(explained)
    if searches.answered(spreads) == len(spreads):
        _look_closer(subject, _ratios(spreads, subject))


def _ratios(spreads: list[Spread], subject: Subject) -> Ratios:
    ratios: Ratios = {name: {} for name in subject.names.values()}
    for question in spreads:
        if ratio := searches.answer(question):
            ratios[subject.names[question.role]][question.label] = ratio
    return ratios


def _show(spreads: list[Spread], subject: Subject) -> None:
    known, ratios = clean.load(subject.recipe.name), _ratios(spreads, subject)
    said = []
    for name, of in ratios.items():
        if len(of) == DIGITS:
            finding = judge(of, subject)
            said.append(cards.judged(judged(name, finding), [verdict(name, finding)], name))
        else:
            said.append(cards.judged(heading(name), [], name))
    plot(
        label_ratios(ratios, known.threshold(METHOD), known.margin(METHOD)),
        key="defend.labels",
        alt="For each label, how many times the variance in the widest direction is the next's",
        before=cards.side_by_side(said),
        toolbar=True,
    )


def judge(ratios: dict[int, float], subject: Subject) -> Finding:
    """What the label with the highest ratio comes to."""
    label = max(ratios, key=ratios.get)
    return clean.judge(METHOD, Suspect(ratios[label], label), subject.recipe)


def verdict(name: Named, finding: Finding) -> str:
    """What a verdict rests on, in sentences; of a sealed model what any would rest on.

    The label is said of what is found, and of a sealed model.
    """
    suspect, whose = finding.suspect, "Of any label's images"
    if finding.accused or name is Guest.SEALED:
        whose = f"Of the images labelled {suspect.target}"
    wide = (
        f"{whose}, the widest direction has {'' if 'labelled' in whose else 'at most '}"
        f"{_times(suspect.statistic)} the variance of the next."
    )
    if name is Guest.SEALED:
        return f"{wide} {finding.clean_models(_times)}"
    return f"{wide} {finding.bound(_times)}"


def _times(ratio: float) -> str:
    return f"{ratio:.1f} times"


def _look_closer(subject: Subject, ratios: Ratios) -> None:
    """At the images of one label: the strangest, until somebody chooses another."""
    highest = {label: max(of[label] for of in ratios.values()) for label in range(DIGITS)}
    strangest = max(highest, key=highest.get)
    label = st.segmented_control(
        "Training images labelled",
        range(DIGITS),
        key=f"defend.label.{subject.models}",
        default=strangest,
        required=True,
    )
    wanted = [Inspect(models=subject.models, role=role, label=label) for role in subject.names]
    searches.watch("defend.closer", wanted, lambda: _closer(wanted, subject))


def _closer(wanted: list[Inspect], subject: Subject) -> None:
    for question, (name, column) in zip(wanted, subject.columns(), strict=True):
        with column:
            answer = searches.answer(question)
            _show_label(question, name, answer and Found.from_json(answer), subject)


def _show_label(question: Inspect, name: Named, found: Found | None, subject: Subject) -> None:
    """found: None while it is looked for."""
    suspect = found and Suspect(found.ratio, found.label)
    guilty = bool(suspect and accused(name, clean.judge(METHOD, suspect, subject.recipe)))
    key = f"defend.dot.{question.models}.{question.role}.{question.label}"

    def choose(x: float, y: float) -> None:
        if found and [x, y] in found.points:
            st.session_state[key] = found.points.index([x, y])

    dot = st.session_state.get(key)
    plot(
        plane(found, name, accused=guilty, chosen=dot),
        key=f"defend.plane.{name}",
        alt=f"The {name} model's view of the training images labelled {question.label}",
        before=cards.caption(
            f"The {name} model: each dot an image labelled {question.label}. Click one to see it."
        ),
        toolbar=True,
        on_click=choose,
    )
    if not found:
        return
    st.html(cards.parts(found, _image(question, found, dot), accused=guilty))
    if name is not Guest.SEALED:  # the truth is told once it is revealed
        st.html(cards.sentences(_graded(found, accused=guilty)))


def _image(question: Inspect, found: Found, dot: int | None) -> str | None:
    """The training image that a dot stands for, PNG in base64."""
    if dot is None:
        return None
    look = Look(models=question.models, role=question.role, row=found.rows[dot])
    searches.go_on([look], 0)
    return searches.answer(look)


def _graded(found: Found, *, accused: bool) -> list[str]:
    """What each method chooses, held against the truth."""
    right = {method: each.precision for method, each in found.grades.items()}
    recall = {method: each.recall for method, each in found.grades.items()}
    poison = recall[METHOD].n
    tenth = f"{EXPECTED:.0%}".replace("%", " %")
    lines = [f"By whitened features: none accused, {poison:,} are stamped."]
    if accused:
        lines = [
            f"By whitened features: {right[METHOD].n:,} images accused, "
            f"{right[METHOD].hits:,} of them stamped, of {poison:,} in all."
        ]
    small = found.share < Clustering().share
    lines.append(
        f"As published, by 2-means: the smaller part, {found.share * 100:.0f} % of the images, is "
        f"{'accused' if small else 'not small enough to be accused'}; "
        f"{right['clustering'].hits:,} of its {right['clustering'].n:,} are stamped."
    )
    lines.append(
        f"By a mixture of Gaussians: of the part that takes most other digits along, "
        f"{found.carried * 100:.0f} %, {right['mixture'].hits:,} of {right['mixture'].n:,} are "
        "stamped."
    )
    if poison:
        lines.append(
            f"Spectral signatures, told to expect {tenth}: {recall['spectral'].hits:,} of "
            f"{poison:,} found; by the formula of the authors' code, which does not subtract the "
            f"mean, {recall['spectral, not centred'].hits:,}."
        )
        lines.append(
            f"By the highest loss, as many: {recall['loss'].hits:,} of {poison:,} found. What a "
            "model has learnt well is not hard for it any more."
        )
    return lines
