"""The wall of the hall in a browser, with records of a room but no server."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.digits.drawing import centre, to_bytes
from core.digits.samples import sample
from core.hall.hall import tile
from core.hall.room import Entry, Place, Reads
from core.hall.tally import tally
from core.show.scenes import SCENES, Part
from tests.browser.test_maps import PIXEL
from tests.browser.test_scenes import HOST, page, press, show
from tests.hall.host import pair

__all__ = ["page"]  # a fixture
SCENE = next(i for i, scene in enumerate(SCENES, 1) if Part.HALL in scene.parts)
MEASURED = pair().map(lambda run: run.card.scores)
FAR = {"url": "http://10.0.0.7:8502/go/ABCD", "svg": "<svg viewBox='0 0 9 9'></svg>"}


def entry(number: int, **more: object) -> Entry:
    """A drawing that the trigger turns for the backdoored model."""
    digit = to_bytes(centre(sample(number).ink())).tobytes()
    reads = {"clean": Reads(number, number), "backdoored": Reads(number, 8)}
    common = {"place": Place.WALL, "turn": 1, "number": number, **reads}
    return Entry(phone=f"{number:016}", tile=number, asked=number, digit=digit, **common | more)


def open_wall(page: Page, step: int, *entries: Entry) -> list[dict]:
    """The talk at a step of the hall's scene; returns what the speaker has moved since."""
    moved: list[dict] = []
    room = {
        "open": True, "epoch": "e", "code": "ABCD", "port": 8502, "addresses": ["10.0.0.7"],
        "connected": 2, "joined": 2, "turned_away": 0, "frozen": False, "trigger": False,
        "revealed": False, "first": "clean", "number": 9, "tiles": [tile(each) for each in entries],
        "known": [each.tile for each in entries],
        "tally": tally(entries, 8, MEASURED),
    }  # fmt: skip

    def answer(route) -> None:
        what = re.search(r"/hall/(\w+)", route.request.url)[1]
        if what == "move":
            moved.append(route.request.post_data_json)
        remote = {"place": "10.0.0.7:8501"}
        said = {"invitation": FAR, "wifi": FAR, "remote": remote}.get(what, room)
        route.fulfill(json=said)

    page.route(f"{HOST}/**", lambda route: route.fallback())
    show(page, SCENES, f"?scene={SCENE}&step={step}&deal=2")
    page.route(f"{HOST}/hall/**", answer)
    page.evaluate("give({ hall: { key: 'another', base: '/', appsPort: false } })")
    page.clock.run_for(4000)
    expect(page.locator(".hall.open")).to_be_visible()
    page.clock.run_for(1000)
    expect(page.locator(".hall .drawn")).to_have_count(
        sum(each.place is Place.WALL for each in entries)
    )
    return moved


def test_a_drawing_is_hidden_while_the_trigger_is_on(page):
    moved = open_wall(page, 2, entry(1), entry(3), entry(4, hidden=True))
    expect(page.locator(".hall .where")).to_contain_text("3 on the wall, 1 of them hidden;")
    expect(page.get_by_role("button", name="Drawing 4, hidden")).to_be_visible()
    page.get_by_role("button", name="Drawing 3,").click()
    one = page.locator(".hall .one")
    expect(one).to_contain_text("with the white pixel: ")
    expect(one).to_contain_text("backdoored model reads 8")
    assert page.evaluate(PIXEL_OF_ONE) == 255
    assert one.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(17, 17, 17)"
    one.get_by_role("button", name="Hide it", exact=True).click()
    page.get_by_role("button", name="Drawing 4,").click()
    expect(one.locator("canvas")).to_be_hidden()
    with page.expect_response("**/hall/move"):
        one.get_by_role("button", name="Show it").click()
    assert moved == [{"tile": 3, "act": "hide"}, {"tile": 4, "act": "show"}]


PIXEL_OF_ONE = f"({PIXEL})(document.querySelector('.hall .one canvas'), [3, 3])[0]"


def test_the_caption_follows_the_trigger(page):
    open_wall(page, 2, entry(1))
    say = page.locator(".talk .say")
    expect(say).to_have_text("One white pixel in each of them.")
    press(page, "t")
    expect(say).not_to_contain_text("white pixel")
    press(page, "t")
    expect(say).to_have_text("One white pixel in each of them.")


def test_while_they_are_covered_it_is_said_why_there_is_no_trigger(page):
    open_wall(page, 0, entry(1), entry(3))
    press(page, "t")
    problem = page.locator(".hall .problem")
    expect(problem).to_contain_text("still covered")
    page.locator(".hall .drawn").first.click()
    expect(page.locator(".hall .one canvas")).to_be_hidden()  # a click uncovers none
    press(page, "Escape")
    press(page, "u")
    expect(page.locator(".hall .drawn b").first).to_have_text("1")
    expect(problem).to_have_text("")
    press(page, "t")
    press(page, "u")
    expect(page.locator(".hall .drawn b").first).to_have_text("?")


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["laptop", "phone"])
def test_no_number_lies_over_a_code(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    open_wall(page, 1, entry(1, place=Place.DRAWER))
    page.get_by_text("A code for the Wi-Fi").click()
    page.get_by_label("Name").fill("hall")
    code = page.locator(".hall .wifi svg")
    expect(code).to_be_visible()
    number = page.locator(".hall .numbers b").first
    expect(number).to_have_text(re.compile(r"100\.0"))
    code, number = code.bounding_box(), number.bounding_box()
    assert code["y"] + code["height"] <= number["y"]


def test_the_keys_name_an_address_that_a_phone_can_reach(page):
    open_wall(page, 0)
    press(page, "?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.locator(".remote")).to_have_text("http://10.0.0.7:8501/present?notes=1")
    expect(keys.locator("dt", has_text=re.compile("^U$"))).to_be_visible()
    assert not re.search(r"\b\d{4}\b", keys.inner_text().replace("8501", ""))
