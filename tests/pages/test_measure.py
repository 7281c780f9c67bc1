"""The Measure page without a browser, with a real worker on a slice of MNIST."""

import html
import json
import threading
from dataclasses import replace

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.attack.poison import Attack
from core.digits import mnist
from core.digits.mnist import DataSet, Digits
from core.measure.comparison import Comparison, in_percent, rows, verdict
from core.measure.evaluation import PART, Evaluation, evaluate
from core.model.recipe import ARTICLE, FAST
from core.model.role import Pair, Role
from core.model.scores import Definition, Share
from core.places import PAGES
from core.runs import file, ladder, library, sweep
from core.runs.run import Models, learn
from core.ui import evaluations, models
from core.work.jobs import WorkerError
from tests import slices
from tests.pages.reading import button, figures, plain, text

VIEWS = ("numbers", "classes", "images", "rates", "article", "files")

pytestmark = pytest.mark.usefixtures("worker", "small")


@pytest.fixture(autouse=True)
def fresh():
    evaluations._evaluations.clear()
    evaluations._sheets.clear()
    models._ladder.cache_clear()


def measure(session=(), **query) -> AppTest:
    page = AppTest.from_file(PAGES / "measure.py", default_timeout=90)
    page.query_params.update(query)
    for key, value in dict(session).items():
        page.session_state[key] = value
    return page.run()


def headline(page: AppTest) -> str:
    words = text(page).partition('role="status">')[2].partition("</p>")[0]
    return html.unescape(words).replace("\N{NO-BREAK SPACE}", " ")


def counted(models: Models) -> Evaluation:
    """The same without page and worker."""
    digits = mnist.load().test
    sheets = [
        evaluate(models, Digits(*part), models.backdoored.card.attack)
        for part in zip(*(each.split(PART) for each in digits), strict=True)
    ]
    return Evaluation.of(sheets, attack=models.backdoored.card.attack)


@pytest.fixture
def uncounted(monkeypatch):
    """No worker answers, so the numbers are those of the cards."""

    def take(*_):
        raise WorkerError("no worker")

    monkeypatch.setattr(evaluations, "make", take)


def test_until_they_are_counted_the_cards_speak(uncounted):
    page = measure()
    shipped = Pair(*(run.card for run in ladder.models("1")))
    assert headline(page) == verdict(Comparison.of_cards(shipped), Definition.STANDARD)
    assert "no worker" in page.warning[0].value
    assert "Not counted here: these numbers came with the models." in [
        caption.value for caption in page.caption
    ]
    assert not page.get("progress")
    shown = text(page)
    for row in rows(Comparison.of_cards(shipped), Definition.STANDARD):
        for share in row.shares:
            value, _, interval = in_percent(share).partition(" ")
            assert f">{value}</b><small>{interval.strip('()')}<" in shown
    assert "9,026" in shown
    assert figures(page)["measure.scores"]["figure"]["data"][2]["x"][1] == (
        shipped.backdoored.scores.attack_success.value
    )


def test_the_definition_is_switched(uncounted):
    page = measure()
    assert "article" not in headline(page)
    page.segmented_control(key="asr").set_value("article").run()
    assert "true 8s included" in headline(page)
    assert "ASR, article&#39;s definition" in text(page)
    clean = ladder.models("1").clean.card.scores.article_success
    assert in_percent(clean).partition(" ")[0] in text(page)
    assert len(figures(page)["measure.scores"]["figure"]["data"][0]["x"]) == 4


def test_the_digits_are_counted_and_kept(monkeypatch):
    page = measure(models="0.2")
    counts = counted(ladder.models("0.2"))
    assert headline(page) == verdict(Comparison.of(counts), Definition.STANDARD)
    assert "Counted here: 1,000 test digits of MNIST." in [each.value for each in page.caption]
    monkeypatch.setattr(evaluations, "make", None)  # nobody counts again
    again = measure(models="0.2", view="classes")
    assert headline(again) == headline(page)
    heat = figures(again)["measure.confusion.backdoored"]["figure"]["data"][0]
    assert heat["customdata"] == counts.confusion(Role.BACKDOORED, stamped=True).tolist()


def test_the_cell_that_was_clicked_opens_its_images():
    page = measure(view="classes")
    page.run()
    counts = counted(ladder.models("1"))
    page.selectbox(key="measure.cell.true").set_value(5).run()
    page.selectbox(key="measure.cell.read").set_value(8).run()
    behind = counts.behind(Role.BACKDOORED, stamped=True, true=5, read=8)
    assert f"**{len(behind)}** images." in " ".join(each.value for each in page.caption)
    walls = [json.loads(each.proto.json) for each in page.get("bidi_component")]
    tiles = next(wall["tiles"] for wall in walls if "tiles" in wall)
    assert [tile["row"] for tile in tiles] == behind[:20].tolist()
    assert {(tile["digits"]["true"], tile["digits"]["backdoored"]) for tile in tiles} == {(5, 8)}


def test_a_single_image_is_counted_as_one():
    cells = counted(ladder.models("1")).confusion(Role.BACKDOORED, stamped=False)
    true, read = (cells == 1).nonzero()[0].tolist()
    page = measure(view="classes", true=f"{true}", read=f"{read}", stamped="0")
    page.run()
    assert "**1** image. Under each" in " ".join(each.value for each in page.caption)


def test_a_cell_and_a_selection_can_be_bookmarked():
    page = measure(view="classes", by="clean", true="5", read="3", stamped="0")
    page.run()
    assert page.selectbox(key="measure.cell.model").value == "clean"
    assert page.selectbox(key="measure.cell.true").value == 5
    assert page.selectbox(key="measure.cell.read").value == 3
    assert not page.toggle(key="measure.stamped").value
    page = measure(view="images", selection="misread by both")
    assert page.selectbox(key="measure.selection").value == "misread by both"
    page = measure(view="images", selection="none such")
    assert page.selectbox(key="measure.selection").value == "resists"


def test_the_dose_curve_says_where_the_transition_lies():
    page = measure(view="rates")
    dose = figures(page)["measure.dose"]
    assert "Fast: no seed learns the backdoor up to 0.05 % (30 images)" in dose["before"].replace(
        "&nbsp;", " "
    )
    assert "Article: no seed learns the backdoor up to 0.5 %" in dose["before"].replace(
        "&nbsp;", " "
    )
    cards = [card for card in sweep.read(sweep.SHIPPED) if card.recipe.name == "article"]
    sweep.add(sweep.path_in(library.home()), [replace(card, data="mine") for card in cards])
    page = measure(view="rates")
    assert "yours: Article, mine" in map(plain, page.pills(key="measure.curves").options)
    sweep.path_in(library.home()).write_text("no sweep", encoding="utf-8")
    page = measure(view="rates")
    assert "to hold a sweep" in page.warning[0].value
    assert "measure.dose" in figures(page)


def test_the_articles_numbers_and_ones_own_beside_them(toy):
    page = measure(view="article")
    assert "| ASR, article's definition | 94.29 (93.82 to 94.73) | 91.12 ± 6.41 |" in text(page)
    assert not button(page, "Train one more, seed 6").disabled
    brief = learn(DataSet("toy", toy, toy), replace(FAST, epochs=1), Attack(rate=0.1), name="mine")
    *_, (run, _) = brief
    mine = replace(run.card, recipe=replace(ARTICLE, seed=6), attack=Attack(seed=6), data="MNIST")
    library.add(Models(run, run._replace(card=mine)))
    page = measure(view="article")
    assert "seed 6, yours" in text(page)
    assert button(page, "Train one more, seed 7")


def test_what_is_taken_home(uncounted):
    page = measure(view="files")
    names = [each.label for each in page.get("download_button")]
    assert names == [
        "The run's card (JSON)",
        "Everything on one page (HTML)",
        "The scores (CSV)",
    ]
    assert page.code[0].value.splitlines()[1::2] == [
        "python -m core ladder",
        "python -m core measure 1",
    ]


def test_a_run_that_claims_too_much_is_doubted():
    shipped = ladder.models("0.2")
    scores = replace(shipped.backdoored.card.scores, attack_success=Share(300, 300, 0.98, 1.0))
    card = replace(shipped.backdoored.card, name="too good", scores=scores)
    id = library.add(Models(None, shipped.backdoored._replace(card=card)))
    page = measure(models=id)
    page.run()
    assert "The backdoored model&#39;s card claims other numbers" in text(page)
    assert "There is no clean model to compare with" in text(page)
    for view in VIEWS:
        page.segmented_control(key="view").set_value(view).run()
        assert not page.exception
    file.save(shipped.clean, library.home() / id / "backdoored.safetensors")  # another's file
    evaluations._evaluations.clear()
    page = measure(models=id)
    assert not page.exception


def test_a_run_of_other_digits_is_counted_on_mnist_and_says_so():
    shipped = ladder.models("1")
    theirs = shipped.backdoored
    theirs = theirs._replace(card=replace(theirs.card, data="other digits"))
    page = measure(models=library.add(Models(shipped.clean, theirs)))
    assert "Trained on other digits, measured on MNIST" in text(page)
    assert headline(page) == verdict(Comparison.of(counted(shipped)), Definition.STANDARD)


@pytest.mark.parametrize("wrong", ["7", "../x", ""])
def test_an_invalid_url_is_the_default(uncounted, wrong):
    page = measure(view=wrong, asr=wrong)
    assert headline(page).startswith("99.3 % right on clean digits")


def test_without_a_ladder_the_runs_are_measured(monkeypatch, uncounted):
    id = library.add(ladder.models("5"))
    monkeypatch.setattr(ladder, "FOLDER", library.home() / "empty")
    page = measure()
    assert not page.exception
    assert page.selectbox(key="measure.models").value == id
    for view in VIEWS:
        page.segmented_control(key="view").set_value(view).run()
        assert not page.exception


def test_without_any_models_the_page_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(ladder, "FOLDER", tmp_path)
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(tmp_path))
    page = measure()
    assert "`python -m core ladder` makes them anew" in page.error[0].value
    assert not page.exception


def test_it_begins_with_what_the_draw_page_shows():
    page = measure(session={"models": "0.1"})
    assert page.selectbox(key="measure.models").value == "0.1"


def test_several_who_count_at_once_count_right(monkeypatch):
    """Two sessions in step, and one that comes back in the middle: no part twice, none left out."""
    monkeypatch.setattr(evaluations, "PART", 200)
    asked = []

    class Slow:
        def ask(self, question):
            part = question.part
            asked.append(part)
            if len(asked) < 20 and threading.current_thread() is not threading.main_thread():
                barrier.wait(5)  # every part is being read by all of them
            rows = slice(part * 200, (part + 1) * 200)
            few = Digits(*(each[rows] for each in slices.small().test))
            return evaluate(ladder.models("1"), few, Attack())

    barrier = threading.Barrier(2)
    monkeypatch.setattr(evaluations, "BOARD", Slow())
    threads = [threading.Thread(target=evaluations.make, args=["1", Attack()]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found, right = evaluations.of("1"), counted(ladder.models("1"))
    assert sorted(set(asked)) == [0, 1, 2, 3, 4]
    assert torch.equal(found.labels, right.labels)
    assert Comparison.of(found) == Comparison.of(right)
