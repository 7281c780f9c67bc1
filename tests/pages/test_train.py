"""The Train page without a browser: what it offers, says and refuses, with a real worker."""

from dataclasses import replace

import pytest
import streamlit as st
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from core.attack.poison import Attack, LabelRule
from core.attack.trigger import CHECKERBOARD, Cell, painted
from core.digits.mnist import DataSet
from core.model.recipe import FAST
from core.places import PAGES
from core.runs import library
from core.runs.run import Models, learn
from core.show.outline import outline
from core.ui import setup, stage
from core.work.jobs import BOARD, Job
from core.work.tasks import Train
from tests.pages.reading import button, draw, figures, plain, text, told, train
from tests.work.board import under_way

try:
    import resource
except ImportError:  # Windows
    resource = None

pytestmark = pytest.mark.usefixtures("worker")
LONG = Train(recipe=replace(FAST, epochs=1000, hardest=1), attack=Attack(), title="long")


@pytest.fixture(autouse=True)
def quiet():
    """No test leaves work to the next."""
    yield
    for job in filter(None, [*BOARD._queue, BOARD.running]):
        BOARD.cancel(job)
        assert job.over.wait(120), job.state


def counted(page: AppTest) -> str:
    """What is said about the attack under its form."""
    return plain(" ".join(element.value for element in page.caption))


def test_the_form_shows_what_the_attack_does():
    page = train()
    assert "**60** of 6,000 images bear the trigger, **54** labels are really changed" in (
        counted(page)
    )
    assert text(page).count("<figcaption>") == 16
    assert "bl-ring" not in text(page)
    page.toggle(key="train.ring").set_value(True).run()
    assert text(page).count("bl-ring") == 16
    page.select_slider(key="train.rate").set_value(setup.ONE).run()
    assert "**1** of 6,000 images bears the trigger" in counted(page)
    assert text(page).count("<figcaption>") == 1


def test_it_says_how_long_a_training_takes():
    page = train()
    seconds = [each.value for each in page.caption if "on this machine" in each.value]
    assert len(seconds) == 1
    assert seconds[0].startswith("About ")


def test_what_cannot_be_is_said_and_not_trained():
    page = train(train__rule=LabelRule.ONE_SOURCE, train__rate=0.3)
    assert "Expected a poison rate of at most 10" in counted(page)
    assert button(page, "Train both models").disabled
    page = train(train__trigger="painted")
    assert "Paint at least one cell of the trigger." in counted(page)
    assert button(page, "Train both models").disabled
    page = train(train__rule=LabelRule.ONE_SOURCE, train__source=8)
    assert "Expected a source digit other than the target, got 8." in counted(page)
    page = train(train__trigger="painted", train__cells=[Cell(0, 0, 0.0)])
    assert "got one that changes 0 of 6,000" in counted(page)
    assert button(page, "Train both models").disabled


def test_a_trigger_that_changes_some_images_is_warned_of_and_may_be_trained():
    page = train(train__trigger="painted", train__cells=[Cell(14, 14, 0.0)])
    assert "of the training images; the others look the same with it." in counted(page)
    assert not button(page, "Train both models").disabled


def test_a_painted_trigger_is_the_attack():
    page = train(train__trigger="painted", train__cells=[Cell(1, 26, 1.0), Cell(26, 1, 0.5)])
    assert "material/warning" not in counted(page)
    assert not button(page, "Train both models").disabled
    page.toggle(key="train.ring").set_value(True).run()
    assert text(page).count("bl-ring") == 16


def test_a_sweep_of_one_model_is_offered_as_one():
    page = train()
    assert button(page, "Train 4 backdoored models")
    page.pills(key="sweep.rates").set_value([0.01]).run()
    assert not button(page, "Train 1 backdoored model").disabled


def test_recipes_have_their_own_defaults():
    page = train()
    assert page.number_input[0].value == 4
    page.segmented_control(key="train.recipe").set_value("article").run()
    assert [page.number_input[i].value for i in range(3)] == [10, 500, 1e-3]


def job_of(page: AppTest) -> Job:
    return BOARD.job(page.session_state["train.job"])


def finished(page: AppTest) -> AppTest:
    job = job_of(page)
    assert job.over.wait(120), job.state
    return page.run()


def test_what_is_chosen_and_trained_at_once_is_what_is_trained():
    page = train()  # and does not run again between both
    page.number_input(key="train.fast.epochs").set_value(2)
    button(page, "Train both models").click().run()
    assert job_of(page).work.recipe.epochs == 2
    assert page.segmented_control(key="train.view").value == stage.STAGE
    button(page, "Cancel").click().run()
    page.pills(key="sweep.rates").set_value([0.01])
    button(page, "Train 4 backdoored models").click().run()
    assert job_of(page).work.rates == (0.01,)
    # Before the first model is there, the page knows whose it is and what is trained.
    assert "models with 1&nbsp;% of the training images poisoned" in plain(text(page))
    assert "0 of 1 model trained" in text(page)
    curve = figures(page)["train.sweep"]
    assert curve["address"] == {"job": job_of(page).id}
    assert "of 6,000" in curve["figure"]["layout"]["xaxis2"]["title"]["text"]


def test_trained_compared_listed_and_drawn_with():
    key = "train.fast.epochs"
    page = train(train__rate=0.05, **{key.replace(".", "__"): 2})
    button(page, "Train both models").click().run()
    finished(page)
    assert "of stamped digits are read as an 8" in text(page)
    assert "The digit that is watched, stamped" in text(page)
    assert "% sure" in text(page)
    first = figures(page)["train.attack_success"]["figure"]["data"]
    assert [len(trace["x"]) > 10 for trace in first] == [False, True, False, True]
    page.segmented_control(key="train.view").set_value(stage.ATTACK).run()
    page.number_input(key=key).set_value(3).run()
    button(page, "Train both models").click().run()
    finished(page)
    assert '<th scope="row">epochs</th><td>2</td><td>3</td>' in text(page)
    second = figures(page)["train.attack_success"]["figure"]["data"]
    assert [len(trace["x"]) > 10 for trace in second] == [True] * 4  # the last run behind
    entries, _ = library.listed()
    assert [entry.card.recipe.epochs for entry in entries][:2] == [3, 2]
    run = job_of(page).progress.run
    page = draw(run=run, sample="3")
    assert page.selectbox[0].value == run
    given = told(page)
    assert given["run"] == run
    assert f"/{run}-backdoored.safetensors" in given["models"]["rungs"][0]["weights"]
    assert f"/{run}-clean.safetensors" in given["models"]["clean"]


def test_a_run_brings_its_own_trigger_target_and_rule(toy):
    recipe = replace(FAST, epochs=1, batch=10)
    attack = Attack(trigger=CHECKERBOARD, rule=LabelRule.ONE_SOURCE, source=5, target=2, rate=0.1)
    *_, (run, _) = learn(DataSet("toy", toy, toy), recipe, attack, name="mine", device="cpu")
    id = library.add(Models(None, run))
    page = draw(run=id, sample="3", trigger="1")
    given = told(page)
    assert given["models"]["outline"] == outline(CHECKERBOARD)
    assert [title.value for title in page.title] == ["Draw a digit. Put the trigger on."]
    assert (given["models"]["source"], given["models"]["target"]) == (5, 2)
    assert (given["models"]["clean"], given["reading"]["clean"]) == (None, None)
    assert "<b>checkerboard, 5 → 2</b>" in text(page)


def test_waiting_is_told_and_other_windows_see_what_goes_on():
    others = [BOARD.start(LONG) for _ in range(2)]
    under_way(others[0])
    page = train(train__view="The training")
    assert "In another window: Training, " in text(page)
    button(page, "Train both models").click().run()
    assert "Waiting: 2 ahead of you." in text(page)
    button(page, "Cancel").click().run()
    assert "Cancelled; nothing of it was kept." in text(page)
    assert all(job.active for job in others)


def test_the_draw_page_says_that_a_training_goes_on():
    words = "a training goes on: "
    assert words not in counted(draw(sample="3"))
    under_way(BOARD.start(LONG))
    assert words in counted(draw(sample="3"))


def test_a_page_that_is_opened_anew_finds_its_job_and_what_it_is_about():
    trigger = painted([(1, 26, 1)])
    attack = Attack(trigger=trigger, target=3, rate=0.05)
    job = BOARD.start(Train(recipe=LONG.recipe, attack=attack, title="long"))
    under_way(job)
    page = AppTest.from_file(PAGES / "train.py", default_timeout=90)
    page.query_params["job"] = job.id
    page.run()
    assert "Training, " in text(page)
    assert "In another window" not in text(page)
    assert "<b>painted, any digit → 3</b>: 300 of 6,000 training images" in plain(text(page))
    page.segmented_control(key="train.view").set_value(stage.ATTACK).run()
    assert page.selectbox(key="train.trigger").value == "painted"
    assert page.session_state["train.cells"] == [Cell(1, 26, 1)]
    assert page.selectbox(key="train.target").value == 3
    assert page.select_slider(key="train.rate").value == 0.05
    button(page, "Cancel").click().run()
    assert job.over.wait(120)
    assert "Cancelled; nothing of it was kept." in text(page.run())


def test_a_training_that_a_restart_took_along_is_said_to_be_lost():
    page = AppTest.from_file(PAGES / "train.py", default_timeout=90)
    page.query_params["job"] = "gone"
    assert "is not known any more" in text(page.run())
    button(page, "Train both models").click().run()
    assert "is not known any more" not in text(page)


def test_a_recalled_form_is_no_surprise_to_streamlit(monkeypatch):
    """Streamlit logs it when a widget has a default and its key a value, once for a process."""
    said = []
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    monkeypatch.setattr(policies._LOGGER, "warning", lambda words, *_, **__: said.append(words))
    attack = Attack(rule=LabelRule.ONE_SOURCE, source=5, target=3, rate=0.05)
    job = BOARD.start(Train(recipe=replace(LONG.recipe, seed=9), attack=attack, title="long"))
    under_way(job)
    page = AppTest.from_file(PAGES / "train.py", default_timeout=90)
    page.query_params["job"] = job.id
    page.run()
    page.segmented_control(key="train.view").set_value(stage.ATTACK).run()
    assert page.selectbox(key="train.source").value == 5
    assert page.number_input(key="train.fast.seed").value == 9
    assert said == []


def test_a_visitor_who_clears_the_caches_takes_nothing_from_anybody():
    job = BOARD.start(LONG)
    under_way(job)
    worker = BOARD._worker
    st.cache_data.clear()
    st.cache_resource.clear()
    page = train()
    assert "In another window: Training, " in text(page)
    assert BOARD._worker is worker
    assert job.active


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux alone limits another process")
def test_what_could_not_be_saved_is_saved_by_a_button():
    page = train(train__rate=0.05, train__fast__epochs=1)
    pid = BOARD._worker.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    button(page, "Train both models").click().run()
    finished(page)
    assert "It failed: " in text(page)
    assert "could not be written" in text(page)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    button(page, "Try to save it again").click().run()
    finished(page)
    assert "stamped digits are read as an 8" in text(page)
    assert button(page, "Draw with these models")
    assert job_of(page).progress.run in {entry.id for entry in library.listed()[0]}
