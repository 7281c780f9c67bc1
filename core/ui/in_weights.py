"""In the weights: ten masks that Neural Cleanse makes smaller and smaller, and what they say."""

import streamlit as st

from core.defend import clean, cleanse
from core.defend.clean import Clean
from core.defend.cleanse import Shown
from core.defend.finding import Finding
from core.model.role import Guest, Named
from core.ui import cards, searches
from core.ui.subject import Subject, accuses
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
    searches.watch("defend.masks", steps, "steps", lambda: _show(parts, subject))


def _show(parts: dict[Named, list[Narrow]], subject: Subject) -> None:
    known = clean.load(subject.recipe)
    for name, each in parts.items():
        if done := _done(each):
            shown = Shown.from_json(searches.answer(each[done - 1]))
            lines = [f"The {name} model: looking …"]
            accused = None
            if done == Narrow.PARTS:
                suspect = shown.suspect
                finding = known.judge(METHOD, suspect)
                accused = finding.target if accuses(name, finding) else None
                lines = [verdict(name, finding), _usual(suspect.published, known)]
            st.html(cards.sentences(lines))
            st.html(cards.masks(shown, accused))


def _done(parts: list[Narrow]) -> int:
    """How many portions, of those that follow each other from the first or are the last."""
    if searches.answer(parts[-1]):
        return len(parts)
    return next(i for i, question in enumerate(parts) if searches.answer(question) is None)


def verdict(name: Named, finding: Finding) -> str:
    """In a sentence; of a sealed model only what it rests on."""
    said = " is backdoored" if finding.backdoored else " gives nothing away"
    said = "" if name is Guest.SEALED else said
    return (
        f"The {name} model{said}: the smallest pattern, for {finding.target}, is "
        f"{finding.statistic:.1f} times smaller than any other; {finding.source} has "
        f"{finding.threshold:.1f}."
    )


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
        f"It accuses {alarms} of the {len(clean_ones)} clean models too."
    )
