"""The pad where the server is slow: what is drawn stays, what was cleared stays away."""

import re

from playwright.sync_api import Page, expect

from tests import harness
from tests.browser.drawing import ALL, THREE, reads

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
