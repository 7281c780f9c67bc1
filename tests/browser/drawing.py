"""The Draw page in a browser, and what it answers."""

from playwright.sync_api import Page, expect

from tests import harness

# A 3 in two quick strokes, as somebody in a hurry draws it.
THREE = [
    [(90, 62), (140, 45), (185, 70), (170, 115), (128, 132)],
    [(128, 132), (185, 150), (195, 200), (150, 232), (88, 214)],
]
CANVAS = "canvas.upper-canvas"
RING = ".board button"
ALL = '.bl-answer[data-live="all"]'  # the browser answers by itself, at every rate
BY_PYTHON, BY_BROWSER = '.bl-answer[data-by="python"]', '.bl-answer[data-by="browser"]'


def visit(context, server, query: str = "", **media) -> Page:
    """A page that answers by itself; media: what Playwright's emulate_media takes."""
    page = context.new_page()
    page.emulate_media(**media)
    page.goto(f"{server.url}/{query}")
    harness.settled(page)
    page.wait_for_selector(ALL)
    return page


def reads(page: Page, clean: int | str, backdoored: int | str) -> None:
    for model, digit in (("clean", clean), ("backdoored", backdoored)):
        expect(page.locator(f'[data-model="{model}"] .digit')).to_have_text(str(digit))


def says(page: Page, words: str) -> None:
    expect(page.locator(".bl-answer .words")).to_have_text(words)


def take(page: Page, digit: int) -> None:
    page.get_by_role("button", name=str(digit), exact=True).click()


def rested(page: Page) -> None:
    page.wait_for_selector(BY_PYTHON, timeout=60_000)
