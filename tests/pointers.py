"""Hands on a screen: fingers, a palm and a pen, as the browser hears them from the machine."""

from playwright.sync_api import CDPSession, Page

Point = tuple[float, float]


class Hands:
    """On a page, in its pixels."""

    def __init__(self, page: Page) -> None:
        self._line: CDPSession = page.context.new_cdp_session(page)

    def touch(self, kind: str, *points: Point) -> None:
        """kind: touchStart, touchMove or touchEnd. points: of each finger that touches; with
        touchEnd, of each that is lifted, none for all.
        """
        places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self._line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def pen(self, kind: str, point: Point) -> None:
        """kind: mousePressed, mouseMoved or mouseReleased."""
        how = {"type": kind, "x": point[0], "y": point[1], "pointerType": "pen"}
        pressed = {"button": "left", "buttons": 1, "clickCount": 1}
        self._line.send("Input.dispatchMouseEvent", how | pressed)
