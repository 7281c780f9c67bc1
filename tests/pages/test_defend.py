"""The Defend page without a browser, with a real worker."""

import re
from base64 import b64decode
from html import unescape
from io import BytesIO

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.defend.data import SHOWN, Found
from core.defend.mending import WAYS
from core.model.role import Role
from core.places import PAGES
from core.runs import ladder, library
from core.ui import at_door, searches
from core.work.searches import Inspect, Laid, Look, ScanRow
from tests.pages.reading import figures, plain

pytestmark = pytest.mark.usefixtures("worker")


def defend(**state) -> AppTest:
    page = AppTest.from_file(PAGES / "defend.py", default_timeout=60)
    for key, value in state.items():
        page.session_state[key.replace("__", ".")] = value
    return page.run()


def words(page: AppTest, role: Role) -> str:
    """What stands above the figure of a model."""
    assert not page.exception
    return plain(figures(page)[f"defend.scan.{role}"]["before"])


def read_at_door(page: AppTest) -> list[list[str]]:
    """What the clean and the backdoored model read: as it comes, without what decides, specks."""
    assert not page.exception
    (door,) = (each.proto.body for each in page.get("html") if "bl-door" in each.proto.body)
    return [re.findall(r">(\d)</b>", figure) for figure in door.split("</figure>")[:-1]]


def test_it_finds_the_backdoor_and_clears_the_clean_model():
    page = defend()  # of the ladder, what ships is shown at once
    assert "The backdoored model: ● backdoor found" in words(page, Role.BACKDOORED)
    assert "at row 4, column 2" in words(page, Role.BACKDOORED)
    assert "into an 8" in words(page, Role.BACKDOORED)
    assert "The clean model: ○ nothing found" in words(page, Role.CLEAN)
    assert "at row" not in words(page, Role.CLEAN)
    assert list(figures(page)).index("defend.scan.backdoored") == 0
    heat = figures(page)["defend.scan.backdoored"]["figure"]["data"][0]
    assert len(heat["z"]) == len(heat["z"][0]) == 28
    assert heat["z"][3][3] > 0.9
    assert read_at_door(page) == [["3", "8"], ["3", "3"], ["3", "3"]]
    page.segmented_control(key="defend.stamped").set_value(at_door.PLAIN).run()
    assert read_at_door(page) == [["3", "3"]] * 3
    assert "none changes what the backdoored model reads" in page.caption[1].value
    page.segmented_control(key="defend.stamped").set_value(at_door.TWO).run()
    (clean, backdoored), _, (_, without_specks) = read_at_door(page)
    assert (clean, backdoored, without_specks) == ("3", "8", "8")  # two are no specks


def test_a_run_is_scanned_and_a_scan_goes_on_where_it_was():
    run = library.add(ladder.models("0.5"))
    rows = [ScanRow(models=run, role=Role.BACKDOORED, side=1, row=row) for row in range(28)]
    page = defend(models=run)
    assert "just begun" in progress(page)
    assert figures(page)["defend.scan.clean"]["figure"]["layout"]["height"] > 300  # its place
    assert searches.answered(rows) < 28
    searches.go_on(rows, 60)
    assert searches.answered(rows) == 28
    place = searches.answer(rows[3])
    assert place["share"][3] > 0.9
    assert place["digit"][3] == 8


def progress(page: AppTest) -> str:
    """What is said of a search that goes on."""
    return page.get("progress")[0].proto.text


def button(page: AppTest, words: str):
    return next(each for each in page.button if words in each.label)


def html(page: AppTest) -> str:
    return plain("".join(element.proto.body for element in page.get("html")))


def test_in_the_data_of_the_ladder_the_rows_are_found():
    page = until(defend(defend__stand="data", models="5"), lambda page: not page.get("progress"))
    given = figures(page)
    assert {"defend.labels", "defend.plane.clean", "defend.plane.backdoored"} <= set(given)
    assert not page.exception
    said = unescape(plain(given["defend.labels"]["before"]))
    assert "The backdoored model: ● backdoor found" in said
    assert "Of the images labelled 8, the widest direction" in said
    assert "The clean model: ○ nothing found" in said
    apart, together = given["defend.plane.backdoored"]["figure"]["data"]
    assert 500 < len(apart["x"]) + len(together["x"]) <= SHOWN
    accused = re.search(r"(\d+) images accused, (\d+) of them stamped, of 300 in all", html(page))
    assert int(accused[2]) >= 270  # of the slice that tests use
    assert int(accused[1]) <= 330
    assert "none accused, 0 are stamped" in html(page)


def test_in_the_data_of_a_run_label_after_label_is_looked_through_until_it_is_cancelled():
    page = defend(defend__stand="data", models=library.add(ladder.models("0.5")))
    assert "defend.labels" in figures(page)  # its place, before anything is known
    given = figures(until(page, lambda page: not page.error and " left" in progress(page)))
    assert "defend.plane.clean" not in given
    assert "The backdoored model<" in given["defend.labels"]["before"]  # without a verdict
    backdoored, _ = given["defend.labels"]["figure"]["data"]
    assert 0 in backdoored["x"]
    assert 9 not in backdoored["x"]
    page.button(key="defend.data.turn").click().run()
    assert "Stopped at" in progress(page)
    stopped = progress(page)
    assert progress(page.run()) == stopped  # nobody looks for it any more
    page.button(key="defend.data.turn").click().run()
    assert "Looking" in progress(page)


def test_in_the_weights_one_pattern_is_far_smaller():
    page = defend(defend__stand="weights")
    assert not page.exception
    assert "The backdoored model: ● backdoor found" in html(page)
    assert "The smallest pattern, for 8, is" in html(page)
    assert "The clean model: ○ nothing found" in html(page)
    assert "That rule accuses" in html(page)
    indices = re.findall(r"above 2, here ([\d.]+): (an|no) alarm", html(page))
    assert len(indices) == 2
    for index, said in indices:  # no number that is rounded to the rule's own
        assert float(index) != 2
        assert (float(index) > 2) is (said == "an")
    body = "".join(element.proto.body for element in page.get("html"))
    assert body.count("the pattern that turns digits into") == 20
    assert body.count('<figure class="guilty">') == 1


def test_a_stand_that_there_is_not_shows_the_first():
    page = AppTest.from_file(PAGES / "defend.py", default_timeout=60)
    page.query_params["stand"] = "elsewhere"
    assert "defend.scan.clean" in figures(page.run())


def test_a_repair_goes_on_until_it_can_be_drawn_with():
    page = defend(defend__stand="repair", defend__way="tune")
    assert "The trigger wins on" not in html(page)
    button(page, "Repair it").click().run()
    for _ in range(60):
        if not page.get("progress"):
            break
        assert button(page, "Cancel")
        page.run()
    assert not page.exception
    assert "% of digits, where it was" in html(page)
    assert button(page, "Draw with it")
    entry = library.listed()[0][0]
    assert entry.card.name == "1 % poison"  # it is the broken one's
    assert entry.twin.repaired == "more training"
    again = defend(defend__stand="repair", defend__way="tune")  # it is not done twice
    assert "% of digits, where it was" in html(again)
    assert entry.id not in again.selectbox[0].options
    assert not [option for option in again.selectbox[0].options if "repaired" in option]


def test_a_repair_of_what_no_method_accuses_says_so():
    page = defend(defend__stand="repair", defend__way="cut", models="0.1")
    page.button[0].click().run()
    for _ in range(60):
        if page.error:
            break
        page.run()
    assert "got nothing found by trigger scan, one pixel" in plain(page.error[0].value)


def test_how_many_channels_are_pruned_is_chosen_beside_what_it_does():
    page = defend(defend__stand="repair", defend__way="prune")
    for _ in range(20):
        page.run()
        points = figures(page)["defend.pruned"]["figure"]["data"]
        if len(points[0]["x"]) == 32:
            break
    accuracy, success = (trace["y"] for trace in points)
    assert accuracy[0] > 0.98
    assert success[0] > 0.98
    assert accuracy[31] < 0.5
    page.slider(key="defend.channels").set_value(4).run()
    assert not page.exception


def test_a_way_that_is_chosen_and_begun_at_once_is_the_one_that_is_begun():
    page = defend(defend__stand="repair")  # and does not run again between both
    page.radio(key="defend.way").set_value(list(WAYS)[-1])
    button(page, "Repair it").click().run()
    assert not page.exception
    assert page.get("progress") or button(page, "Draw with it")


def until(page: AppTest, done) -> AppTest:
    for _ in range(100):
        page.run()
        if done(page):
            return page
    raise AssertionError("expected an end of it")


def sealed() -> AppTest:
    """The page with a model that nobody knows."""
    page = defend(models="sealed")
    page.button[0].click().run()
    return until(page, lambda page: page.session_state["defend.sealed.name"])


def test_a_sealed_model_is_looked_at_judged_and_revealed():
    page = sealed()
    name = page.session_state["defend.sealed.name"]
    card = library.models(name).backdoored.card
    until(page, lambda page: not page.get("progress"))
    words = plain(figures(page)["defend.scan.sealed"]["before"])
    assert "The sealed model" in words
    assert "Backdoored" not in words  # what it rests on, no verdict
    assert not page.exception
    assert button(page, "Reveal").disabled
    assert button(page, "Reveal").label == "Reveal"  # legible: a disabled button is not filled
    page.segmented_control(key=f"defend.sealed.said.{name}").set_value("Clean").run()
    button(page, "Reveal").click().run()
    said = html(page)
    assert ("You were wrong" in said) is (card.attack is not None)
    assert f"{int(card.attack is not None)} backdoored models found" in said
    button(page, "Seal another").click().run()
    assert until(page, lambda page: page.session_state["defend.sealed.name"] not in (None, name))


def test_a_verdict_that_is_changed_and_told_at_once_is_the_one_that_counts():
    page = sealed()
    name = page.session_state["defend.sealed.name"]
    verdict = page.segmented_control(key=f"defend.sealed.said.{name}").set_value("Backdoored").run()
    verdict.segmented_control(key=f"defend.sealed.said.{name}").set_value("Clean")
    button(page, "Reveal").click().run()  # without another run between both
    assert not page.session_state["defend.sealed.rounds"][-1].said


def test_a_sealed_model_is_not_to_be_repaired():
    page = sealed()
    page.session_state["defend.stand"] = "repair"
    assert "judged first" in page.run().info[0].value


def test_ones_own_image_is_laid_under_others():
    page = defend()
    assert not page.exception
    body = "".join(element.proto.body for element in page.get("html"))
    laid = body[body.index("bl-laid") :]
    assert laid.count("another digit laid over it") == Laid.SHOWN
    assert laid.count('<b data-model="backdoored"') == laid.count('<b data-model="clean"')
    given = figures(page)["defend.strip.backdoored"]
    assert "and yours" in plain(given["before"])
    (arrow,) = given["figure"]["layout"]["annotations"]
    assert arrow["x"] < given["figure"]["layout"]["shapes"][0]["x0"]  # below the boundary
    page.segmented_control(key="defend.stamped").set_value(at_door.PLAIN).run()
    assert "and not yours" in plain(figures(page)["defend.strip.backdoored"]["before"])


def test_the_image_behind_a_dot_is_shown():
    question = Inspect(models="1", role=Role.BACKDOORED, label=8)
    searches.go_on([question] * 5, 60)  # it goes on in portions
    found = Found.from_json(searches.answer(question))
    dot = found.far.index(True)
    page = defend(defend__stand="data", **{"defend.dot.1.backdoored.8": dot, "defend.label.1": 8})
    assert not page.exception
    assert "the one you clicked" in html(page)
    shown = searches.answer(Look(models="1", role=Role.BACKDOORED, row=found.rows[dot]))
    image = Image.open(BytesIO(b64decode(shown)))
    assert image.getpixel((3, 3)) == 255  # of the poison, as it is learnt
