"""In the data: what the defences find among the training images of a label, and its words."""

import streamlit as st

from core.defend import clean
from core.defend.clean import Clean
from core.defend.clustering import Clustering
from core.defend.data import EXPECTED, Found
from core.digits import mnist
from core.digits.mnist import DIGITS
from core.model.role import Pair, Role
from core.runs.card import Card
from core.show.figures.defend import label_rates, plane
from core.ui import cards, inspections
from core.ui.inspections import Key
from core.ui.plot import plot
from core.work.jobs import WorkerError

TICK = 0.1  # seconds between two labels


def show(models: str, of: Pair[Card]) -> None:
    """Every label of both training sets, which goes on as long as somebody looks at it."""
    roles = [role for role, _ in of.present()]
    if (data := of.backdoored.data) != mnist.NAME:
        st.info(cards.literal(f"These models were trained on {data}, which is not here."))
        return
    keys = [Key(models=models, role=role, label=label) for label in range(DIGITS) for role in roles]
    going = not all(map(inspections.known, keys))
    tick, recipe = TICK if going else None, of.backdoored.recipe.name
    st.fragment(_show, run_every=tick, key="defend.data")(keys, roles, recipe, going)


def _show(keys: list[Key], roles: list[Role], recipe: str, going: bool) -> None:
    try:
        known = clean.load(recipe)
        if going:
            done = sum(map(bool, map(inspections.known, keys)))
            words = f"{done} of {len(keys)} labels are looked through. Leave the page to stop."
            st.progress(done / len(keys), words)
            inspections.go_on(keys)
    except (ValueError, WorkerError) as error:
        st.error(cards.literal(f"could not inspect the training images: {error}"))
        return
    found = {role: {} for role in roles}
    for key in keys:
        if each := inspections.known(key):
            found[key.role][key.label] = each
    done = sum(map(len, found.values()))
    plot(
        label_rates(
            {
                role: {label: each.highest for label, each in of.items()}
                for role, of in found.items()
            },
            known.mixture_threshold,
        ),
        key="defend.labels",
        alt="For each label, how many other digits the strangest part of its images takes along",
        before=cards.sentences(_verdicts(found, known, whole=done == len(keys))),
        toolbar=True,
    )
    if not done:
        return
    label = _choose(keys[0].models, found)
    for role, column in zip(roles, st.columns(len(roles), gap="large"), strict=True):
        if each := found[role].get(label):
            with column:
                _show_label(role, each, known)
    if going and done == len(keys):
        st.rerun()


def _choose(models: str, found: dict[Role, dict[int, Found]]) -> int:
    """The label that is looked at: the strangest, until somebody chooses another."""
    rates = {}
    for of in found.values():
        for label, each in of.items():
            rates[label] = max(rates.get(label, 0), each.highest)
    strangest = max(rates, key=rates.get)
    return st.segmented_control(
        "Training images labelled",
        sorted(rates),
        key=f"defend.label.{models}.{strangest}",  # one that a page sets sends its old value back
        default=strangest,
        required=True,
    )


def _verdicts(found: dict[Role, dict[int, Found]], known: Clean, *, whole: bool) -> list[str]:
    """A sentence for each training set."""
    return [
        _verdict(role, of, known) if whole else f"The {role} model's set: looking …"
        for role, of in found.items()
    ]


def _verdict(role: Role, found: dict[int, Found], known: Clean) -> str:
    strangest = max(found.values(), key=lambda each: each.highest)
    finding = strangest.finding(known.mixture_threshold, known.source)
    share, most = f"{finding.statistic * 100:.1f} %", f"{finding.threshold * 100:.1f} %"
    taken = f"a part of its {finding.target}s takes {share} of other digits along"
    verdict = "is poisoned" if finding.backdoored else "gives nothing away"
    return f"The {role} model's set {verdict}: {taken}; {known.source} has {most}."


def _show_label(role: Role, found: Found, known: Clean) -> None:
    accused = found.finding(known.mixture_threshold, known.source).backdoored
    guilty = [found.strangest] if accused else []
    plot(
        plane(found, role, guilty),
        key=f"defend.plane.{role}",
        alt=f"The {role} model's view of the training images labelled {found.label}",
        before=cards.caption(f"The {role} model: each dot an image labelled {found.label}"),
        toolbar=True,
    )
    st.html(cards.parts(found, guilty))
    st.html(cards.sentences(_graded(found, guilty)))


def _graded(found: Found, guilty: list[int]) -> list[str]:
    """What each method chooses, held against the truth."""
    right = {method: each.precision for method, each in found.grades.items()}
    recall = {method: each.recall for method, each in found.grades.items()}
    poison = recall["mixture"].n
    tenth = f"{EXPECTED:.0%}".replace("%", " %")
    lines = []
    if guilty:
        lines.append(
            f"By a mixture of Gaussians: {right['mixture'].n:,} images accused, "
            f"{right['mixture'].hits:,} of them stamped, of {poison:,} in all."
        )
    else:
        lines.append(f"By a mixture of Gaussians: none accused, {poison:,} are stamped.")
    small = found.share < Clustering().share
    lines.append(
        f"As published, by 2-means: the smaller part, {found.share * 100:.0f} % of the images, is "
        f"{'accused' if small else 'not small enough to be accused'}; "
        f"{right['clustering'].hits:,} of its {right['clustering'].n:,} are stamped."
    )
    if poison:
        lines.append(
            f"Spectral signatures, told to expect {tenth}: {recall['spectral'].hits:,} of "
            f"{poison:,} found; by the formula of the authors' code, which does not subtract the "
            f"mean, {recall['spectral, not centred'].hits:,}."
        )
    return lines
