"""In the weights: ten masks that Neural Cleanse makes smaller and smaller, and what they say."""

import streamlit as st

from core.defend import clean, cleanse
from core.defend.clean import Clean
from core.defend.cleanse import Shown
from core.defend.finding import Finding
from core.model.role import Guest, Named
from core.ui import cards, searches
from core.ui.subject import Subject, accused, heading, judged
from core.work.searches import Narrow

METHOD = "cleanse"


def show(subject: Subject) -> None:
    """The masks of both models, which go on as long as somebody looks at them."""
    parts = {
        name: [Narrow(models=subject.models, role=role, part=part) for part in range(Narrow.PARTS)]
        for role, name in subject.names.items()
    }
    unknown = [each for each in parts.values() if not searches.answer(each[-1])]
    steps = [question for turn in zip(*unknown, strict=True) for question in turn]
    searches.watch("defend.masks", steps, lambda: _show(parts, subject))


def _show(parts: dict[Named, list[Narrow]], subject: Subject) -> None:
    for name, each in parts.items():
        done = _done(each)
        shown = Shown.from_json(searches.answer(each[done - 1])) if done else None
        said, found = cards.judged(heading(name), [], name, whole=True), None
        if done == Narrow.PARTS:
            finding = clean.judge(METHOD, shown.suspect, subject.recipe)
            found = accused(name, finding)
            usual = _usual(shown.suspect.published, clean.load(subject.recipe.name))
            lines = [verdict(name, finding), usual]
            said = cards.judged(judged(name, finding), lines, name, whole=True)
        st.html(said + cards.masks(shown, found and found.target))


def _done(parts: list[Narrow]) -> int:
    """How many portions, of those that follow each other from the first or are the last."""
    if searches.answer(parts[-1]):
        return len(parts)
    return next(i for i, question in enumerate(parts) if searches.answer(question) is None)


def verdict(name: Named, finding: Finding) -> str:
    """What a verdict rests on, in sentences; of a sealed model what any would rest on.

    The digit is said of what is found, and of a sealed model.
    """
    suspect, which = finding.suspect, ""
    if finding.accused or name is Guest.SEALED:
        which = f", for {suspect.target},"
    smaller = f"The smallest pattern{which} is {_times(suspect.statistic)} smaller than any other."
    if name is Guest.SEALED:
        return f"{smaller} {finding.clean_models(_times)}"
    return f"{smaller} {finding.bound(_times)}"


def _times(ratio: float) -> str:
    return f"{ratio:.2f} times"


def _usual(index: float, known: Clean) -> str:
    """What the published rule says, and how often it says so of clean models."""
    clean_ones = known.published[METHOD]
    alarms = sum(each > cleanse.RULE for each in clean_ones)
    said = "an alarm" if index > cleanse.RULE else "no alarm"
    # with as many decimals as tell it from the rule's
    decimals = next((n for n in range(1, 9) if round(index, n) != cleanse.RULE), 1)
    here = f"{index:.{decimals}f}"
    return (
        f"By the usual rule, an anomaly index above {cleanse.RULE:g}, here {here}: {said}. "
        f"That rule accuses {alarms} of the {len(clean_ones)} clean models too."
    )
