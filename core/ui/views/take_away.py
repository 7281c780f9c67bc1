"""Files to keep, and the commands that make them again."""

import streamlit as st

from core.runs import library
from core.show import export
from core.ui.views import curves
from core.ui.views.subject import Subject


def show(subject: Subject) -> None:
    commands = _commands(subject)
    compared, evaluation = subject.comparison, subject.evaluation
    record = export.to_json(compared, subject.cards, subject.doubts, commands)
    page = export.to_html(
        compared,
        subject.cards.backdoored,
        evaluation,
        subject.doubts,
        commands,
        curves.by_name(),
        subject.definition,
    )
    files = [
        ("The run's card", "card.json", "application/json", record),
        ("Everything on one page", "report.html", "text/html", page),
        ("The scores", "scores.csv", "text/csv", export.numbers_csv(compared, evaluation)),
    ]
    if evaluation:
        confusion = export.confusion_csv(evaluation)
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
    st.code("\n".join(commands), language=None)  # in colours it has too little contrast


def _commands(subject: Subject) -> list[str]:
    """How to do it again, each line after a word on what it does."""
    count = f"python -m core measure {subject.models}"
    if not library.ID.fullmatch(subject.models):
        anew = ["# trains all models of the ladder anew", "python -m core ladder"]
        return [*anew, "# counts the scores of this one", count]
    anew = ["# not all settings of this run can be given on the command line; its card has them"]
    if command := export.command(subject.cards.backdoored):
        anew = ["# trains both models anew and prints their scores", command]
    return [*anew, "# counts the scores again, where this run is among the app's own", count]
