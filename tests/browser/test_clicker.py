"""The talk on a stage: what a clicker sends, a black screen, a browser that keeps nothing."""

import re

from playwright.sync_api import Page, expect

from core.show.scenes import SCENES
from tests.browser.stage import TITLES, draw_three
from tests.browser.test_scenes import show

# What a browser with blocked cookies and a sandboxed frame do
KEEPS_NOTHING = """
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
  });
}
window.BroadcastChannel = class {
  constructor() { throw new DOMException("The operation is insecure.", "SecurityError"); }
};
"""
IN_SIGHT = """() => document.elementFromPoint(300, 300) !== document.querySelector(".talk")
  || getComputedStyle(document.querySelector(".talk"), "::after").content === "none" """


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.clock.run_for(350)  # a key pressed twice within 300 ms counts once
        page.keyboard.press(key)


def opened(page: Page, query: str = "") -> Page:
    page.clock.install()
    show(page, SCENES, query)
    return page


def is_in(page: Page, number: int) -> None:
    expect(page.locator(".talk > h1")).to_have_text(TITLES[number - 1])


def is_black(page: Page, *, black: bool) -> None:
    assert page.evaluate(IN_SIGHT) is not black


def test_a_clicker_goes_on_by_its_arrows_too(page):
    opened(page)
    press(page, "3", "ArrowDown", "ArrowDown")
    is_in(page, 3)
    press(page, "ArrowUp")
    is_in(page, 2)


def test_where_there_is_a_slider_they_move_it_first(page):
    opened(page, "?scene=6&step=0")
    press(page, "ArrowDown")
    is_in(page, 6)
    for _ in range(20):  # a finger that rests on the key, and is quick
        page.keyboard.press("ArrowDown")
    is_in(page, 6)
    assert page.locator(".talk .dose input").input_value() == "0"
    press(page, "ArrowDown")
    is_in(page, 7)


def test_a_black_screen_ends_with_any_key_and_nothing_else_happens(page):
    opened(page, "?scene=2&step=0")
    for key, end in (("b", "ArrowRight"), (".", "x"), ("B", "b"), ("b", "Escape")):
        press(page, key)
        is_black(page, black=True)
        press(page, end)
        is_black(page, black=False)
    is_in(page, 2)
    press(page, "b")
    page.mouse.click(300, 300)
    is_black(page, black=False)
    press(page, "ArrowRight")
    is_in(page, 3)


def test_a_black_screen_is_among_the_keys(page):
    opened(page)
    press(page, "?")
    expect(page.locator(".help dt").filter(has_text=re.compile(r"^B, \.$"))).to_be_visible()


def test_a_browser_that_keeps_nothing_keeps_the_place(page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(f"{error}"))
    page.add_init_script(KEEPS_NOTHING)
    opened(page)
    draw_three(page)
    press(page, "ArrowRight", "ArrowRight")
    is_in(page, 3)
    page.reload()
    show(page, SCENES, page.url.partition("/present")[2])
    is_in(page, 3)
    assert complaints == []
