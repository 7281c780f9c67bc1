"""A talk in a browser, steered with the keyboard as somebody on a stage would."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from core.show import talk
from core.show.scenes import SCENES
from tests import harness

WAIT = 60_000  # milliseconds
FACTS = talk.facts(talk.prepared())
TITLES = [talk.fill(scene.title, FACTS) for scene in SCENES]
THREE = [(80, 60), (200, 60), (130, 140), (200, 200), (80, 230)]  # one stroke
LIVE = '.talk[data-live="all"]'  # the browser answers by itself


def visit(context: BrowserContext, url: str, query: str = "") -> Page:
    page = context.new_page()
    page.clock.install()
    page.goto(f"{url}/present{query}")
    expect(page.locator(".talk > h1")).not_to_be_empty(timeout=WAIT)
    page.wait_for_selector(harness.READY, timeout=WAIT)
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.clock.run_for(350)  # a key pressed twice within 300 ms counts once
        page.keyboard.press(key)


def expect_scene(page: Page, number: int) -> None:
    expect(page.locator(".talk > h1")).to_have_text(TITLES[number - 1])
    expect(page).to_have_url(re.compile(f"scene={number}&"))


def draw_three(page: Page) -> None:
    stroke(page, *THREE)


def stroke(page: Page, *points: tuple[float, float], lift: bool = True) -> None:
    """Draws one line, in pixels of the canvas."""
    box = page.locator(".talk .pad canvas").bounding_box()
    scale = box["width"] / 280
    for i, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * scale, box["y"] + y * scale, steps=3 if i else 1)
        if not i:
            page.mouse.down()
    if lift:
        page.mouse.up()


def expect_digits(page: Page, *expected: str) -> None:
    """What the models read; in either order, since A and B are dealt anew for every talk."""
    digits = page.locator(".talk .digit:visible")
    harness.eventually(lambda: sorted(digits.all_inner_texts()), sorted(expected))
