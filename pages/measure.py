"""How good, how bad, how sure: the numbers of a clean and a backdoored model, and their doubts."""

import streamlit as st

from core.digits import mnist
from core.measure import comparison
from core.measure.comparison import Report
from core.measure.doubts import doubts
from core.measure.evaluation import Exam
from core.runs.card import Card
from core.ui import address, cards, exams, models, views
from core.work.jobs import WorkerError

MODELS, VIEW, ASR = address.MEASURED, "view", views.DEFINITION
VIEWS = {
    "numbers": ("Numbers", views.numbers),
    "classes": ("By digit", views.by_digit),
    "images": ("Images", views.images),
    "rates": ("Poison rate", views.poison_rate),
    "article": ("The article", views.again),
    "files": ("Take away", views.take_away),
}
OF_IMAGES = ("classes", "images")  # need the digits themselves

ladder = models.ladder()
rungs = {f"{percent:g}": run.card for percent, run in ladder.rungs.items()}
entries = {entry.id: entry for entry in models.listed()[0]}


def named(id: str) -> str:
    if id in entries:
        return entries[id].card.name
    return f"The ladder: {id} % poison, {rungs[id].poisoned:,} of {rungs[id].images:,} images"


def begin() -> None:
    """Takes up what the URL says, or else what the Draw page shows."""
    st.session_state.setdefault(VIEW, address.choice(VIEW, VIEWS, "numbers"))
    st.session_state.setdefault(ASR, address.choice(ASR, views.ASR, "standard"))
    if st.session_state.get(MODELS) in (*rungs, *entries):
        return
    drawn = st.session_state.get(address.RUN)
    rate = f"{st.session_state.get(address.RATE, 1.0):g}"
    asked = st.session_state.get(MODELS) or st.query_params.get(MODELS)
    if asked and asked not in (*rungs, *entries):
        st.toast("Those models are not on this machine, or not any more; here are others.")
    wanted = (st.query_params.get(MODELS), drawn, rate, *rungs)
    st.session_state[MODELS] = next(id for id in wanted if id in rungs or id in entries)


def cards_of(id: str) -> tuple[Card | None, Card]:
    if id in entries:
        return entries[id].twin, entries[id].card
    return ladder.clean and ladder.clean.card, rungs[id]


def show(id: str) -> None:
    twin, card = cards_of(id)
    exam = exams.found(id)
    found = None
    if exam:
        found = Report.of_exam(exam)
    elif card.data == mnist.NAME:
        found = Report.of_cards(twin, card)
    article = st.session_state[ASR] == "article"
    status = st.container(height=48, border=False)
    headline, reasons = "Counting …", []
    if found:
        headline = comparison.sentence(found, article=article)
        reasons = doubts(found, card, twin, exam, article=article)
    st.html(cards.headline(headline) + cards.doubts(reasons))
    view = st.segmented_control(
        "Look at",
        VIEWS,
        format_func=lambda view: VIEWS[view][0],
        key=VIEW,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    address.write(models=id, view=view, asr=st.session_state[ASR])
    if found and (exam or view not in OF_IMAGES):
        subject = views.Subject(
            models=id,
            card=card,
            twin=twin,
            report=found,
            exam=exam,
            doubts=reasons,
            article=article,
        )
        VIEWS[view][1](subject)
    with status:
        tell(id, card, exam)


def tell(id: str, card: Card, exam: Exam | None) -> None:
    """Where the numbers are from; counts, under a progress bar, where nobody has yet."""
    if exam:
        st.caption(f"Counted here: {len(exam.labels):,} test digits of {exam.data}.")
    else:
        try:
            exams.take(id, card.attack)
        except WorkerError as error:
            st.warning(cards.literal(f"could not count here: {error}"))
        else:
            st.rerun()


st.header("How good, how bad, how sure?", anchor=False)
if rungs or entries:
    begin()
    id = st.selectbox(
        "Models", [*rungs, *entries], key=MODELS, format_func=named, persist_state="session"
    )
    show(id)
else:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
