"""How good, how bad, how sure: the numbers of a clean and a backdoored model, and their doubts."""

import streamlit as st

from core.digits import mnist
from core.measure.comparison import Comparison, verdict
from core.measure.doubts import doubts
from core.model.scores import Definition
from core.ui import address, cards, choice, evaluations, repairs
from core.ui.views import DEFINITION, VIEWS, Subject
from core.work.jobs import WorkerError

VIEW = "view"  # in the session and in the URL

st.title("How good, how bad, how sure?", anchor=False)
choices = choice.offered(repaired=True)
if not choices:
    st.error("No backdoored model could be loaded; `python -m core ladder` makes them anew.")
    st.stop()
names = [definition.value for definition in Definition]
st.session_state.setdefault(DEFINITION, address.read(DEFINITION, names, names[0]))
definition = Definition(st.session_state[DEFINITION])
left, right = st.columns([3, 2], vertical_alignment="bottom", gap="medium")
with left:
    models = choice.choose(choices, key="measure.models")
if models is None or choices[models].repaired:
    address.write(models=address.models())
    if models:
        repairs.show_scores(choices[models].cards)
    st.stop()
pair = choices[models].cards

evaluation = evaluations.of(models)
comparison = Comparison.of(evaluation) if evaluation else None
if comparison is None and pair.backdoored.data == mnist.NAME:
    comparison = Comparison.of_cards(pair)  # of the same digits
status, problem = right.container(height=48, border=False), st.container()
headline, reasons = "Counting …", []
if comparison:
    headline = verdict(comparison, definition)
    reasons = doubts(comparison, pair, evaluation, definition)
st.html(cards.headline(headline) + cards.doubts(reasons))

view = choice.choose_view("Look at", VIEWS, key=VIEW, parameter=VIEW)
address.write(models=models, view=view, asr=definition)
if comparison and (evaluation or not VIEWS[view].needs_evaluation):
    subject = Subject(
        models=models,
        cards=pair,
        comparison=comparison,
        evaluation=evaluation,
        doubts=reasons,
        definition=definition,
    )
    VIEWS[view].show(subject)
with status:
    if evaluation:
        st.caption(f"Counted here: {len(evaluation.labels):,} test digits of {mnist.NAME}.")
    else:
        bar = st.empty()
        try:
            with bar:
                evaluations.make(models, pair.backdoored.attack)
        except WorkerError as error:
            bar.caption("Not counted here: these numbers came with the models.")
            problem.warning(cards.literal(f"could not count here: {error}"))
        else:
            st.rerun()
