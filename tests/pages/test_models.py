"""Which models a page shows: those that were chosen, or none and a sentence that says why."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.model.role import Role
from core.places import PAGES
from core.runs import file, ladder, library
from core.ui import evaluations, models
from core.work.jobs import WorkerError
from tests.pages.reading import plain

PAGE = ("draw", "measure", "defend")
GONE = "20250101-000000-abcdef"
LISTS = {"draw": "draw.run", "measure": "measure.models"}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Runs of this test alone, and no worker, which no page here needs."""

    def refuse(*_):
        raise WorkerError("no worker")

    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path / "runs"))
    monkeypatch.setattr(evaluations, "make", refuse)
    models._ladder.cache_clear()
    return tmp_path / "runs"


def visit(page: str, session=(), **query) -> AppTest:
    opened = AppTest.from_file(PAGES / f"{page}.py", default_timeout=60)
    opened.query_params.update(query)
    for key, value in dict(session).items():
        opened.session_state[key] = value
    return opened.run()


def refused(page: AppTest) -> str:
    """Why the page shows no models; it shows nothing of any."""
    assert not page.exception
    shown = {each.proto.component_name for each in page.get("bidi_component")}
    assert not shown & {"backdoor_lab_draw", "backdoor_lab_plot", "backdoor_lab_gallery"}
    assert "%" not in "".join(each.proto.body for each in page.get("html"))
    (said,) = page.error
    return plain(said.value)


@pytest.mark.parametrize("where", PAGE)
@pytest.mark.parametrize("name", ["7", "nan", "<b>", "../x", GONE, "x" * 300])
def test_what_is_not_here_is_an_error_and_no_other_model(where, name):
    opened = visit(where, models=name)
    said = refused(opened)
    assert said.startswith("Expected a r")  # a rung or a run
    assert len(said) < 250
    known = ", ".join(f"{percent:g}" for percent in ladder.PERCENTS)
    assert name == GONE or known in said  # which there are
    if where == "defend":
        return  # what it shows asks the worker
    opened.selectbox(key=LISTS[where]).set_value("ladder" if where == "draw" else "10").run()
    assert not opened.error
    assert opened.session_state["models"] == ("1" if where == "draw" else "10")


@pytest.mark.parametrize(
    ("where", "query"),
    [("draw", {"rate": "7"}), ("draw", {"run": GONE}), ("defend", {"defend.models": GONE})],
)
def test_links_as_they_were_once_are_no_other_model_either(where, query):
    assert next(iter(query.values())) in refused(visit(where, **query))


@pytest.mark.parametrize("where", ["draw", "measure"])
def test_a_run_that_is_deleted_while_a_page_shows_it(where):
    id = library.add(ladder.models("1"))
    opened = visit(where, {"models": id})
    assert not opened.error
    library.delete(id)
    assert f"got {id}, which was deleted" in refused(opened.run())


@pytest.mark.parametrize("where", PAGE)
def test_a_run_whose_weights_are_damaged(where):
    id = library.add(ladder.models("1"))
    spoilt = library.path(id, Role.BACKDOORED)
    run = file.load(spoilt)
    run.network.hidden.weight[0, 0] = float("inf")
    file.save(run, spoilt)  # its card can be read
    assert "expected finite weights" in refused(visit(where, models=id))


def test_a_rung_whose_file_is_damaged_is_not_replaced_by_another(monkeypatch):
    known = models.ladder()
    broken = {percent: run for percent, run in known.rungs.items() if percent != 2.0}
    monkeypatch.setattr(models, "_ladder", lambda: known._replace(rungs=broken))
    real, where = file.load, ladder.path(2.0)

    def load(path):
        if path == where:
            raise file.StoreError(f"{path.name}: not a whole safetensors file")
        return real(path)

    monkeypatch.setattr(file, "load", load)
    assert refused(visit("measure", models="2")).startswith("02.00.safetensors: not a whole")


@pytest.mark.parametrize("where", ["draw", "measure"])
def test_a_sealed_model_is_not_told_of_on_other_pages(where):
    assert "got a sealed one" in refused(visit(where, session={"models": "sealed"}))


def test_a_repaired_run_is_measured_as_what_it_is_and_not_defended():
    clean, broken = ladder.models("1")
    card = replace(broken.card, name="mended", repaired="pruning", scores=clean.card.scores)
    id = library.add(library.Models(clean._replace(card=card), broken))
    measured = visit("measure", models=id)
    assert not measured.error
    shown = "".join(each.proto.body for each in measured.get("html"))
    assert "Broken" in shown
    assert "clean" not in shown.lower().replace("clean accuracy", "")
    assert f"{clean.card.scores.attack_success.value * 100:.2f}" in shown
    assert "got a repaired one" in refused(visit("defend", models=id))
    assert not visit("draw", models=id).error


def test_what_one_page_chose_every_page_shows():
    id = library.add(ladder.models("5"))
    for name in ("0.2", id):
        session = {"models": name}
        measured = visit("measure", session)
        assert measured.selectbox(key="measure.models").value == name
        drawn = visit("draw", session)
        assert not drawn.error
        assert drawn.session_state["draw.run"] == ("ladder" if name == "0.2" else id)
    drawn = visit("draw", {"models": "0.2"})
    assert drawn.select_slider[0].value == 0.2
    drawn.select_slider[0].set_value(2.0).run()
    assert drawn.session_state["models"] == "2"
    drawn.run().selectbox(key="draw.run").set_value(id).run()
    assert drawn.session_state["models"] == id
    drawn.selectbox(key="draw.run").set_value("ladder").run()
    assert drawn.session_state["models"] == "2"  # as the slider was left
