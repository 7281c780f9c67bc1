"""The hall from end to end: a presenter, the wall, and four phones that draw with a finger."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.phones import WAIT, Finger, asked, draw_and_send, join, open_room


@pytest.fixture(scope="module")
def wall(browser, server):
    """A room that is open, on the page of its own, and where phones find it."""
    page = browser.new_context().new_page()
    page.goto(f"{server.url}/present?hall=1")
    yield page, open_room(page)
    page.get_by_role("button", name="Close the room").click()
    expect(page.get_by_role("button", name="Open the room")).to_be_visible()
    page.context.close()


def test_what_was_read_otherwise_is_said_and_waits(wall, new_context):
    stage, address = wall
    phone = join(new_context, address)
    digit = asked(phone)
    Finger(phone).draw(7 if digit != 7 else 1)
    phone.get_by_role("button", name="Send").tap()
    say = phone.locator("#say")
    expect(say).to_contain_text(f"Draw the {digit} again", timeout=WAIT)
    expect(stage.locator(".hall .where")).to_contain_text("1 in the drawer")
    stage.locator("[data-do=drawer]").click()
    stage.locator(".hall .drawn").click()
    stage.get_by_role("button", name="Show it").click()
    stage.locator("[data-do=drawer]").click()
    expect(stage.locator(".hall .drawn")).to_have_count(1, timeout=WAIT)
    expect(say).to_contain_text("on the wall", timeout=WAIT)
    phone.get_by_role("button", name="Take mine away").tap()
    expect(stage.locator(".hall .drawn")).to_have_count(0, timeout=WAIT)


def test_what_is_refused_disturbs_nobody(wall, new_context):
    stage, address = wall
    phone = join(new_context, address)
    asked(phone)
    refused = phone.request.post(f"{address}/drawing", data="{}", headers={"X-Room": address[-4:]})
    assert refused.status == 400
    draw_and_send(phone)
    expect(stage.locator(".hall .drawn")).to_have_count(1, timeout=WAIT)
    phone.get_by_role("button", name="Take mine away").tap()
    expect(stage.locator(".hall .drawn")).to_have_count(0, timeout=WAIT)
    expect(stage.locator(".hall .problem")).to_have_text("")


def test_without_a_connection_nothing_is_lost_and_nothing_is_sent_twice(wall, new_context):
    stage, address = wall
    phone = join(new_context, address)
    digit = asked(phone)
    phone.context.set_offline(True)
    Finger(phone).draw(digit)
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator("#say")).to_contain_text("kept and sent again", timeout=WAIT)
    phone.context.set_offline(False)
    expect(phone.locator("#say")).to_contain_text("on the wall", timeout=WAIT)
    expect(stage.locator(".hall .drawn")).to_have_count(1, timeout=WAIT)
    phone.get_by_role("button", name="Take mine away").tap()
    expect(stage.locator(".hall .drawn")).to_have_count(0, timeout=WAIT)


# The moves of a finger between two frames, as a browser puts them together
MOVE_AT_ONCE = """
(canvas, places) => {
  const moves = places.map(([clientX, clientY]) =>
    new PointerEvent("pointermove", { clientX, clientY, isPrimary: true }));
  canvas.dispatchEvent(new PointerEvent("pointermove", { isPrimary: true,
    coalescedEvents: moves }));
}
"""


def test_more_ink_than_a_drawing_may_have_is_no_error(wall, new_context):
    phone = join(new_context, wall[1])
    asked(phone)
    finger, canvas = Finger(phone), phone.locator("canvas")
    box = canvas.bounding_box()
    for row in range(8):  # of 63 points; 440 are kept
        places = [(box["x"] + 40 + x, box["y"] + 40 + 20 * row) for x in range(0, 250, 4)]
        finger.touch("touchStart", places[0])
        canvas.evaluate(MOVE_AT_ONCE, places)
        finger.touch("touchEnd")
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator("#say")).to_contain_text(re.compile("on the wall|again"), timeout=WAIT)
    phone.get_by_role("button", name="Take mine away").tap()
    expect(phone.locator("#say")).to_contain_text("not on the wall any more", timeout=WAIT)


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (320, 568)])
def test_a_phone_has_all_in_sight(wall, new_context, size):
    phone = join(new_context, wall[1])
    phone.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    asked(phone)
    for each in ("canvas", "#send", "#clear", ".card b >> nth=1"):
        box = phone.locator(each).bounding_box()
        assert box["x"] >= 0
        assert box["y"] + box["height"] <= size[1], each
        assert box["x"] + box["width"] <= size[0], each


def test_what_is_taken_away_while_it_waits_stays_away(wall, new_context):
    stage, address = wall
    phone = join(new_context, address)
    draw_and_send(phone)
    stage.locator("[data-do=freeze]").click()
    expect(stage.get_by_role("button", name="Let them draw")).to_be_visible(timeout=WAIT)
    Finger(phone).draw(asked(phone))
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator("#say")).to_contain_text("Yours is kept", timeout=WAIT)
    phone.get_by_role("button", name="Take mine away").tap()
    expect(phone.locator("#say")).to_contain_text("not on the wall any more", timeout=WAIT)
    stage.get_by_role("button", name="Let them draw").click()
    expect(stage.get_by_role("button", name="Freeze")).to_be_visible(timeout=WAIT)
    expect(stage.locator(".hall .drawn")).to_have_count(0)
    expect(phone.locator("#say")).to_contain_text("not on the wall any more")


def test_of_two_windows_of_a_phone_one_rests(wall, new_context):
    phone = join(new_context, wall[1])
    asked(phone)
    other = phone.context.new_page()
    other.goto(wall[1])
    asked(other)
    expect(phone.locator("#say")).to_contain_text("this one rests", timeout=WAIT)
    expect(phone.locator("#send")).to_be_hidden()


def test_a_second_wall_follows_the_room_and_gives_nothing_away(wall, new_context):
    stage, address = wall
    phone = join(new_context, address)
    draw_and_send(phone)
    expect(phone.locator(".card h2")).to_have_text(["A", "B"])
    tiles = stage.locator(".hall .drawn")
    expect(tiles).to_have_count(1, timeout=WAIT)
    stage.keyboard.press("u")
    stage.keyboard.press("t")
    other = stage.context.new_page()
    other.goto(stage.url)
    expect(other.get_by_role("button", name="Trigger: on")).to_be_visible(timeout=WAIT)
    expect(stage.get_by_role("button", name="Trigger: on")).to_be_visible()
    expect(phone.locator(".card b").filter(has_text="8")).to_have_count(1, timeout=WAIT)
    other.get_by_role("button", name="Say which is which").click()
    expect(phone.locator(".card.backdoored b")).to_have_text("8", timeout=WAIT)
    expect(stage.get_by_role("button", name="Hide which is which")).to_be_visible(timeout=WAIT)
    other.close()
    stage.get_by_role("button", name="Hide which is which").click()
    stage.bring_to_front()
    stage.keyboard.press("t")
    expect(stage.get_by_role("button", name="Trigger: off")).to_be_visible(timeout=WAIT)
    stage.keyboard.press("u")
    phone.get_by_role("button", name="Take mine away").tap()
    expect(tiles).to_have_count(0, timeout=WAIT)


def test_the_code_can_be_typed(wall, new_context):
    phone = join(new_context, wall[1].rpartition("/")[0])
    phone.get_by_label("The room's four letters").fill("no")
    phone.get_by_role("button", name="Join").tap()
    expect(phone.locator("#say")).to_have_text(re.compile("four letters"))
    phone.get_by_label("The room's four letters").fill(wall[1][-4:].lower())
    phone.get_by_role("button", name="Join").tap()
    asked(phone)
    other = join(new_context, wall[1][:-4] + "AAAA")
    expect(other.locator("#say")).to_contain_text("No such room is open", timeout=WAIT)
