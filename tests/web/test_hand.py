"""Who draws where several touch the screen: the talk's pad, a phone's, and the painter."""

import pytest
from playwright.sync_api import Page

from core.show import html
from tests.pointers import Hands

# What is drawn on: a canvas of 280 pixels in the corner of the page, which `rows` tells the ink of
TALK = """
async () => {
  const { makePad } = await import("/talk/pad.js");
  document.body.innerHTML = '<canvas width="280" height="280"></canvas>';
  const nothing = () => {};
  makePad(document.querySelector("canvas"), { begun: nothing, moved: nothing, done: nothing });
}
"""
PAINTER = """
async () => {
  const { default: show } = await import("/painter.js");
  document.body.innerHTML = `<div class="painter"><canvas width="280" height="280"></canvas>
    <input value="100"><output></output><span></span><button class="undo"></button>
    <button class="clear"></button></div>`;
  show({ data: { cells: [], faint: [] }, parentElement: document.body, setStateValue() {} });
}
"""
PHONE = """
(page) => {
  history.replaceState(null, "", "/go");
  document.open();
  document.write(page);
  document.close();
  seen = { asked: 3, turn: 0, reads: [], names: ["A", "B"], place: "nowhere" };
  show();
}
"""
STYLE = """canvas { position: fixed !important; left: 0; top: 0; width: 280px !important;
  height: 280px !important; border: 0 !important; touch-action: none; }"""
ROWS = """
() => {
  const { data } = document.querySelector("canvas").getContext("2d").getImageData(0, 0, 280, 280);
  const rows = new Set();
  data.forEach((value, i) => {
    if (i % 4 === 0 && value > 128) rows.add(Math.floor(i / 4 / 280 / 28));
  });
  return [...rows];
}
"""


@pytest.fixture(params=["talk", "painter", "phone"])
def pad(request, lab, new_context) -> Page:
    page = lab(new_context(has_touch=True))
    if request.param == "phone":
        page.evaluate(PHONE, html.phone())
    else:
        page.evaluate({"talk": TALK, "painter": PAINTER}[request.param])
    page.add_style_tag(content=STYLE)
    return page


def rows(page: Page) -> list[int]:
    """Which tenths of the pad, from the top, bear ink."""
    return page.evaluate(ROWS)


def test_a_second_finger_draws_nothing(pad):
    hands = Hands(pad)
    hands.touch("touchStart", (40, 42))
    hands.touch("touchStart", (40, 42), (200, 240))
    hands.touch("touchMove", (120, 42), (180, 240))
    hands.touch("touchMove", (200, 42), (160, 220))
    hands.touch("touchEnd")
    assert rows(pad) == [1]


def test_a_palm_beside_the_pen_draws_nothing(pad):
    hands = Hands(pad)
    hands.pen("mousePressed", (40, 42))
    hands.touch("touchStart", (200, 240))
    hands.pen("mouseMoved", (120, 42))
    hands.touch("touchMove", (190, 220))
    hands.pen("mouseMoved", (200, 42))
    hands.touch("touchEnd")
    hands.pen("mouseReleased", (200, 42))
    assert rows(pad) == [1]


def test_a_palm_that_rests_first_gives_way_to_the_pen(pad):
    hands = Hands(pad)
    hands.touch("touchStart", (200, 240))
    hands.touch("touchMove", (190, 220))
    assert rows(pad) != []
    hands.pen("mousePressed", (40, 42))
    hands.touch("touchMove", (180, 210))
    hands.pen("mouseMoved", (200, 42))
    hands.pen("mouseReleased", (200, 42))
    hands.touch("touchEnd")
    assert rows(pad) == [1]


def test_a_finger_draws_although_another_holds_the_screen(pad):
    hands = Hands(pad)
    hands.touch("touchStart", (400, 400))
    hands.touch("touchStart", (400, 400), (40, 42))
    hands.touch("touchMove", (400, 400), (200, 42))
    hands.touch("touchEnd")
    assert rows(pad) == [1]
