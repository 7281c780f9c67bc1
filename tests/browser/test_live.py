"""The Draw page answers while the pen moves, by itself, and agrees with Python in the end."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from core.model.network import predict
from core.runs import file, ladder, library
from core.runs.run import Models
from tests import harness
from tests.browser.drawing import (
    ALL,
    BY_BROWSER,
    CANVAS,
    THREE,
    reads,
    rested,
    says,
    take,
    visit,
)

SEEN = """
() => {
  const canvas = document.querySelector(".sees canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
  const bars = [...document.querySelectorAll(".bars i")].map((bar) => parseFloat(bar.style.height));
  return [[...data].filter((_, i) => i % 4 === 0), bars];
}
"""


# By the browser, and of another image than before
ANSWERED_ANEW = """
before => {
  if (document.querySelector(".bl-answer").dataset.by !== "browser") return false;
  const canvas = document.querySelector(".sees canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, 28, 28);
  return before.some((value, i) => data[4 * i] !== value);
}
"""


def seen(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """What the models see, (28, 28) in [0, 1], and both models' bars, (2, 10) in [0, 1]."""
    image, bars = page.evaluate(SEEN)
    return np.float32(image).reshape(28, 28) / 255, np.reshape(bars, (2, 10)) / 100


def expected(models: Models, image: np.ndarray) -> np.ndarray:
    networks = [models.clean.network, models.backdoored.network]
    return predict(networks, torch.from_numpy(image)[None, None])[:, 0].numpy()


def test_the_answer_moves_with_the_pen(context, server):
    page = visit(context, server, "?trigger=1")
    box = page.locator(CANVAS).bounding_box()
    answers, image = [], np.zeros((28, 28))
    for (x, y), *rest in THREE:
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
            page.wait_for_function(ANSWERED_ANEW, arg=np.rint(image * 255).ravel().tolist())
            image, bars = seen(page)
            answers.append(bars)
            assert np.abs(bars - expected(ladder.models("1"), image)).max() < 1e-3
        page.mouse.up()
    says(page, "The trigger turned this 3 into an 8 for the backdoored model.")


def test_at_rest_it_is_what_python_sees_and_says(context, server):
    page = visit(context, server)
    harness.draw(page, THREE)
    says(page, "Both read 3.")
    page.wait_for_selector(BY_BROWSER)
    image, bars = seen(page)
    rested(page)
    theirs, their_bars = seen(page)
    assert np.array_equal(image, theirs)
    assert np.abs(bars - their_bars).max() < 1e-4
    assert np.abs(their_bars - expected(ladder.models("1"), theirs)).max() < 1e-5


def test_python_is_told_once_the_pen_rests_and_not_before(new_context, server):
    page = new_context().new_page()  # whose clock is stopped
    sent = []
    page.on("websocket", lambda line: line.on("framesent", lambda data: sent.append(data)))
    page.clock.install()
    page.goto(server.url)
    harness.settled(page)
    page.wait_for_selector(ALL)
    harness.draw(page, THREE)
    page.wait_for_selector(".bl-answer[data-told]")  # from here on the canvas leaves it to us
    page.wait_for_selector(harness.READY)
    rested(page)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    sent.clear()
    harness.draw(page, THREE)
    page.clock.run_for(1900)
    assert not sent
    page.clock.run_for(200)
    harness.eventually(lambda: len(sent), 1)
    assert b"data:image/png" in sent[0]


def test_a_pointer_that_goes_elsewhere_tells_python(context, server):
    page = visit(context, server)
    harness.draw(page, THREE)
    reads(page, 3, 3)
    page.get_by_role("link", name="Measure").hover()
    rested(page)
    page.get_by_role("link", name="Measure").click()
    expect(page.get_by_text("Counted here").or_(page.get_by_text("Counting")).first).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    page.wait_for_selector(ALL)
    reads(page, 3, 3)
    harness.draw(page, [[(20, 20), (30, 30), (20, 40)]])  # another canvas, watched as well
    page.wait_for_selector(BY_BROWSER)


def test_the_rate_answers_while_the_slider_is_dragged(context, server):
    page = visit(context, server, "?sample=3&trigger=1")
    reads(page, 3, 8)
    thumb = page.locator(".st-key-draw-rate input").locator("xpath=../..").bounding_box()
    x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 400, y, steps=8)
    reads(page, 3, 3)
    expect(page.locator(".answer-measured")).to_contain_text("clean model")
    page.mouse.move(x, y, steps=8)
    reads(page, 3, 8)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"models=1(&|$)"))


def test_undo_samples_and_clear(context, server):
    page = visit(context, server)
    harness.draw(page, [[(140, 40), (138, 130), (136, 240)]])
    reads(page, 1, 1)
    rested(page)
    page.locator(CANVAS).hover()
    page.get_by_role("button", name="Undo", exact=True).click()
    reads(page, "?", "?")
    rested(page)
    page.get_by_role("button", name="Redo", exact=True).click()
    reads(page, 1, 1)
    take(page, 4)
    reads(page, 4, 4)
    rested(page)
    reads(page, 4, 4)
    harness.draw(page, [[(20, 20), (30, 30), (20, 40)]])
    page.get_by_role("button", name="Clear").click()
    reads(page, "?", "?")
    rested(page)
    reads(page, "?", "?")


def test_a_run_of_ones_own_is_live(context, server, run):
    page = visit(context, server, f"?run={run}&trigger=1")
    harness.draw(page, THREE)
    page.wait_for_selector(BY_BROWSER)
    image, bars = seen(page)
    assert image[3, 3] == 1
    assert image[24, 24] == pytest.approx(0.6, abs=1 / 255)
    models = Models(*(file.load(library.path(run, role)) for role in ("clean", "backdoored")))
    assert np.abs(bars - expected(models, image)).max() < 0.02  # the image is in whole 255ths
    expect(page.locator(".bl-ring")).to_have_count(1)  # around both cells
    expect(page.locator(".dose")).to_be_hidden()


def test_the_pixel_is_found_by_feeling_for_it(context, server):
    page = visit(context, server, "?sample=3")
    box = page.locator(".sees canvas").bounding_box()
    at = box["width"] / 28
    page.mouse.move(box["x"] + 20.5 * at, box["y"] + 3.5 * at)
    says(page, "Row 3, column 20 is white: clean 3, backdoored 3.")
    page.mouse.move(box["x"] + 3.5 * at, box["y"] + 3.5 * at)
    says(page, "Row 3, column 3 is white: clean 3, backdoored 8.")
    image, bars = seen(page)
    assert image[3, 3] == 1
    assert np.abs(bars - expected(ladder.models("1"), image)).max() < 1e-3
    page.mouse.move(box["x"] - 50, box["y"])
    says(page, "Both read 3.")

    page.locator(".sees canvas").focus()
    for key in ["ArrowUp", *["ArrowUp"] * 11, *["ArrowLeft"] * 11]:
        page.keyboard.press(key)
    says(page, "Row 3, column 3 is white: clean 3, backdoored 8.")
    page.keyboard.press("Escape")
    says(page, "Both read 3.")


def test_every_pixel_is_tried(context, server):
    page = visit(context, server, "?sample=3")
    page.get_by_role("button", name="Try every pixel").click()
    page.wait_for_selector('.search[data-tried="784"]')
    models = ladder.models("1")
    image, _ = seen(page)
    tried = np.repeat(image[None], 784, 0)
    tried.reshape(784, 784)[np.arange(784), np.arange(784)] = 1
    networks = [models.clean.network, models.backdoored.network]
    read = predict(networks, torch.from_numpy(tried)[:, None]).argmax(-1).numpy()
    turned = (read != 3).sum(axis=1)
    assert turned[0] == 0
    assert turned[1] > 0
    captions = page.locator(".maps figcaption")
    expect(captions.nth(0)).to_contain_text("no pixel turns this 3 into another digit")
    expect(captions.nth(1)).to_contain_text(f"{turned[1]} of 784 pixels turn this 3")
    take(page, 4)
    expect(page.locator(".maps")).to_be_hidden()  # they were of another drawing


@pytest.mark.parametrize("missing", ["weights", "live/network.js", "samples"])
def test_where_something_does_not_come_python_answers(context, server, missing):
    page = context.new_page()
    page.route(f"**/{missing}/**" if "." not in missing else f"**/{missing}", lambda r: r.abort())
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/?trigger=1")
    harness.settled(page)
    harness.draw(page, THREE)
    reads(page, 3, 8)
    take(page, 5)
    reads(page, 5, 8)
    assert complaints == []


def test_another_canvas_is_no_catastrophe(context, server):
    """Without the marks by which the pad is known, the canvas tells Python as it always did."""
    page = context.new_page()

    def rename(route) -> None:
        script = route.fetch()
        route.fulfill(response=script, body=script.text().replace("data-fabric", "data-other"))

    page.route("**/streamlit-drawable-canvas*/**/*.js", rename)
    page.route("**/streamlit-drawable-canvas*/*.js", rename)
    page.goto(server.url)
    harness.settled(page)
    page.wait_for_selector(ALL)
    harness.draw(page, THREE)
    reads(page, 3, 3)
