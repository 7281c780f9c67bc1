"""The talk's modules in a browser, with records of scenes and answers from Python but no server."""

import json
import re

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, Route, expect

from core.runs import ladder
from core.show import talk
from core.show.scenes import SCENES, Flip, Part, Scene
from core.ui import hall, web

PREPARED = talk.prepared()
HOST = "http://talk.test"
WEIGHTS = {"/weights/clean": None, "/weights/1": 1.0}  # by URL the rung
# What Streamlit does with a component; `sent` is what the talk tells Python
MOUNT = """
async (data) => {
  const parentElement = document.querySelector("#component");
  const { default: show } = await import("/web/talk/talk.js");
  window.sent = [];
  window.give = (more) => show({ data: Object.assign(data, more), parentElement,
    setStateValue: (name, value) => sent.push(value) });
  give({});
}
"""


def answer_to(digit: int) -> dict:
    """The prepared answer, changed so that every model reads this digit."""
    ten = [float(each == digit) for each in range(10)]
    both = [ten, ten]
    rungs = [both for _ in PREPARED["answer"]["reading"]["rungs"]]
    return PREPARED["answer"] | {"reading": {"clean": both, "rungs": rungs}}


def with_weights() -> dict:
    """What is prepared of the models, with the weights of all but two missing."""
    rungs = [
        rung | {"weights": f"/weights/{'1' if rung['percent'] == 1 else 'none'}"}
        for rung in PREPARED["standing"]["rungs"]
    ]
    return PREPARED["standing"] | {"clean": "/weights/clean", "rungs": rungs}


def show(
    page: Page, scenes: tuple[Scene, ...], query: str = "", *, standing: dict | None = None
) -> None:
    """Mounts a talk of these scenes, as the page Present would."""
    html = (web.FOLDER / "talk" / "talk.html").read_text(encoding="utf-8")
    css = (web.FOLDER / "talk" / "talk.css").read_text(encoding="utf-8") + hall.CSS

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).partition("?")[0]
        if path.startswith("/web/"):
            route.fulfill(path=web.FILES[path.removeprefix("/web/")])
        elif path in WEIGHTS:
            route.fulfill(path=ladder.path(WEIGHTS[path]))
        elif path.startswith("/hall/"):
            route.fulfill(json={"open": False})
        elif path.startswith("/weights/"):
            route.fulfill(status=404)
        else:
            body = f"<!doctype html><style>{css}</style><div id=component>{html}</div>"
            route.fulfill(body=body, content_type="text/html")

    page.route(f"{HOST}/**", answer)
    page.goto(f"{HOST}/present{query}")
    shown = PREPARED | {"standing": standing or PREPARED["standing"]}
    data = talk.for_component(scenes, talk.facts(PREPARED), shown) | {
        "wallUrl": f"/web/{web.WALL}",
        "hall": {"key": "", "base": "/", "html": hall.HTML},
    }
    page.evaluate(MOUNT, json.loads(json.dumps(data)))


def press(page: Page, key: str) -> None:
    """A key, as by somebody who is not nervous: its turn comes after the last one's guard."""
    page.clock.run_for(1000)
    page.keyboard.press(key)


def last_turn(page: Page) -> int:
    return page.evaluate("sent.at(-1).turn")


@pytest.fixture
def page(context) -> Page:
    page = context.new_page()
    page.clock.install()
    return page


def visible_parts(page: Page) -> list[str]:
    return page.locator(".talk section:visible").evaluate_all(
        "sections => sections.map(section => section.className.split(' ')[0])"
    )


def title(scene: Scene) -> str:
    return talk.fill(scene.title, talk.facts(PREPARED))


def places_of(scenes: tuple[Scene, ...]) -> list[Scene]:
    """The scene of every step; without a room, the hall has one step only."""
    return [
        scene
        for scene in scenes
        for step in scene.steps
        if Part.HALL not in scene.parts or step is scene.steps[0]
    ]


def goes_through(page: Page, scenes: tuple[Scene, ...]) -> None:
    """Presses Next from the first step to the last and back, and looks at every scene."""
    show(page, scenes)
    press(page, "3")
    page.evaluate("answer => give({ answer, turn: sent.at(-1).turn })", PREPARED["answer"])
    places = places_of(scenes)
    for scene in places:
        expect(page.locator(".talk > h1")).to_have_text(title(scene))
        # The ring is no part of its own, and one card is a place less than two.
        parts = {Part.CARDS if part is Part.CARD else part for part in scene.parts}
        assert parts - {Part.RING} == set(visible_parts(page))
        press(page, "PageDown")
    for scene in reversed(places[:-1]):
        press(page, "PageUp")
        expect(page.locator(".talk > h1")).to_have_text(title(scene))


@pytest.mark.parametrize(
    "scenes",
    [SCENES, SCENES[::-1], SCENES[1::2], SCENES[::2]],
    ids=["as they are", "backwards", "without every other", "without the rest"],
)
def test_scenes_can_be_reordered_and_left_out(page, scenes):
    goes_through(page, scenes)


# What can be pressed or moved and cannot be reached: something else is on top of its middle
COVERED = """
() => [...document.querySelectorAll(".talk :is(button, input, a, .pad canvas)")]
  .filter((each) => each.checkVisibility() && !each.closest(".help"))
  .filter((each) => {
    each.scrollIntoView({ block: "nearest" });
    const { x, y, width, height } = each.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return top !== each && !each.contains(top);
  })
  .map((each) => each.ariaLabel || each.textContent || each.tagName)
"""


@pytest.mark.parametrize("size", [(390, 844), (1280, 720)], ids=["phone", "laptop"])
def test_no_button_covers_another(page, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    show(page, SCENES)
    press(page, "3")
    page.evaluate("answer => give({ answer, turn: sent.at(-1).turn })", PREPARED["answer"])
    covered = []
    for scene in places_of(SCENES):
        covered += [(scene.title, name) for name in page.evaluate(COVERED)]
        press(page, "PageDown")
    assert covered == []


def test_names_are_known_from_the_reveal_on_wherever_it_stands(page):
    reveal = next(scene for scene in SCENES if any(step.reveals for step in scene.steps))
    twins = next(scene for scene in SCENES if Part.CARDS in scene.parts and scene is not reveal)
    show(page, (twins, reveal, replace(twins, title="Once more.")))
    press(page, "3")
    names = page.locator(".talk .card h2")
    expect(names).to_have_text(["A", "B"])
    for step in reveal.steps:
        press(page, "PageDown")
        known = re.compile("[AB]: (clean|backdoored)" if step.reveals else "^[AB]$")
        expect(names).to_have_text([known, known])
    press(page, "PageDown")
    expect(names).to_have_text([re.compile("A: "), re.compile("B: ")])


@pytest.mark.parametrize("flip", Flip)
def test_the_triggers_key_does_what_the_step_says(page, flip):
    both = next(scene for scene in SCENES if Part.SEES in scene.parts)
    steps = tuple(replace(both.steps[0], words=each, flip=flip, pixel=False) for each in "abc")
    show(page, (replace(both, steps=steps),), "?scene=1&step=1")
    expect(page.locator(".talk .say")).to_have_text("b")
    press(page, "t")
    said = {Flip.NEXT: "c", Flip.BACK: "a"}.get(flip, "b")
    expect(page.locator(".talk .say")).to_have_text(said)
    assert page.evaluate("document.querySelector('.talk').talk.state.pixel") == (
        flip is Flip.TOGGLE
    )


def test_a_late_answer_does_not_stand_beside_the_prepared_sample(page):
    show(page, SCENES)
    press(page, "7")
    asked = last_turn(page)
    page.clock.run_for(4000)  # more patience than the talk has
    digit = page.locator(".talk .digit").first
    expect(digit).to_have_text("3")  # the prepared sample is on the pad
    page.evaluate("([answer, turn]) => give({ answer, turn })", [answer_to(7), asked])
    expect(digit).to_have_text("3")
    page.evaluate("([answer, turn]) => give({ answer, turn })", [answer_to(5), last_turn(page)])
    expect(digit).to_have_text("5")  # an answer to what is on the pad is shown


def test_a_late_answer_does_not_stand_beside_a_later_drawing(page):
    show(page, SCENES, standing=with_weights())
    page.wait_for_selector(".talk[data-live]")
    digit = page.locator(".talk .digit").first
    press(page, "7")
    expect(digit).to_have_text("7")  # without a word from Python
    asked = last_turn(page)
    press(page, "3")
    expect(digit).to_have_text("3")
    late = [answer_to(7), asked]
    page.evaluate("([answer, turn]) => give({ answer, turn })", late)
    expect(digit).to_have_text("3")
    page.locator(".talk .pad canvas").hover()
    page.mouse.down()  # and while the pen is down, none at all
    page.evaluate("([answer, turn]) => give({ answer, turn })", [answer_to(5), last_turn(page)])
    expect(digit).not_to_have_text("5")
    before = last_turn(page)
    page.mouse.up()
    assert last_turn(page) > before
    page.evaluate("([answer, turn]) => give({ answer, turn })", [answer_to(5), before])
    expect(digit).not_to_have_text("5")
    page.clock.run_for(4000)  # more patience than the talk has
    assert page.evaluate("sent.at(-1).problem") == ""
    page.evaluate("([answer, turn]) => give({ answer, turn })", [answer_to(5), last_turn(page)])
    expect(digit).to_have_text("5")  # where both differ on the same drawing, Python is right


def test_a_failure_of_the_server_takes_nothing_from_the_browsers_answer(page):
    show(page, SCENES, standing=with_weights())
    page.wait_for_selector(".talk[data-live]")
    press(page, "7")
    failure = {"answer": PREPARED["answer"], "fallen": True, "turn": last_turn(page)}
    page.evaluate("failure => give(failure)", failure)
    expect(page.locator(".talk .digit").first).to_have_text("7")


def test_a_second_stroke_is_not_taken_away_by_the_wait_for_the_first(page):
    show(page, SCENES)
    press(page, "7")
    canvas = page.locator(".talk .pad canvas")
    canvas.hover()
    page.mouse.down()
    before = canvas.evaluate("canvas => canvas.toDataURL()")
    page.clock.run_for(4000)
    assert canvas.evaluate("canvas => canvas.toDataURL()") == before
    page.mouse.up()
    page.clock.run_for(4000)
    assert canvas.evaluate("canvas => canvas.toDataURL()") != before  # the prepared sample


def test_an_answer_after_a_failure_is_to_what_is_on_the_pad(page):
    """A server that failed at a drawing and can answer it later is too late."""
    show(page, SCENES)
    press(page, "7")
    asked, drawn = last_turn(page), page.evaluate("sent.at(-1).digit")
    failure = {"answer": PREPARED["answer"], "fallen": True, "turn": asked}
    page.evaluate("failure => give(failure)", failure)
    digit = page.locator(".talk .digit").first
    expect(digit).to_have_text("3")
    late = {"answer": answer_to(7), "fallen": False, "turn": asked}
    page.evaluate("late => give(late)", late)
    expect(digit).to_have_text("3")
    assert page.evaluate("sent.at(-1).digit") != drawn  # it now asks about the sample
    assert last_turn(page) > asked


def test_a_talk_that_another_browser_opens_by_its_url_is_another_talk(page):
    show(page, SCENES, "?scene=2&step=0&deal=2&talk=ofsomebody")
    said = page.evaluate("sent.at(-1)")
    assert said["talk"] != "ofsomebody"
    show(page, SCENES, page.evaluate("location.search"))  # loaded again
    again = page.evaluate("sent.at(-1)")
    assert [again[each] for each in ("talk", "secret")] == [said["talk"], said["secret"]]
    assert said["secret"] not in page.url
