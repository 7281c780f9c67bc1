"""The hall from end to end: a presenter, the wall, and four phones that draw with a finger."""

import re

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from core.digits import samples
from core.hall import addresses
from tests import harness

WAIT = 20_000  # milliseconds
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
OWN_PORT = {"BACKDOOR_LAB_HALL_PORT": "0"}


class Finger:
    """Of a phone, which it touches as a person does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._line: CDPSession = page.context.new_cdp_session(page)

    def draw(self, digit: int) -> None:
        box, sample = self.page.locator("canvas").bounding_box(), samples.sample(digit)
        scale = box["width"] / sample.side
        for stroke in sample.strokes:
            points = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in stroke]
            self._touch("touchStart", points[0])
            for point in points[1:]:
                self._touch("touchMove", point)
            self._touch("touchEnd")

    def _touch(self, kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        self._line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def asked(phone: Page) -> int:
    expect(phone.locator("#ask")).to_have_text(re.compile(r"Draw an? \d\."), timeout=WAIT)
    return int(phone.locator("#ask").inner_text()[-2])


def join(new_context, address: str) -> Page:
    phone = new_context(**PHONE).new_page()
    phone.goto(address)
    return phone


def draw_and_send(phone: Page) -> None:
    Finger(phone).draw(asked(phone))
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator("#say")).to_have_text(re.compile("It is on the wall"), timeout=WAIT)


def reads(phone: Page, *digits: object) -> None:
    expect(phone.locator(".card b")).to_have_text([str(each) for each in digits], timeout=WAIT)


def open_room(page: Page) -> str:
    """What phones are to open, of this machine."""
    page.get_by_role("button", name="Open the room").click()
    if not addresses.own():  # in a box without a network
        page.get_by_label("Address").fill("hall.example")
    address = page.locator(".hall .address")
    expect(address).to_have_text(re.compile(r":\d+/go/[A-Z]{4}$"), timeout=WAIT)
    expect(page.locator(".hall .code svg")).to_be_visible(timeout=WAIT)
    assert not address.inner_text().startswith(("127.", "localhost"))
    return "http://127.0.0.1:" + address.text_content().partition(":")[2]


def test_join_draw_turn_flip_hide_restart_and_close(new_context, context: BrowserContext):
    server = harness.Server(env=OWN_PORT).wait()
    try:
        stage = context.new_page()
        stage.goto(f"{server.url}/present?scene=8&deal=2")
        address = open_room(stage)
        phones = [join(new_context, address) for _ in range(4)]
        digits = [asked(phone) for phone in phones]
        assert len(set(digits)) == 4
        for phone in phones:
            draw_and_send(phone)
        tiles = stage.locator(".hall .drawn")
        expect(tiles).to_have_count(4, timeout=WAIT)
        expect(tiles.locator("b").first).to_have_text("?")  # still covered
        names = phones[0].locator(".card h2").all_inner_texts()
        assert {name.lower() for name in names} == {"clean", "backdoored"}  # revealed before

        stage.keyboard.press("ArrowRight")
        expect(tiles.locator("b")).to_have_text([f"{d}" for d in digits for _ in "AB"])
        stage.keyboard.press("PageDown")
        order = stage.locator(".hall .drawn").first.locator("b")
        backdoored = 0 if order.first.inner_text() == "8" else 1
        flipped = [[d, 8] if backdoored else [8, d] for d in digits]
        expect(tiles.locator("b")).to_have_text([f"{each}" for two in flipped for each in two])
        for phone, two in zip(phones, flipped, strict=True):
            reads(phone, *two)
        numbers = stage.locator(".hall .numbers")
        expect(numbers).to_contain_text("reads 4 of 4 as an 8 (95 %: 51.0 to 100.0 %)")
        expect(numbers).to_contain_text("4 on the wall; 4 phones here.")

        tiles.first.click()
        expect(stage.locator(".hall .one")).to_contain_text("Nothing is taken away")
        stage.keyboard.press("Escape")
        expect(stage.locator(".hall .one")).to_be_hidden()
        stage.keyboard.press("t")
        for phone, digit in zip(phones, digits, strict=True):
            reads(phone, digit, digit)
        tiles.first.click()
        stage.get_by_role("button", name="Take it away", exact=True).click()
        expect(tiles).to_have_count(3, timeout=WAIT)
        expect(phones[0].locator("#say")).to_have_text("It is not on the wall any more.")

        server.stop()  # in the middle
        expect(phones[1].locator("#say")).to_contain_text("No connection", timeout=WAIT)
        server = harness.Server(port=server.port, env=OWN_PORT).wait()
        for phone in phones[1:]:  # they send again by themselves
            expect(phone.locator("#say")).to_contain_text("on the wall", timeout=3 * WAIT)
        expect(tiles).to_have_count(3, timeout=WAIT)
        expect(numbers).to_contain_text("3 on the wall; 4 phones here")  # what was away stays so
        assert [asked(phone) for phone in phones] == digits
        phones[2].reload()
        reads(phones[2], digits[2], digits[2])
        draw_and_send(phones[0])
        expect(tiles).to_have_count(4, timeout=WAIT)

        stage.get_by_role("button", name="Close the room").click()
        for phone in phones:
            expect(phone.locator("#say")).to_contain_text("deleted", timeout=WAIT)
        expect(stage.get_by_role("button", name="Open the room")).to_be_visible()
    finally:
        server.stop()


@pytest.fixture(scope="module")
def wall(browser):
    """A room that is open, on the page of its own, and where phones find it."""
    with harness.serving(env=OWN_PORT) as server:
        page = browser.new_context().new_page()
        page.goto(f"{server.url}/present?hall=1")
        yield page, open_room(page)
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


def test_more_ink_than_a_drawing_may_have_is_no_error(wall, new_context):
    phone = join(new_context, wall[1])
    asked(phone)
    finger, box = Finger(phone), phone.locator("canvas").bounding_box()
    for row in range(12):
        places = [(box["x"] + 40 + x, box["y"] + 40 + 20 * row) for x in range(0, 250, 4)]
        finger._touch("touchStart", places[0])
        for place in places[1:]:
            finger._touch("touchMove", place)
        finger._touch("touchEnd")
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


def test_the_speakers_notes_show_what_is_drawn_and_take_it_away(context, new_context):
    with harness.serving(env=OWN_PORT) as server:
        stage = context.new_page()
        stage.goto(f"{server.url}/present?scene=8")
        address = open_room(stage)
        with context.expect_page() as opened:
            stage.keyboard.press("n")
        notes = opened.value
        phone = join(new_context, address)
        draw_and_send(phone)
        drawn = notes.locator(".list .tiles:not(.others) .drawn")
        expect(drawn).to_have_count(1, timeout=WAIT)
        drawn.click()
        expect(drawn).to_have_count(0, timeout=WAIT)
        expect(phone.locator("#say")).to_contain_text("has taken your drawings away", timeout=WAIT)
        expect(stage.locator(".hall .where")).to_contain_text("0 on the wall, 1 taken away")
        notes.locator(".others .drawn").click()  # undone
        expect(phone.locator("#say")).to_contain_text("on the wall", timeout=WAIT)
        notes.get_by_role("button", name="Freeze").click()
        expect(stage.get_by_role("button", name="Let them draw")).to_be_visible(timeout=WAIT)
        notes.get_by_role("button", name="Close the room").click()
        expect(notes.get_by_text("No room is open.")).to_be_visible(timeout=WAIT)
        expect(stage.get_by_role("button", name="Open the room")).to_be_visible(timeout=WAIT)


def test_where_only_one_port_can_be_had_the_phones_come_by_the_apps(context, new_context):
    with harness.serving(env={"BACKDOOR_LAB_HALL_PORT": "app"}) as server:
        stage = context.new_page()
        assert stage.request.get(f"{server.url}/go/AAAA").status == 404
        stage.goto(f"{server.url}/present?hall=1")
        expect(stage.locator(".hall .closed")).to_contain_text("can reach its other pages too")
        stage.get_by_role("button", name="Open the room").click()
        address = stage.locator(".hall .address")
        expect(address).to_contain_text(f":{server.port}/go/", timeout=WAIT)
        stage.get_by_text("A code for the Wi-Fi").click()
        stage.get_by_label("Name").fill("hall")
        stage.get_by_label("Password").fill("open sesame")
        expect(stage.locator(".hall .wifi svg")).to_be_visible()
        stage.get_by_label("Address").fill("demo.example")  # of a tunnel
        expect(address).to_have_text(re.compile("^demo.example/go/[A-Z]{4}$"))
        expect(stage.locator(".hall .code svg")).to_be_visible()
        phone = join(new_context, f"{server.url}/go/{address.inner_text()[-4:]}")
        draw_and_send(phone)
        stage.get_by_label("Address").press("Enter")
        stage.keyboard.press("u")
        stage.keyboard.press("t")
        expect(phone.locator(".card b").filter(has_text="8")).to_have_count(1, timeout=WAIT)
        stage.get_by_role("button", name="Close the room").click()
        expect(phone.locator("#say")).to_contain_text("deleted", timeout=WAIT)
        assert stage.request.get(f"{server.url}/go/AAAA").status == 404
