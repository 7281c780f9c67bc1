"""The first minute of the Draw page: it opens alive, and the pixel is the button."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import harness
from tests.browser.drawing import ALL, CANVAS, RING, THREE, reads, says, take, visit

INVITED = "Now you: draw a digit, or take a sample."
TURNED = "The trigger turned this 3 into an 8 for the backdoored model."
# What the page has said and read, one entry for each change
RECORD = """
window.said = [];
new MutationObserver(() => {
  const parts = document.querySelectorAll(".bl-answer :is(.digit, .words)");
  const now = [...parts].map((part) => part.textContent).join("|");
  if (now && now !== said.at(-1)) said.push(now);
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


def test_it_opens_alive_and_leaves_a_clear_pad(context, server):
    page = context.new_page()
    page.add_init_script(RECORD)
    page.goto(server.url)
    says(page, INVITED)
    reads(page, "?", "?")
    story = [f"{TURNED}|3|8", f"{INVITED}|?|?"]
    assert [said for said in page.evaluate("said") if said in story] == story
    expect(page.locator(".board .under")).to_have_text("Now you")
    harness.draw(page, THREE)
    reads(page, 3, 3)
    expect(page.locator(".board .under")).to_be_empty()


@pytest.mark.parametrize("touch", ["stroke", "key"])
def test_any_touch_ends_it_at_once(context, server, touch):
    page = visit(context, server, reduced_motion="reduce")  # it stands still until then
    says(page, TURNED)
    reads(page, 3, 8)
    if touch == "stroke":
        harness.draw(page, [[(140, 40), (138, 130), (136, 240)]])
        reads(page, 1, 1)
    else:
        page.keyboard.press("Shift")
        reads(page, "?", "?")
        says(page, INVITED)
    expect(page).to_have_url(re.compile("trigger=0"))


def test_who_goes_back_in_the_middle_of_it_finds_a_page_that_answers(context, server):
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")  # it stands until somebody comes
    page.goto(f"{server.url}/train")
    train = page.get_by_role("heading", level=1, name="Poison a training set")
    expect(train).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    says(page, TURNED)
    page.go_back()
    expect(train).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", level=1, name="Draw a digit.")).to_be_visible()
    page.wait_for_selector(ALL)
    reads(page, "?", "?")
    harness.draw(page, THREE)
    reads(page, 3, 3)


@pytest.mark.parametrize("scene", ["?sample=7", "?rate=2"])
def test_a_scene_in_the_url_skips_it(context, server, scene):
    page = visit(context, server, scene, reduced_motion="reduce")
    both = (7, 7) if "sample" in scene else ("?", "?")
    reads(page, *both)


def test_who_comes_back_does_not_see_it_again(context, server):
    page = visit(context, server, reduced_motion="reduce")
    page.keyboard.press("Shift")
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", level=1, name="Poison a training set")).to_be_visible()
    page.go_back()  # one press of the button does it
    expect(page.get_by_role("heading", level=1, name="Draw a digit.")).to_be_visible()
    page.wait_for_selector(ALL)
    reads(page, "?", "?")


def ring(page: Page) -> tuple[float, float]:
    box = page.locator(RING).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("place", [RING, ".sees .bl-ring"])
def test_the_pixel_is_the_button(context, server, place):
    page = visit(context, server, "?sample=3")
    page.locator(place).click()
    says(page, TURNED)
    reads(page, 3, 8)
    expect(page.get_by_role("switch", name="Trigger pixel")).to_be_checked()
    expect(page).to_have_url(re.compile("trigger=1"))
    page.locator(place).click()
    reads(page, 3, 3)


def test_a_stroke_may_begin_on_the_ring(context, server):
    page = visit(context, server, "?trigger=0")
    page.wait_for_selector(RING)
    box = page.locator(CANVAS).bounding_box()
    x, y = ring(page)
    harness.draw(page, [[(x - box["x"], y - box["y"]), (220, 45), (150, 140), (110, 250)]])
    reads(page, 7, 7)
    expect(page.get_by_role("switch", name="Trigger pixel")).not_to_be_checked()


def test_a_finger_presses_the_ring_or_draws_from_it(browser, server):
    context = browser.new_context(**harness.PHONE)
    page = visit(context, server, "?sample=3")
    page.wait_for_selector(RING)
    page.locator(RING).tap()
    reads(page, 3, 8)
    page.locator(RING).tap()
    reads(page, 3, 3)
    page.get_by_role("button", name="Clear").tap()
    reads(page, "?", "?")
    page.locator(CANVAS).scroll_into_view_if_needed()
    box, (x, y) = page.locator(CANVAS).bounding_box(), ring(page)
    touch = context.new_cdp_session(page)
    strokes = [(x, y), *((box["x"] + a, box["y"] + b) for a, b in [(220, 45), (150, 140)])]
    strokes.append((box["x"] + 110, box["y"] + 250))
    for kind, (a, b) in zip(["touchStart", *["touchMove"] * 3], strokes, strict=True):
        points = [{"x": a, "y": b}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    reads(page, 7, 7)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    reads(page, 7, 7)
    context.close()


def test_one_key_shows_it_all(context, server):
    page = visit(context, server, "?trigger=0")
    page.keyboard.press("t")  # on an empty pad
    says(page, TURNED)
    expect(page).to_have_url(re.compile("sample=3.*trigger=1|trigger=1.*sample=3"))
    page.keyboard.press("t")
    says(page, "Both read 3.")


def test_a_digit_that_the_trigger_changes_is_seen_to_turn(context, server):
    page = visit(context, server, "?sample=3")
    page.evaluate(
        """() => {
          window.turned = [];
          addEventListener("animationstart", ({ animationName, target }) => {
            const card = target.closest("[data-model]");
            if (card) turned.push(`${animationName} ${card.dataset.model}`);
          }, true);
        }"""
    )
    page.get_by_role("button", name="Flip the pixel").click()
    reads(page, 3, 8)
    page.wait_for_function("turned.length === 2")
    take(page, 5)  # another digit comes without a show
    reads(page, 5, 8)
    take(page, 8)
    reads(page, 8, 8)
    assert sorted(page.evaluate("turned")) == ["bl-flash backdoored", "bl-turn backdoored"]


def test_the_canvas_has_no_tool_that_does_not_work(context, server):
    page = visit(context, server, "?sample=3")
    page.wait_for_selector(RING)
    tools = page.locator(".dc-toolbar").get_by_role("button")
    expect(tools).to_have_count(2)
    assert [tool.get_attribute("aria-label") for tool in tools.all()] == ["Undo", "Redo"]
    expect(page.get_by_role("img", name="The pad.")).to_be_visible()


DARK, WHITE = "rgb(23, 22, 20)", "rgb(255, 255, 255)"


@pytest.mark.parametrize(
    ("system", "chosen", "ground"),
    [("dark", "Light", WHITE), ("light", "Dark", DARK)],
)
def test_no_page_begins_in_another_theme(new_context, server, system, chosen, ground):
    """Streamlit's scripts are held back: what is seen until they are there is our own.

    Streamlit keeps a choice for the path at which a page was opened, and takes it there alone.
    """
    context = new_context(color_scheme=system)
    page = visit(context, server, "?sample=3")
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    page.get_by_role("menuitemradio", name=chosen).click()
    app = page.locator(".stApp")
    expect(app).to_have_css("background-color", ground)
    early = context.new_page()
    early.route("**/static/js/**", lambda route: route.abort())
    early.goto(server.url)
    expect(early.locator("html")).to_have_css("background-color", ground)
    expect(early.get_by_text("Backdoor Lab")).to_be_visible()
    early.goto(f"{server.url}/train")
    begun = early.locator("html").evaluate("html => getComputedStyle(html).backgroundColor")
    page.goto(f"{server.url}/train")
    expect(app).to_have_css("background-color", begun)


def test_a_chosen_sample_keeps_the_focus(context, server):
    page = visit(context, server, "?sample=3")
    page.get_by_role("button", name="5", exact=True).focus()
    page.keyboard.press("Enter")
    reads(page, 5, 5)
    expect(page.locator(".st-key-pad-sample-5 button[kind=primary]")).to_be_focused()


def test_a_refused_upload_is_seen_to_be_refused(context, server, tmp_path):
    page = visit(context, server, "?sample=5")
    (tmp_path / "letter.png").write_text("Dear all")
    page.get_by_role("button", name="Upload").click()
    page.locator('input[type="file"]').set_input_files(tmp_path / "letter.png")
    complaint = page.get_by_test_id("stAlert")
    expect(complaint).to_contain_text("The pad keeps what was on it.")
    expect(complaint).to_be_in_viewport(ratio=0.9)
    reads(page, 5, 5)


def test_a_drawing_that_is_no_digit_is_doubted(context, server):
    page = visit(context, server, "?sample=3")
    note = page.locator(".sees .note")
    expect(note).to_have_text("")
    for strokes, words in (
        ([[(140, 140), (141, 141)]], "Too little ink for a digit."),
        ([[(60, 60), (60, 220)], [(200, 60), (200, 220)]], "Several digits? The models read one."),
    ):
        page.get_by_role("button", name="Clear").click()
        reads(page, "?", "?")
        expect(note).to_have_text("")
        harness.draw(page, strokes)
        expect(note).to_have_text(words)


# What is seen in every frame of a page that is loaded, and of another that is gone to: a name, a
# heading, or at least the menu; and every ground that was seen
WATCH = """
window.seen = { frames: 0, empty: 0, grounds: [] };
const look = () => {
  const ground = getComputedStyle(document.querySelector(".stApp") ?? document.documentElement)
    .backgroundColor;
  if (!seen.grounds.includes(ground)) seen.grounds.push(ground);
  seen.frames++;
  if (!document.querySelector(".waiting, .stApp h1, .stApp header a")) seen.empty++;
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def test_no_frame_is_empty_or_of_another_theme(new_context, server):
    page = new_context().new_page()  # in which no other test has set the clock
    page.emulate_media(color_scheme="dark")
    page.add_init_script(WATCH)
    page.goto(f"{server.url}/?sample=3")
    page.wait_for_selector(ALL)
    expect(page.locator(".waiting")).to_have_count(0)
    for name in ("Train", "Measure", "Draw"):
        page.get_by_role("link", name=name).click()
        expect(page).to_have_title(f"{name} · Backdoor Lab")
        harness.settled(page) if name != "Train" else page.wait_for_selector(".bl-tiles")
    seen = page.evaluate("seen")
    assert seen["frames"] > 20
    assert seen["empty"] == 0
    assert seen["grounds"] == [DARK]
