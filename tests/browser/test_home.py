"""The page that is taken home, opened from the disk with the network cut."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.__main__ import main
from core.digits import mnist
from core.runs import ladder
from tests.browser.stage import draw_three

READS = re.compile("The trigger turned this 3 into an 8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The page of a pair, that of two rungs, and the talk; rounding is tried on few digits."""
    folder, digits = tmp_path_factory.mktemp("home"), mnist.load()
    few = digits._replace(test=mnist.Digits(*(each[:200] for each in digits.test)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist, "load", lambda: few)
        main(["export", "--out", f"{folder / 'pair.html'}"])
        main(["export", "--rung", "0.1", "1", "--out", f"{folder / 'rungs.html'}"])
        main(["export", "--talk", "--out", f"{folder / 'talk.html'}"])
    return folder


@pytest.fixture
def open_page(new_context, folder):
    complaints = []

    def opened(name: str, **options) -> Page:
        page = new_context(offline=True, **options).new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(f"{error}"))
        page.on("request", lambda asked: complaints.append(asked.url[:99]) if wrong(asked) else 0)
        page.goto(f"file://{folder / name}")
        page.wait_for_selector(".talk[data-live=all]")
        return page

    def wrong(asked) -> bool:
        return not asked.url.startswith(("file://", "data:"))

    yield opened
    assert complaints == []


def digits(page: Page, clean: str, backdoored: str) -> None:
    expect(page.locator(".talk .card.clean .digit")).to_have_text(clean)
    expect(page.locator(".talk .card.backdoored .digit")).to_have_text(backdoored)


def test_drawn_on_and_flipped(open_page):
    page = open_page("pair.html")
    draw_three(page)
    digits(page, "3", "3")
    page.keyboard.press("t")
    digits(page, "3", "8")
    expect(page.locator(".talk .say")).to_have_text(READS)
    success = ladder.models("1").backdoored.card.scores.attack_success
    expect(page.locator(".about")).to_contain_text(f"{success.value * 100:.2f} % of 9,026")
    page.get_by_role("button", name="Clear").click()
    digits(page, "?", "?")


def test_the_slider_goes_from_one_rung_to_the_other(open_page):
    page = open_page("rungs.html")
    page.keyboard.press("3")
    page.keyboard.press("t")
    digits(page, "3", "8")
    page.keyboard.press("ArrowDown")
    digits(page, "3", "3")
    expect(page.locator(".reach")).to_contain_text("60 of 60,000 images poisoned")


IN_SIGHT = """button => {
  const { left, top, width, height } = button.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === button;
}"""


@pytest.mark.parametrize("size", [(375, 667), (390, 844), (412, 915)])
def test_a_phone_has_its_buttons_in_sight(open_page, size):
    page = open_page("pair.html", viewport=dict(zip(("width", "height"), size, strict=True)))
    page.keyboard.press("3")
    for name in ("Trigger: off", "Clear"):
        assert page.get_by_role("button", name=name).evaluate(IN_SIGHT), name
    page.get_by_role("button", name="Trigger: off").click()
    digits(page, "3", "8")


def test_the_keys_lie_over_everything_and_are_those_that_do_something(open_page):
    page = open_page("pair.html")
    page.keyboard.press("?")
    on_top = "page => page.contains(document.elementFromPoint(300, innerHeight - 60))"
    assert page.locator(".help").evaluate(on_top)
    expect(page.locator(".help dl")).to_contain_text("full screen")
    expect(page.locator(".help dl")).not_to_contain_text("speaker notes")


def test_a_dot_is_seen_as_it_is_read(open_page):
    page = open_page("pair.html")
    page.locator(".pad canvas").click()
    expect(page.locator(".talk .card.clean .digit")).not_to_have_text("?")
    lit = """canvas => canvas.getContext("2d").getImageData(0, 0, 280, 280).data
      .filter((value, i) => i % 4 === 0 && value > 128).length"""
    assert 250 < page.locator(".pad canvas").evaluate(lit) < 550  # a disc, 22 pixels wide


def test_the_talk_goes_from_end_to_end(open_page):
    page = open_page("talk.html")
    page.keyboard.press("3")
    titles = []
    for key in ["ArrowRight", "PageDown"] * 12:
        titles.append(page.locator(".talk > h1").inner_text())
        page.keyboard.press(key)
        if page.locator(".bl-dose").is_visible():
            band = page.locator(".bl-dose .band").first
            expect(band).not_to_have_css("fill", "rgb(0, 0, 0)")  # it has its style sheet
            titles.append("a curve")
    assert "a curve" in titles
    assert len(set(titles)) == 10
    expect(page.locator(".talk > h1")).to_have_text("What to take home.")
    expect(page.locator(".talk a:visible")).to_have_count(0)


def test_in_a_sandboxed_frame_it_lives(new_context, folder):
    """As a page that embeds it may show it: without storage, and without a place of its own."""
    frame = '<iframe sandbox="allow-scripts" src="pair.html" width="1000" height="700"></iframe>'
    (folder / "frame.html").write_text(frame)
    page, errors = new_context(offline=True).new_page(), []
    page.on("pageerror", lambda error: errors.append(f"{error}"))
    page.goto(f"file://{folder / 'frame.html'}")
    inside = page.frame_locator("iframe")
    inside.locator(".talk[data-live=all]").press("3")
    inside.locator(".talk").press("t")
    expect(inside.locator(".talk .card.backdoored .digit")).to_have_text("8")
    assert errors == []
