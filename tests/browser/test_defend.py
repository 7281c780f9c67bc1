"""The Defend page: a sealed model is judged and revealed; a rung is repaired and drawn with."""

import re

import pytest
from playwright.sync_api import expect

from tests import harness
from tests.harness import Server

WAIT = 120_000  # milliseconds; a busy machine takes its time to train


def test_a_sealed_model_is_looked_at_from_three_places_and_revealed(page, small_server: Server):
    page.goto(f"{small_server.url}/defend?models=sealed")
    page.get_by_role("button", name="Seal a model").click()
    expect(page.get_by_text("I say: clean")).to_be_visible(timeout=WAIT)
    for stand, seen in (
        ("At the door", r"at row \d+, column \d+ turns"),
        ("In the data", r"Of the images labelled \d, the widest direction"),
        ("In the weights", r"the smallest pattern that turns nearly all"),
    ):
        page.get_by_text(stand, exact=True).click()
        expect(page.get_by_text(re.compile(seen))).to_be_visible(timeout=WAIT)
        expect(page.get_by_text("stamped")).to_have_count(0)  # the truth is not told yet
    page.get_by_text("I say: backdoored").click()
    page.get_by_role("button", name="Reveal").click()
    expect(page.get_by_text(re.compile("You were (right|wrong)"))).to_be_visible()
    expect(page.get_by_text("So far:")).to_be_visible()
    expect(page).to_have_url(re.compile("stand=weights.*told=1"))
    page.reload()  # the model, the verdict and the score are still there
    expect(page.get_by_text(re.compile("You were (right|wrong)"))).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("So far:")).to_be_visible()


def test_a_rung_is_repaired_and_the_trigger_fails_in_green(page, server: Server):
    page.goto(f"{server.url}/defend?stand=repair")
    page.get_by_text("Cut its path", exact=True).click()
    page.get_by_role("button", name="Repair it").click()
    page.get_by_role("button", name="Draw with it").click(timeout=WAIT)
    page.wait_for_url(re.compile(r"models=\d{8}-"))
    page.get_by_role("button", name="3", exact=True).click()
    repaired = page.locator('.card[data-model="repaired"]')
    expect(repaired.locator("h2")).to_have_text("Repaired model")
    expect(repaired.locator(".digit")).to_have_text("3")
    expect(repaired.locator(".digit")).to_have_css("color", "rgb(0, 158, 115)")
    expect(page.locator('.card[data-model="backdoored"] .digit')).to_have_text("8")


@pytest.mark.parametrize(
    ("stand", "figure"), [("data", ".plot svg"), ("weights", ".bl-masks"), ("repair", "table")]
)
def test_the_first_figure_begins_high_on_a_projector(page, server: Server, stand, figure):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server.url}/defend?stand={stand}")
    first = page.locator(figure).first
    expect(first).to_be_visible()
    expect(page.locator(".bl-judged").first).to_be_visible()
    # Until the page's own typeface is there, a line may take more room.
    harness.eventually(lambda: first.bounding_box()["y"] < 300, True)
