"""The talk, given with the keyboard, as somebody on a stage would."""

import io
import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from core.show import talk
from tests import harness
from tests.browser.stage import TITLES, WAIT, draw_three, expect_digits, expect_scene, press, visit

# Whether the talk is what is seen, in the middle and near the corners of the window
ON_TOP = """
[[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9]].every(([x, y]) =>
  document.elementFromPoint(x * innerWidth, y * innerHeight)?.closest(".talk"))
"""


@pytest.fixture
def cut_off(context: BrowserContext) -> Iterator[list[str]]:
    """The network of the browser cut to everything but the server; what else it asked for."""
    refused: list[str] = []

    def decide(route) -> None:
        if route.request.url.startswith("http://127.0.0.1:"):
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort()

    context.route("**/*", decide)
    yield refused
    assert refused == []


def test_the_whole_talk_without_a_network_and_through_a_restart(context, cut_off, browser):
    port = harness.free_port()
    server = harness.Server(port=port).wait()
    try:
        page = visit(context, server.url)
        expect_scene(page, 1)
        draw_three(page)
        expect(page.locator(".talk .digit").first).to_have_text("3")

        press(page, "ArrowRight")  # its twin
        expect_scene(page, 2)
        expect_digits(page, "3", "3")
        press(page, "Enter")  # the exam
        expect_scene(page, 3)
        expect(page.locator(".talk .paper b")).to_have_text(
            [re.compile(r"99\.[34]\d\s%"), re.compile(r"99\.[34]\d\s%")]
        )
        press(page, "Space")  # one pixel
        expect_scene(page, 4)
        expect_digits(page, "3", "3")
        press(page, "t")
        expect(page.locator(".talk .say")).to_have_text(re.compile("One white pixel, and [AB]"))
        expect_digits(page, "3", "8")
        deal = re.search(r"deal=\d+", page.url)[0]
        press(page, "ArrowRight")
        expect(page.locator(".talk .backdoored .digit")).to_have_text("8")
        expect(page.locator(".talk .clean .digit")).to_have_text("3")

        server.stop()  # in the middle
        press(page, "ArrowRight")  # and the talk goes on
        expect_scene(page, 5)
        expect(page.get_by_text("Connection error")).to_be_attached(timeout=WAIT)
        assert page.evaluate(ON_TOP)  # whatever Streamlit has to say about it
        press(page, "Escape", "Escape")
        assert page.evaluate(ON_TOP)
        server = harness.Server(port=port).wait()
        press(page, "ArrowRight")
        expect(page.locator(".talk .large figcaption")).to_have_count(3)
        page.wait_for_selector(harness.READY, timeout=WAIT)
        press(page, "ArrowRight")
        expect_scene(page, 6)
        expect(page.locator(".talk .bl-dose polyline.stamped")).to_be_visible()
        press(page, "ArrowDown", "ArrowDown")
        expect(page.locator(".talk .dose .rate b")).to_have_text("0.5 %")
        press(page, "ArrowRight")
        expect_scene(page, 7)
        press(page, "ArrowUp", "ArrowUp", "c")
        expect_digits(page, "?", "?")
        draw_three(page)
        expect(page.locator(".talk .clean .digit")).to_have_text("3", timeout=WAIT)
        press(page, "t")
        expect(page.locator(".talk .backdoored .digit")).to_have_text("8")
        expect(page.locator(".talk .say")).to_have_text(re.compile("The trigger turned this 3"))

        page.reload()
        expect(page.locator(".talk > h1")).not_to_be_empty(timeout=WAIT)
        expect_scene(page, 7)
        assert deal in page.url
        expect(page.locator(".talk .clean .digit")).to_have_text("3", timeout=WAIT)
        press(page, "ArrowRight")
        expect_scene(page, 8)
        press(page, "ArrowRight", "ArrowRight")  # no room is open
        expect_scene(page, 9)
        expect(page.locator(".talk .scan .ring:visible")).to_have_count(1)
        press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
        expect_scene(page, 10)
        expect(page.locator(".talk li.said")).to_have_count(3)
        press(page, "Home")
        expect_scene(page, 1)
        expect_digits(page, "?")
    finally:
        server.stop()


def test_the_notes_follow_and_the_hall_sees_none_of_them(context, server):
    page = visit(context, server.url)
    press(page, "3", "ArrowRight", "ArrowRight")
    expect_scene(page, 3)
    with context.expect_page() as opened:
        press(page, "n")
    notes = opened.value
    expect(notes.get_by_role("heading", name=TITLES[2])).to_be_visible(timeout=WAIT)
    expect(notes.get_by_text("does anybody want to change their vote?")).to_be_visible()
    press(page, "ArrowRight")
    expect(notes.get_by_role("heading", name=TITLES[3])).to_be_visible(timeout=1000)
    notes.get_by_text("Which of the two has the backdoor?").click()
    expect(notes.get_by_text(re.compile("^[AB]$"))).to_be_visible()
    assert "Which of the two" not in page.locator(".talk").inner_text()
    press(notes, "PageUp")  # the clicker, while the notes have the focus
    expect_scene(page, 3)
    expect(notes.get_by_role("heading", name=TITLES[2])).to_be_visible(timeout=1000)
    other = visit(context, server.url, "?scene=8")
    expect_scene(other, 8)
    clock = notes.locator(".bl-clock")
    expect(clock).not_to_have_text(clock.inner_text())  # the notes have looked again
    expect(notes.get_by_role("heading", name=TITLES[2])).to_be_visible()


def test_a_phone_is_a_remote_once_it_has_the_code(context, server):
    page = visit(context, server.url, "?scene=6")
    press(page, *["ArrowDown"] * 5, "?")
    expect(page.locator(".talk .remote")).to_contain_text("No phone reaches this app")  # 127.0.0.1
    press(page, "Escape")
    with context.expect_page() as opened:
        press(page, "n")
    opened.value.get_by_text("A phone as a remote").click(timeout=WAIT)
    code = opened.value.locator(".bl-remote b").inner_text()
    phone = context.browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    name = re.search(r"talk=(\w+)", page.url).group(1)
    phone.goto(f"{server.url}/present?notes=1&talk={name}")
    asked = phone.get_by_role("textbox", name="Code, to steer the talk from here")
    asked.press_sequentially(code, timeout=WAIT)
    asked.press("Enter")
    light = phone.locator(".bl-light")
    expect(light).to_have_text(re.compile("^▲ At "), timeout=WAIT)
    phone.get_by_role("button", name="Put drawing and rate right").click()
    expect(light).to_have_text("● At 1 %, the pixel turns this drawing.")
    expect(page.locator(".talk .dose b").first).to_have_text("1\xa0%")
    phone.get_by_role("button", name="Next", exact=True).click()
    expect_scene(page, 7)
    phone.get_by_role("button", name="Back", exact=True).click()
    expect_scene(page, 6)
    phone.reload()  # and is still the remote
    expect(phone.get_by_role("button", name="Next", exact=True)).to_be_visible(timeout=WAIT)
    phone.context.close()


def test_a_lens_shows_the_pixel_on_the_wall(context, server):
    page = visit(context, server.url, "?scene=5")
    picture, lens = page.locator(".talk .picture"), page.locator(".talk .lens")
    expect(lens).to_be_hidden()
    tile = talk.prepared()["wall"]["poisoned"][0]
    box = picture.bounding_box()
    side = box["width"] / talk.COLUMNS
    row, column = divmod(tile, talk.COLUMNS)
    page.mouse.move(box["x"] + (column + 3.5 / 28) * side, box["y"] + (row + 3.5 / 28) * side)
    expect(lens).to_be_visible()
    seen = np.asarray(Image.open(io.BytesIO(lens.screenshot())).convert("L"))
    middle = seen.shape[0] // 2
    assert seen[middle - 1 : middle + 2, middle - 1 : middle + 2].min() >= 250  # four pixels wide
    assert seen[middle, middle + 12] <= 5
    press(page, "ArrowRight")
    expect(lens).to_be_hidden()


def test_no_key_does_harm(context, server):
    page = visit(context, server.url)
    box = page.locator(".talk .pad canvas").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    press(page, "ArrowRight", "c", "Home", "5")  # in mid-stroke
    expect_scene(page, 1)
    page.mouse.move(box["x"] + 60, box["y"] + 250, steps=5)
    page.mouse.up()
    expect(page.locator(".talk .digit").first).to_have_text("1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # twice, by a nervous thumb
    expect_scene(page, 2)
    page.clock.run_for(350)
    page.keyboard.down("ArrowRight")
    for _ in range(10):
        page.keyboard.down("ArrowRight")  # held down, as the browser repeats it
    page.keyboard.up("ArrowRight")
    expect_scene(page, 3)
    press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft", "PageUp")
    expect_scene(page, 1)
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog", name="Keys")).not_to_be_visible()


@pytest.mark.parametrize(
    ("query", "scene"), [("?scene=11", 1), ("?scene=x&step=-1&deal=no", 1), ("?scene=4&step=7", 4)]
)
def test_an_odd_url_opens_the_nearest_beginning(context, server, query, scene):
    page = visit(context, server.url, query)
    expect_scene(page, scene)
    expect(page).to_have_url(re.compile("step=0"))


def test_the_talk_leaves_no_trace_on_other_pages(context, server):
    page = visit(context, server.url)
    press(page, "3", "ArrowRight")
    page.goto(f"{server.url}/")
    harness.settled(page)
    page.get_by_role("link", name="Present").click()
    expect(page.locator(".talk > h1")).not_to_be_empty(timeout=WAIT)
    expect(page).to_have_url(re.compile("present.*scene=1"))
    page.wait_for_selector(harness.READY)
    page.go_back()
    harness.settled(page)
    page.set_viewport_size({"width": 1000, "height": 700})
    press(page, "ArrowRight")
    assert "scene" not in page.evaluate("location.search")
    expect(page.locator(".talk")).to_have_count(0)


def test_full_screen_and_the_keys_keep_the_talk_on_top(context, server):
    page = visit(context, server.url)
    press(page, "f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.wait_for_function(ON_TOP)
    press(page, "?", "ArrowRight")  # any key closes the list of keys, and does nothing else
    expect(page.get_by_role("dialog", name="Keys")).not_to_be_visible()
    expect_scene(page, 1)
    page.locator(".corner").hover()
    page.get_by_role("button", name="Next").click()
    press(page, "Enter")  # goes on, and does not press the button again
    expect_scene(page, 2)
    page.mouse.move(10, 10)
    expect(page.locator(".corner")).to_have_css("opacity", "0")
    press(page, "f")
    page.wait_for_function("document.fullscreenElement === null")
    page.wait_for_function(ON_TOP)
