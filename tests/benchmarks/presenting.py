"""How fast the talk is: starts the app, gives the talk in Chromium, prints a table and JSON.

Run it on an idle machine: python tests/benchmarks/presenting.py
A time goes from the key, or the move of the pen, to the frame that shows what it changed.
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from core.model import threads
from tests import harness
from tests.benchmarks.latency import summary

# Before the page's own listeners: notes when an input came.
LISTEN = """
window.watch = { start: 0, changed: 0 };
for (const kind of ["keydown", "pointermove"])
  addEventListener(kind, () => { watch.start = performance.now(); }, { capture: true });
"""
# Notes when the frame was painted in which the scene looks another way.
WATCH = """
() => {
  const talk = document.querySelector(".talk");
  const shown = () => [talk.dataset.scene, talk.dataset.step,
    ...[...talk.querySelectorAll(".say, .digit")].map(e => e.textContent),
    ...[...talk.querySelectorAll(".bars i")].map(e => e.style.height)].join("|");
  watch.value = shown();
  const frame = () => {
    const value = shown();
    if (value !== watch.value) {
      watch.value = value;
      const paint = new MessageChannel();  // its message comes after this frame is painted
      paint.port1.onmessage = () => watch.changed = performance.now();
      paint.port2.postMessage(0);
    }
    requestAnimationFrame(frame);
  };
  frame();
}
"""


def timed(page: Page, act) -> float:
    """Milliseconds from the last key or move of the pointer in `act` to its frame painted."""
    page.evaluate("watch.start = watch.changed = 0")
    act()
    page.wait_for_function("watch.start > 0 && watch.changed > watch.start", timeout=5000)
    page.wait_for_timeout(350)  # longer than a key pressed twice by mistake
    return page.evaluate("watch.changed - watch.start")


def main() -> None:
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        server = harness.Server()
        try:
            server.wait()
            page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            page.add_init_script(LISTEN)
            page.goto(f"{server.url}/present")
            page.wait_for_selector(".talk > h1:not(:empty)")
            page.wait_for_selector(harness.READY)
            page.wait_for_selector('.talk[data-live="all"]')
            box = page.locator(".talk .pad canvas").bounding_box()
            page.evaluate(WATCH)
            scenes, flips, moves = [], [], []
            for turn in range(4):
                page.keyboard.press("c")
                page.wait_for_timeout(300)
                for line in range(3):
                    x, y = box["x"] + (0.3 + 0.15 * line) * box["width"], box["y"] + 60
                    page.mouse.move(x, y)
                    page.mouse.down()
                    for _ in range(5):
                        x, y = x + 4 * turn, y + (box["height"] - 120) / 5
                        moves.append(timed(page, lambda x=x, y=y: page.mouse.move(x, y)))
                    page.mouse.up()
                page.keyboard.press("3")
                page.wait_for_timeout(400)
                for _ in range(12):
                    if page.locator(".talk").get_attribute("data-scene") == "4":
                        flips += [timed(page, lambda: page.keyboard.press("t")) for _ in range(10)]
                    scenes.append(timed(page, lambda: page.keyboard.press("PageDown")))
                page.keyboard.press("Home")
                page.wait_for_timeout(300)
        finally:
            server.stop()
            browser.close()
    result = {"scene": summary(scenes), "flip": summary(flips), "pen": summary(moves)}
    bars = {"scene": "250, 500", "flip": "120", "pen": "none"}
    print(f"{'ms':10}{'n':>4}{'median':>9}{'95 %':>9}{'max':>9}   bars")
    for name, row in result.items():
        figures = f"{row['median_ms']:>9}{row['p95_ms']:>9}{row['max_ms']:>9}"
        print(f"{name:10}{row['n']:>4}{figures}   {bars[name]}")
    print(json.dumps(result | {"cores": threads.cores()}))


if __name__ == "__main__":
    main()
