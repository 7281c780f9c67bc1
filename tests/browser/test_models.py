"""The chosen models go along, by the menu, Back and a reload; and a page begins at its top."""

import re

from playwright.sync_api import Page, expect

MAIN = "document.querySelector('[data-testid=stMain]')"
RATE = ".st-key-draw-rate input[type=range]"


def is_at(page: Page, path: str, models: str) -> None:
    """The page of this path, about these models, at its top."""
    expect(page).to_have_url(re.compile(rf"/{path}\?(.*&)?models={re.escape(models)}(&|$)"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function(f"{MAIN}.scrollTop === 0")


def go(page: Page, name: str) -> None:
    """Goes there by the menu, from the lower end of a page."""
    page.wait_for_function(f"{MAIN}.scrollHeight > {MAIN}.clientHeight + 50")
    page.evaluate(f"{MAIN}.scrollTo(0, 50)")
    page.get_by_role("link", name=name, exact=True).first.click()


def test_the_chosen_models_go_from_page_to_page(context, server):
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(f"{server.url}/measure?models=0.5")
    is_at(page, "measure", "0.5")
    go(page, "Defend")
    is_at(page, "defend", "0.5")
    go(page, "Draw")
    is_at(page, "", "0.5")
    slider = page.locator(RATE)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^0\.5 %"))
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"models=0\.7(&|$)"))
    go(page, "Train")
    is_at(page, "train", "0.7")
    page.reload()
    go(page, "Measure")
    is_at(page, "measure", "0.7")
    for path, models in (("train", "0.7"), ("", "0.7"), ("defend", "0.5"), ("measure", "0.5")):
        page.go_back()  # to what it was about
        is_at(page, path, models)
    expect(page.get_by_role("combobox", name="Models")).to_have_value(re.compile(r"0\.5 % poison"))
    go(page, "Defend")
    is_at(page, "defend", "0.5")
