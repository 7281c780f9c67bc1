"""The page that is taken home, opened from the disk with the network cut."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.__main__ import main
from core.digits import mnist
from tests.browser.test_present import draw_three

READS = re.compile("The trigger turned this 3 into an 8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The page of a pair, that of two rungs, and the talk; rounding is tried on few digits."""
    folder, digits = tmp_path_factory.mktemp("home"), mnist.load()
    few = digits._replace(test=mnist.Digits(*(each[:200] for each in digits.test)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mnist, "load", lambda: few)
        main(["export", "--out", f"{folder / 'pair.html'}"])
        main(["export", "--rung", "0.01", "1", "--out", f"{folder / 'rungs.html'}"])
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
    expect(page.locator(".about")).to_contain_text("99.73 % of 9,026")
    page.get_by_role("button", name="Clear").click()
    digits(page, "?", "?")


def test_the_slider_goes_from_one_rung_to_the_other(open_page):
    page = open_page("rungs.html")
    page.keyboard.press("3")
    page.keyboard.press("t")
    digits(page, "3", "8")
    page.keyboard.press("ArrowDown")
    digits(page, "3", "3")
    expect(page.locator(".reach")).to_contain_text("6 of 60,000 images poisoned")


def test_a_phone_has_its_buttons_in_sight(open_page):
    page = open_page("pair.html", viewport={"width": 390, "height": 844})
    page.keyboard.press("3")
    page.get_by_role("button", name="Trigger: off").click()
    digits(page, "3", "8")


def test_the_talk_goes_from_end_to_end(open_page):
    page = open_page("talk.html")
    page.keyboard.press("3")
    titles = []
    for key in ["ArrowRight", "PageDown"] * 12:
        titles.append(page.locator(".talk > h1").inner_text())
        page.keyboard.press(key)
    assert len(set(titles)) == 9
    expect(page.locator(".talk > h1")).to_have_text("What to take home.")
    expect(page.locator(".talk a:visible")).to_have_count(0)
