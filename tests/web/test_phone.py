"""The phones' page in Chromium, with a room that a test plays: no server."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from core.hall import phones
from core.show import html

HOST = "http://lab.test"
SAID = {
    "epoch": "e", "trigger": False, "pixel": None, "frozen": False, "names": ["A", "B"],
    "asked": 3, "tile": 1, "turn": 0, "place": "nowhere", "reads": [], "home": False,
}  # fmt: skip
DRAW = "strokes = [[10, 10, 200, 200]]; changed = true; show()"


class Room:
    """What a phone reaches: answers by what it asks for; None: none ever comes."""

    def __init__(self, page: Page) -> None:
        self.page, self.asked = page, []
        self.lines: list[WebSocketRoute] = []
        self.held: list[Route] = []  # what gets no answer
        self.has_lines = True
        self.answers: dict[str, tuple[int, dict] | None] = {"state": (200, SAID)}
        page.clock.install()
        page.add_init_script("localStorage.clear()")  # all tests share a browser context
        page.route(f"{HOST}/**", self._answer)
        page.route_web_socket(re.compile("/live"), self._open)

    def _answer(self, route: Route) -> None:
        what = re.sub(r".*/go/\w+/(\w+)\?.*", r"\1", route.request.url)
        if what.startswith("http"):
            return route.fulfill(body=html.phone(), content_type="text/html")
        self.asked.append(route.request.url.removeprefix(HOST))
        answer = self.answers[what]
        if answer:
            route.fulfill(status=answer[0], json=answer[1])
        else:
            self.held.append(route)
        return None

    def _open(self, line: WebSocketRoute) -> None:
        if not self.has_lines:
            return line.close(code=phones.NO_ROOM)
        self.lines.append(line)
        line.on_message(lambda _: line.send("{}"))
        line.send(json.dumps(SAID))
        return None

    def wake(self) -> None:
        """The phone's screen is on again."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.fixture
def room(context) -> Callable[..., Room]:
    def opened(path: str, **answers) -> Room:
        made = Room(context.new_page())
        made.has_lines = not answers
        made.answers |= answers
        made.page.goto(f"{HOST}{path}")
        return made

    return opened


def say(room: Room, words: str) -> None:
    expect(room.page.locator("#say")).to_contain_text(words)


def test_a_drawing_that_gets_no_answer_is_sent_again(room):
    phone = room("/go/ABCD")
    expect(phone.page.locator("#ask")).to_have_text("Draw a 3.")
    phone.answers["drawing"] = None
    phone.page.evaluate(DRAW)
    phone.page.get_by_role("button", name="Send").click()
    say(phone, "Sending")
    phone.page.clock.fast_forward(9000)
    say(phone, "kept and sent again")
    phone.answers["drawing"] = 200, SAID | {"turn": 1, "place": "wall"}
    phone.page.clock.fast_forward(2000)
    say(phone, "on the wall")


def test_who_was_not_seen_for_long_looks_and_sends_again(room):
    phone = room("/go/ABCD")
    expect(phone.page.locator("#ask")).to_have_text("Draw a 3.")
    phone.answers["drawing"] = 409, {"refused": "expected a phone with a line"}
    phone.page.evaluate(DRAW)
    with phone.page.expect_response(re.compile("/state")):
        phone.page.get_by_role("button", name="Send").click()
    say(phone, "Sending")
    phone.answers["drawing"] = 200, SAID | {"turn": 1, "place": "wall"}
    phone.page.clock.fast_forward(2000)
    say(phone, "on the wall")


@pytest.mark.parametrize(
    ("code", "words"), [(phones.CLOSED, "Thank you!"), (phones.ELSEWHERE, "this one rests")]
)
def test_what_was_said_last_stays_when_the_phone_wakes(room, code, words):
    phone = room("/go/ABCD")
    expect(phone.page.locator("#ask")).to_have_text("Draw a 3.")
    phone.answers["state"] = 404, {"refused": "no such room is open"}
    phone.lines[0].close(code=code)
    say(phone, words)
    phone.wake()
    phone.page.clock.fast_forward(20_000)
    say(phone, words)
    assert (len(phone.lines), phone.asked) == (1, [])  # it does not take the line back


def test_a_room_that_closes_while_a_drawing_is_sent_is_no_error(room):
    phone = room("/go/ABCD")
    complaints = []
    phone.page.on("pageerror", lambda error: complaints.append(f"{error}"))
    expect(phone.page.locator("#ask")).to_have_text("Draw a 3.")
    phone.answers["drawing"] = None
    phone.page.evaluate(DRAW)
    phone.page.get_by_role("button", name="Send").click()
    say(phone, "Sending")
    phone.lines[0].close(code=phones.CLOSED)
    say(phone, "Thank you!")
    with phone.page.expect_response(re.compile("/drawing")):
        phone.held[0].fulfill(status=404, json={"refused": "no such room is open"})
    phone.page.clock.fast_forward(20_000)
    say(phone, "Thank you!")
    assert complaints == []


def test_a_mistyped_code_can_be_typed_again(room):
    phone = room("/go/WRNG", state=(404, {"refused": "no such room is open"}))
    say(phone, "No such room is open")
    asked = len(phone.asked)
    phone.wake()
    phone.page.clock.fast_forward(20_000)
    assert len(phone.asked) == asked  # what is wrong is not asked for again and again
    phone.has_lines, phone.answers["state"] = True, (200, SAID)
    phone.page.get_by_label("The room's four letters").fill("ABCD")
    phone.page.get_by_role("button", name="Join").click()
    expect(phone.page.locator("#ask")).to_have_text("Draw a 3.")
    expect(phone.page.locator("#enter")).to_be_hidden()
    assert phone.page.url == f"{HOST}/go/ABCD"


def test_a_phone_that_keeps_no_line_looks_again_and_again(room):
    phone = room("/go/ABCD", state=(200, SAID))
    expect(phone.page.locator("#ask")).to_have_text("Draw a 3.")
    before = len(phone.asked)
    for _ in range(4):  # 20 s: room.LINE
        with phone.page.expect_response(re.compile("/state")):
            phone.page.clock.run_for(5000)
    assert len(phone.asked) >= before + 4


def test_below_a_path_everything_is_asked_for_below_it(room):
    phone = room("/lab/go/ABCD", state=(200, SAID | {"home": True}))
    expect(phone.page.locator("#ask")).to_have_text("Draw a 3.")
    assert all(each.startswith("/lab/go/ABCD/") for each in phone.asked)
    href = phone.page.get_by_role("link", name="Take both models home").get_attribute("href")
    assert href.startswith("/lab/go/ABCD/home")
