"""Phones of a hall, drawn on with a finger, and the room that they join."""

import re

from playwright.sync_api import CDPSession, Page, expect

from core.digits import samples
from core.hall import addresses
from tests import harness

WAIT = 20_000  # milliseconds


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
            self.touch("touchStart", points[0])
            for point in points[1:]:
                self.touch("touchMove", point)
            self.touch("touchEnd")

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": x, "y": y} for x, y in points]
        self._line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def asked(phone: Page) -> int:
    expect(phone.locator("#ask")).to_have_text(re.compile(r"Draw an? \d\."), timeout=WAIT)
    return int(phone.locator("#ask").inner_text()[-2])


def join(new_context, address: str) -> Page:
    phone = new_context(**harness.PHONE).new_page()
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
