"""axe finds nothing grave on any page, light and dark, on a desk and on a phone."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests import harness

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
WAIT = 120_000  # milliseconds; counting ten thousand digits takes a busy machine its time
SIZES = {"desk": {"width": 1280, "height": 720}, "phone": {"width": 390, "height": 844}}
RULES = {"light": None, "dark": ["color-contrast", "link-in-text-block"]}  # the themes' difference
FOUND = "async (options) => (await axe.run(document, options)).violations"
COUNTED = "Counted here"
READY = {  # by address, what is there when the page is
    "": "Draw a digit, or take a sample.",
    "?sample=3&trigger=1": "The trigger turned this 3 into an 8",
    "train": "images bear the trigger",
    "measure": COUNTED,
    "measure?view=classes": COUNTED,
    "measure?view=images": COUNTED,
    "measure?view=rates": COUNTED,
    "measure?view=article": COUNTED,
    "measure?view=files": COUNTED,
    "defend": "backdoor found",
    "defend?stand=data": "of them stamped, of 600 in all",
    "defend?stand=weights": "backdoor found",
    "defend?stand=repair": "Repair it",
    "defend?stand=why": "turns into an 8",
    "defend?stand=doses": "Found from",
    "present": "",
    "present?scene=6": "",
    "present?scene=8": "",
    "present?scene=9&step=1": "",
    "present?scene=10": "",
    "present?hall=1": "",
    "present?notes=1": "",
}


def problems(page: Page, rules: list[str] | None = None) -> list[str]:
    """A line for each element that a rule of axe finds fault with, minor ones left out.

    rules: the names of those to be asked, None for all.
    """
    if not page.evaluate("window.axe"):
        page.add_script_tag(path=AXE)
    options: dict = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate(FOUND, options)
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        if rule["impact"] != "minor"
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("address", READY)
def test_every_page_can_be_read_by_everybody(context, server, address):
    complaints = []
    page = context.new_page()
    page.emulate_media(color_scheme="light")
    page.goto(f"{server.url}/{address}")
    for theme, rules in RULES.items():
        page.emulate_media(color_scheme=theme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", theme)
        for device in SIZES if theme == "light" else ["desk"]:  # in the dark, colours alone differ
            page.set_viewport_size(SIZES[device])
            if words := READY[address]:
                expect(page.get_by_text(words).first).to_be_visible(timeout=WAIT)
            expect(page.locator(".waiting")).to_have_count(0)
            page.wait_for_selector(harness.READY)
            expect(page.locator("[data-stale=true]")).to_have_count(0)
            complaints += [f"{theme}, {device}: {problem}" for problem in problems(page, rules)]
    assert not complaints, "\n".join(complaints)
