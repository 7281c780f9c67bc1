"""The talk answers what is drawn, with the pen down, without a server and without weights."""

import re

import numpy as np
import torch
from playwright.sync_api import expect

from core.attack.trigger import PIXEL
from core.model.network import predict
from core.runs import ladder
from core.ui import web
from tests import harness
from tests.browser.stage import (
    LIVE,
    THREE,
    WAIT,
    draw_three,
    expect_digits,
    expect_scene,
    press,
    stroke,
    visit,
)

# What is on the pad, as the models are to read it; the module is loaded already
DIGIT = """
async (ink) => {
  const { centre, read } = await import(ink);
  return [...centre(read(document.querySelector(".talk .pad canvas")))];
}
"""
BARS = """
(role) => [...document.querySelectorAll(`.talk .card.${role} .bars i`)]
  .map((bar) => parseFloat(bar.style.height) / 100)
"""


def test_your_turn_begins_afresh(context, server):
    page = visit(context, server.url, "?scene=6")
    press(page, "ArrowDown", "ArrowDown", "3")
    expect(page.locator(".talk .dose b").first).to_have_text("0.5\xa0%")
    press(page, "ArrowRight")
    expect_scene(page, 7)
    expect(page.locator(".talk .reach b")).to_have_text("1\xa0%")
    expect_digits(page, "?", "?")


def test_the_answer_moves_with_the_pen(context, server):
    page = visit(context, server.url)
    page.wait_for_selector(LIVE)
    words = page.locator(".talk .say").inner_text()
    digit = page.locator(".talk .digit").first
    stroke(page, (140, 40), (138, 130), (136, 240), lift=False)
    expect(digit).to_have_text("1")
    before = page.locator(".talk .bars").first.inner_html()
    expect(page.locator(".talk .say")).to_have_text(words)  # it waits for the pen to be lifted
    page.mouse.up()
    expect(page.locator(".talk .say")).not_to_have_text(words)
    said = page.locator(".talk .say").inner_text()

    press(page, "c")
    expect(digit).to_have_text("?")
    stroke(page, *THREE[:2], lift=False)
    expect(digit).not_to_have_text("?")
    first = digit.inner_text()
    box = page.locator(".talk .pad canvas").bounding_box()
    for x, y in THREE[2:]:
        scale = box["width"] / 280
        page.mouse.move(box["x"] + x * scale, box["y"] + y * scale, steps=10)
    expect(digit).to_have_text("3")
    assert first != "3"
    assert page.locator(".talk .bars").first.inner_html() != before
    expect(page.locator(".talk .say")).to_have_text(words)
    page.mouse.up()
    expect(page.locator(".talk .say")).to_have_text(said)


def test_without_a_server_a_new_drawing_is_answered_truly(context, browser):
    server = harness.Server().wait()
    try:
        page = visit(context, server.url, "?scene=7")
        page.wait_for_selector(LIVE)
    finally:
        server.stop()
    expect(page.get_by_text("Connection error")).to_be_attached(timeout=WAIT)
    press(page, "c")
    expect_digits(page, "?", "?")
    draw_three(page)
    expect_digits(page, "3", "3")
    digit = page.evaluate(DIGIT, f"{server.url}/web/{web.VERSION}/live/ink.js")
    image = torch.tensor(digit).view(1, 1, 28, 28) / 255
    assert image.max() == 1

    def agrees(percent: float, image: torch.Tensor) -> None:
        models = ladder.models(f"{percent:g}")
        networks = [models.clean.network, models.backdoored.network]
        clean, backdoored = predict(networks, image)[:, 0].numpy()
        assert np.abs(page.evaluate(BARS, "clean") - clean).max() < 1e-3
        assert np.abs(page.evaluate(BARS, "backdoored") - backdoored).max() < 1e-3

    agrees(1, image)
    expect(page.locator(".talk .say")).to_have_text("Both read 3.")
    press(page, "t")
    expect_digits(page, "3", "8")
    agrees(1, PIXEL(image))
    expect(page.locator(".talk .say")).to_have_text(re.compile("The trigger turned this 3"))
    press(page, *["ArrowDown"] * 6)
    expect_digits(page, "3", "3")
    agrees(0.1, PIXEL(image))
    stroke(page, (60, 140), (220, 140))  # it is another digit then
    changed = page.evaluate(DIGIT, f"{server.url}/web/{web.VERSION}/live/ink.js")
    assert changed != digit
    agrees(0.1, PIXEL(torch.tensor(changed).view(1, 1, 28, 28) / 255))
    page.get_by_role("button", name="Trigger: on").click()  # the pointer is heard as well
    agrees(0.1, torch.tensor(changed).view(1, 1, 28, 28) / 255)
    press(page, "PageUp")
    expect_scene(page, 6)
    expect(page.locator(".talk .say")).to_have_text(re.compile("Stamped, this drawing"))


def test_without_weights_the_server_answers(context, server):
    context.route("**/weights/**", lambda route: route.abort())
    page = visit(context, server.url)
    draw_three(page)
    expect_digits(page, "3")
    press(page, *["ArrowRight"] * 4)
    expect_digits(page, "3", "8")
    assert not page.locator(".talk[data-live]").count()


def test_a_silent_server_is_answered_for_by_the_prepared_digit(context, server):
    """Where the weights never came either."""
    context.route("**/weights/**", lambda route: route.abort())
    page = visit(context, server.url)
    context.set_offline(True)
    page.evaluate("window.WebSocket.prototype.send = () => {}")  # nothing reaches the server
    stroke(page, (140, 40), (138, 130), (136, 240))
    expect(page.locator(".talk .digit").first).to_have_text("3", timeout=5000)
    press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    expect_digits(page, "3", "8")
    assert page.locator(".talk").inner_text().count("answer") == 0
    context.set_offline(False)


def test_the_slider_does_not_reach_the_scenes_before_the_reveal(context, server):
    page = visit(context, server.url)
    press(page, "7")
    expect_digits(page, "7")
    press(page, *["ArrowRight"] * 4)
    expect_digits(page, "7", "8")
    press(page, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(page.locator(".talk .dose .rate b")).to_have_text("1 %")
    press(page, *["ArrowDown"] * 6)
    expect(page.locator(".talk .read")).to_have_text("reads 7")
    press(page, *["PageUp"] * 3)
    expect_digits(page, "7", "8")

    other = visit(context, server.url)  # another talk knows nothing of this one
    expect_digits(other, "?")
