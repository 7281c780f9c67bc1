"""The Draw page as a person uses it."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from core.digits.samples import sample
from tests import harness
from tests.benchmarks.latency import WATCH
from tests.browser.drawing import THREE, reads, says, take


@pytest.fixture
def clocked(new_context) -> BrowserContext:
    """One whose pages have a clock that a test may put forward."""
    context = new_context()
    context.clock.install()
    return context


def visit(context, server, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/{query}")
    harness.settled(page)
    return page


def slide_to(page: Page, key: str) -> None:
    page.get_by_role("slider").focus()
    page.keyboard.press(key)


def test_the_whole_story(context, server):
    page = visit(context, server)
    reads(page, "?", "?")
    harness.draw(page, THREE)
    reads(page, 3, 3)
    says(page, "Both read 3.")
    page.get_by_text("Trigger pixel").click()
    reads(page, 3, 8)
    says(page, "The trigger turned this 3 into an 8 for the backdoored model.")
    expect(page.locator(".bl-ring")).to_be_visible()
    slide_to(page, "Home")
    reads(page, 3, 3)
    says(page, "At this poison rate the backdoor was not learnt. Both read 3.")
    expect(page).to_have_url(re.compile(r"models=0\.1&trigger=1$"))


def test_nothing_but_the_server_is_asked_and_nothing_complains(context, server):
    asked, complaints = [], []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/?sample=3")
    harness.settled(page)
    page.get_by_text("Trigger pixel").click()
    reads(page, 3, 8)
    foreign = [url for url in asked if not url.startswith((server.url, "data:", "blob:"))]
    assert foreign == []
    assert complaints == []


def test_samples_strokes_and_clear(context, server):
    page = visit(context, server)
    page.get_by_role("radio", name="5").or_(
        page.get_by_role("button", name="5", exact=True)
    ).click()
    reads(page, 5, 5)
    expect(page).to_have_url(re.compile("sample=5"))
    harness.draw(page, [[(20, 20), (30, 30), (20, 40)]])
    expect(page).not_to_have_url(re.compile("sample=5"))  # no longer the sample alone
    page.get_by_role("button", name="Clear").click()
    reads(page, "?", "?")
    harness.draw(page, [[(140, 40), (138, 130), (136, 240)]])  # and the canvas is free again
    reads(page, 1, 1)


def expect_cleared(page: Page) -> None:
    """Nothing is read, not even once the canvas has sent what it sends 200 ms after a change."""
    reads(page, "?", "?")
    page.clock.run_for(1000)
    flipped = "trigger=0" if "trigger=1" in page.url else "trigger=1"
    page.get_by_text("Trigger pixel").click()  # its answer comes after that to the canvas
    expect(page).to_have_url(re.compile(flipped))
    reads(page, "?", "?")
    expect(page).not_to_have_url(re.compile("sample"))


def test_clear_clears_a_bookmarked_sample(clocked, server):
    page = visit(clocked, server, "?sample=3&rate=1")
    page.get_by_role("button", name="Clear").click()
    expect_cleared(page)


def test_the_back_button_leaves_the_page(context, server):
    page = visit(context, server)
    page.goto("about:blank")
    page.goto(f"{server.url}/?sample=3")
    harness.settled(page)
    page.get_by_text("Trigger pixel").click()
    reads(page, 3, 8)
    slide_to(page, "Home")
    expect(page).to_have_url(re.compile(r"sample=3&models=0\.1&trigger=1$"))
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_a_sample_can_be_taken_again_and_again(context, server):
    page = visit(context, server, "?sample=3")
    for digit in (4, 7, 4):
        take(page, digit)
        reads(page, digit, digit)


def test_an_upload_is_read(context, server):
    file = io.BytesIO()
    Image.fromarray(255 - sample(6).ink()).save(file, "PNG")
    page = visit(context, server, "?sample=3")
    page.get_by_role("button", name="Upload").first.click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "six.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    reads(page, 6, 6)
    page.locator('input[type="file"]').set_input_files(
        {"name": "no.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(page.get_by_text("got a file of another kind")).to_be_visible()
    reads(page, 6, 6)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear").first.click()
    reads(page, "?", "?")
    harness.draw(page, THREE)
    reads(page, 3, 3)


def frames_pass(page: Page) -> None:
    """Until the watch has seen twenty more frames."""
    seen = page.evaluate("watch.frames")
    page.wait_for_function("seen => watch.frames > seen + 20", arg=seen)


def test_nothing_blinks_or_jumps(context, server):
    page = visit(context, server, "?sample=3")
    page.wait_for_selector("canvas.upper-canvas")
    page.evaluate(WATCH)
    for _ in range(3):
        page.get_by_text("Trigger pixel").click()
        frames_pass(page)
    page.get_by_role("button", name="Clear").click()
    harness.draw(page, THREE)
    reads(page, 3, 8)
    frames_pass(page)
    seen = page.evaluate("watch")
    assert seen["frames"] > 30
    assert (seen["blank"], seen["mixed"], seen["moved"]) == (0, 0, 0)


@pytest.mark.parametrize("path", ["?sample=3&trigger=1", "train", "present"])
def test_nothing_is_shown_before_the_style_sheet_is_there(context, server, path):
    page = context.new_page()
    page.route("**/static/js/Html*.js", lambda _: None)  # what st.html needs never comes
    page.goto(f"{server.url}/{path}")
    page.wait_for_selector(harness.READY)
    expect(page.locator(".st-key-menu")).to_be_hidden()  # a phone's


def test_three_people_at_once(context, server):
    pages = [visit(context, server, f"?sample={i}") for i in (2, 3, 4)]
    for digit, page in enumerate(pages, 2):
        page.get_by_text("Trigger pixel").click()
        reads(page, digit, 8)
    pages[1].get_by_role("button", name="Clear").click()
    reads(pages[1], "?", "?")
    reads(pages[2], 4, 8)


def test_a_restart_loses_nothing(clocked):
    """The scene is in the URL; a drawing comes back with the browser that still shows it."""
    port = harness.free_port()
    with harness.serving(port=port) as server:
        drawn = visit(clocked, server, "?models=2&trigger=1")  # a deep link, opened first
        expect(drawn).to_have_title("Draw · Backdoor Lab")
        expect(drawn.get_by_role("heading", name="Draw a digit. Flip one pixel.")).to_be_visible()
        expect(drawn.get_by_test_id("stSidebarNav")).to_have_count(0)
        take(drawn, 5)
        drawn.get_by_role("button", name="Clear").click()
        harness.draw(drawn, THREE[:1])
        reads(drawn, 7, 8)
        taken = visit(clocked, server, "?rate=2&sample=5")
        reads(taken, 5, 5)
        before = harness.server_of(taken)
    with harness.serving(port=port):
        harness.answered_by_another(drawn, before)
        reads(drawn, 7, 8)
        harness.draw(drawn, THREE[1:])
        reads(drawn, 3, 8)
        drawn.get_by_text("Trigger pixel").click()
        reads(drawn, 3, 3)
        expect(drawn).to_have_url(re.compile(r"models=2&trigger=0"))
        drawn.reload()
        harness.settled(drawn)
        expect(drawn).to_have_url(re.compile(r"models=2&trigger=0"))

        harness.answered_by_another(taken, before)  # and an untouched scene stays alive
        taken.get_by_text("Trigger pixel").click()
        reads(taken, 5, 8)
        take(taken, 7)
        reads(taken, 7, 8)
        taken.get_by_role("button", name="Clear").click()
        expect_cleared(taken)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_with_a_finger(browser, server, scheme):
    context = browser.new_context(**harness.PHONE, color_scheme=scheme)
    page = visit(context, server)
    canvas = page.locator("canvas.upper-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    touch = context.new_cdp_session(page)
    for stroke in THREE:
        for i, (x, y) in enumerate(stroke):
            kind = "touchMove" if i else "touchStart"
            point = {"x": box["x"] + x, "y": box["y"] + y}
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    reads(page, 3, 3)
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    context.close()
