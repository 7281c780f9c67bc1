"""Starts the app as a person would and drives it in Chromium; for browser tests and benchmarks."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Playwright, WebSocketRoute

ROOT = Path(__file__).parent.parent
SHELL = "chromium-headless-shell"  # has no windows, and needs two thirds of Chromium's time
OWN_PORT = {"BACKDOOR_LAB_HALL_PORT": "0"}  # of the hall: any that is free
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
READY = (
    '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
    '[data-test-script-state="notRunning"]'
)


def chromium(*preferred: str) -> str | None:
    """The installed Chromium, or the one that CHROMIUM names; without windows where no whole is."""
    names = (*preferred, "chromium", "chromium-browser", "google-chrome", SHELL)
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def launch_options(*preferred: str) -> dict[str, Any]:
    flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    flags += ["--disable-gpu", "--disable-gpu-rasterization"]  # or else one is imitated
    return {"executable_path": chromium(*preferred), "args": flags}


def launch(playwright: Playwright) -> Browser:
    """A browser for the benchmarks, whole where there is one; tests take pytest-playwright's.

    Raises RuntimeError where none is installed.
    """
    if chromium() is None:
        raise RuntimeError(f"expected a Chromium (apt-get install chromium, or {SHELL}), got none")
    return playwright.chromium.launch(**launch_options())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The app on a port of its own; `url` once it answers."""

    def __init__(
        self,
        port: int | None = None,
        env: dict[str, str] | None = None,
        log: Path | None = None,
        module: str = "streamlit",
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", module, "run", "app.py", "--server.headless=true"]
        command += [f"--server.port={self.port}", "--server.address=127.0.0.1"]
        with open(log or os.devnull, "w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | (env or {}),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait(self, seconds: float = 60) -> "Server":
        """Until the server answers; raises RuntimeError where it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
                return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"expected the app to answer within {seconds} s")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def serving(**options) -> Iterator[Server]:
    server = Server(**options)
    try:
        yield server.wait()
    finally:
        server.stop()


class Line:
    """Between a page, before it goes anywhere, and its server: what one says can wait."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str | bytes] | None = None  # by the page, while it is kept
        self.answered: list[str | bytes] | None = None  # by the server, while it is kept
        self.page = page
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, end: WebSocketRoute) -> None:
        self.end, self.server = end, end.connect_to_server()
        end.on_message(lambda said: self._pass(said, self.asked, self.server))
        self.server.on_message(lambda said: self._pass(said, self.answered, end))

    def _pass(
        self, said: str | bytes, kept: list[str | bytes] | None, other: WebSocketRoute
    ) -> None:
        if kept is None:
            other.send(said)
        else:
            kept.append(said)

    def let_answers_go(self) -> None:
        """One a frame, as a slow line would; until none is left that was kept meanwhile."""
        while self.answered:
            self.end.send(self.answered.pop(0))
            self.page.evaluate("new Promise(requestAnimationFrame)")
        self.answered = None

    def let_last_asked_go_first(self) -> None:
        kept, self.asked = self.asked or [], None
        for said in reversed(kept):
            self.server.send(said)


def eventually(measured: Callable[[], object], wanted: object, seconds: float = 30) -> None:
    """Waits for a state that no event announces."""
    end = time.monotonic() + seconds
    while (found := measured()) != wanted and time.monotonic() < end:
        time.sleep(0.02)
    assert found == wanted


def settled(page: Page) -> None:
    """Waits until the script has run and the figures are drawn."""
    page.wait_for_selector(READY)
    page.wait_for_selector(".plot .main-svg, .bl-answer[data-ready]")


def server_of(page: Page) -> str:
    """Which start of the server the page is from."""
    return page.locator("[data-server]").get_attribute("data-server")


def answered_by_another(page: Page, before: str) -> None:
    """Waits until a page has found its server restarted and is from the new one."""
    page.wait_for_selector(f'[data-server]:not([data-server="{before}"])', state="attached")
    page.wait_for_selector(READY)


# Resolves once an element has stood in the same place for ten frames
STANDS_STILL = """
element => new Promise(resolve => {
  let place, frames = 0;
  const look = () => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const now = [x, y, width, height].join();
    frames = now === place ? frames + 1 : 0;
    place = now;
    frames < 10 ? requestAnimationFrame(look) : resolve();
  };
  look();
})
"""


def stands_still(place: Locator) -> None:
    """Waits until it has stopped moving: a click on what moves is lost."""
    place.evaluate(STANDS_STILL)


Stroke = Sequence[tuple[float, float]]
# Where the upper left corner of a canvas is, once that is scrolled into view
CORNER = """canvas => {
  canvas.scrollIntoView({ block: "nearest", behavior: "instant" });
  const { width, left, top } = canvas.getBoundingClientRect();
  return width && [left, top];
}"""


def on_canvas(page: Page, stroke: Stroke) -> list[tuple[float, float]]:
    """Where a stroke, in pixels of the canvas, lies on the page."""
    canvas, corner = page.locator("canvas.upper-canvas"), None
    while not corner:  # another canvas may just be taking its place
        corner = canvas.evaluate(CORNER)
    left, top = corner
    return [(left + x, top + y) for x, y in stroke]


def draw(page: Page, strokes: Sequence[Stroke]) -> None:
    """Draws with the mouse, in pixels of the canvas, in a few quick moves per stroke."""
    for stroke in strokes:
        first, *others = on_canvas(page, stroke)
        page.mouse.move(*first)
        page.mouse.down()
        for point in others:
            page.mouse.move(*point, steps=2)
        page.mouse.up()
