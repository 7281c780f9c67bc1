"""The pad: what is drawn stays, what was cleared stays away, where the server is slow and where a
palm rests beside the pen."""

import re

from playwright.sync_api import Page, expect

from tests import harness
from tests.browser.drawing import ALL, THREE, reads, visit
from tests.pointers import Hands

TRUE = '.bl-answer[data-by="python"]'


def opened_on_a_line(context, server, query: str) -> tuple[Page, harness.Line]:
    page = context.new_page()
    line = harness.Line(page)
    page.goto(f"{server.url}/{query}")
    page.wait_for_selector(ALL)
    return page, line


def test_a_stroke_that_comes_before_the_answer_to_clear_stays(context, server):
    page, line = opened_on_a_line(context, server, "?sample=4&trigger=0")
    harness.draw(page, [[(20, 20), (260, 20)]])
    line.answered = []
    page.get_by_role("button", name="Clear").click()
    reads(page, "?", "?")
    harness.draw(page, THREE)
    harness.eventually(lambda: bool(line.answered), True)
    line.let_answers_go()
    reads(page, 3, 3)
    page.get_by_text("Trigger pixel").click()
    reads(page, 3, 8)
    page.wait_for_selector(TRUE)
    reads(page, 3, 8)


def test_a_stroke_that_python_hears_of_after_clear_stays_away(context, server):
    page, line = opened_on_a_line(context, server, "?trigger=0")
    line.asked = []
    harness.draw(page, THREE)
    reads(page, 3, 3)
    page.get_by_role("button", name="Clear").click()
    reads(page, "?", "?")
    harness.eventually(lambda: len(line.asked or []) >= 2, True)
    line.let_last_asked_go_first()
    page.get_by_text("Trigger pixel").click()
    expect(page).to_have_url(re.compile("trigger=1"))
    page.wait_for_selector(TRUE)
    reads(page, "?", "?")


# Which tenths of the pad, from the top, bear ink
ROWS = """
() => {
  const canvases = [...document.querySelectorAll(".st-key-pad-canvas *")].flatMap(
    ({ shadowRoot }) => [...(shadowRoot?.querySelectorAll("canvas[data-fabric]") ?? [])]);
  const rows = new Set();
  for (const canvas of canvases) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, 280, 280);
    data.forEach((value, i) => {
      if (i % 4 === 0 && value > 128) rows.add(Math.floor(i / 4 / 280 / 28));
    });
  }
  return [...rows].sort((one, other) => one - other);
}
"""


def test_a_palm_beside_the_pen_draws_nothing_and_loses_nothing(new_context, server):
    page = visit(new_context(has_touch=True), server, "?trigger=0")
    top, middle, palm = (
        harness.on_canvas(page, stroke)
        for stroke in ([(40, 42), (220, 42)], [(60, 154), (220, 154)], [(140, 238), (130, 225)])
    )
    hands = Hands(page)
    hands.touch("touchStart", palm[0])
    hands.touch("touchMove", palm[1])
    harness.eventually(lambda: page.evaluate(ROWS) != [], True)
    for start, end in (top, middle):  # the pen, on the ring first, while the palm rests
        hands.pen("mousePressed", start)
        hands.touch("touchMove", palm[0])
        hands.pen("mouseMoved", end)
        hands.touch("touchMove", palm[1])
        hands.pen("mouseReleased", end)
    hands.touch("touchEnd")
    harness.eventually(lambda: page.evaluate(ROWS), [1, 5])


def test_a_finger_that_comes_again_beside_another_loses_nothing(new_context, server):
    page = visit(new_context(has_touch=True), server, "?trigger=0")
    top, middle, other = (
        harness.on_canvas(page, stroke)
        for stroke in ([(90, 42), (220, 42)], [(60, 154), (220, 154)], [(140, 238), (130, 225)])
    )
    hands = Hands(page)
    hands.touch("touchStart", top[0])
    hands.touch("touchStart", top[0], other[0])
    hands.touch("touchMove", top[1], other[1])
    hands.touch("touchEnd", top[1])  # the other finger stays
    hands.touch("touchStart", middle[0], other[1])
    hands.touch("touchMove", middle[1], other[0])
    hands.touch("touchEnd")
    harness.eventually(lambda: page.evaluate(ROWS), [1, 5])
