"""How fast the Draw page is: starts the app, drives it in Chromium, prints a table and JSON.

Run it on an idle machine: python tests/benchmarks/latency.py [--strokes 60] [--soak 500]
[--training], the last: the same strokes while the article's recipe trains.
"Painted" is the frame after both verdicts and the bars show the new answer.
"""

import argparse
import json
import math
import os
import platform
import random
import statistics
import sys
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests import harness

# Watches every frame: when the answer last changed, and whether anything blinked or moved.
WATCH = """
() => {
  const shown = () => {
    const cards = [...document.querySelectorAll(".bl-answer .card")];
    const image = document.querySelector(".bl-answer .sees canvas");
    if (cards.length < 2 || !image || !document.querySelector(".bl-answer .bars i")) return null;
    const digits = cards.map(card => card.querySelector(".digit").title);
    const tops = cards.map(card => Math.max(
      ...[...card.querySelectorAll(".bars i")].map(bar => parseFloat(bar.style.height) || 0)));
    const agree = digits.every((d, i) => d === "" || Math.abs(parseFloat(d) - tops[i]) < 1e-4);
    // another image at every stroke
    return agree ? digits.join() + tops.join() + image.toDataURL() : "mixed";
  };
  const places = () => [".words", ".cards", ".bars", ".bl-dose", ".st-key-pad-canvas"].map(s => {
    const box = document.querySelector(s)?.getBoundingClientRect();
    return box ? [box.top, box.left, box.height, box.width].map(Math.round).join() : "gone";
  }).join(" ");
  const watch = window.watch = { frames: 0, blank: 0, mixed: 0, moved: 0, changed: 0,
                                 start: 0, value: shown(), place: places() };
  addEventListener("pointerup", () => watch.start = performance.now(), true);
  const frame = () => {
    const value = shown(), place = places();
    watch.frames++;
    if (value === null) watch.blank++;
    else if (value === "mixed") watch.mixed++;
    else if (value !== watch.value) {
      watch.value = value;
      const paint = new MessageChannel();  // its message comes after this frame is painted
      paint.port1.onmessage = () => watch.changed = performance.now();
      paint.port2.postMessage(0);
    }
    if (place !== watch.place) { watch.moved++; watch.place = place; }
    requestAnimationFrame(frame);
  };
  frame();
}
"""


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1]


def summary(values: list[float]) -> dict[str, float]:
    return {
        "n": len(values),
        "median_ms": round(statistics.median(values), 1),
        "p95_ms": round(quantile(values, 0.95), 1),
        "max_ms": round(max(values), 1),
    }


def timed(page: Page, act) -> float | None:
    """Milliseconds from the last release of the pointer in `act` to the new answer painted."""
    before = page.evaluate("() => { watch.start = 0; return watch.value; }")
    act()
    try:
        page.wait_for_function(
            "before => watch.value !== before && watch.changed > watch.start && watch.start > 0",
            arg=before,
            timeout=3000,
        )
    except Exception:  # the answer did not change, so there is nothing to time
        return None
    return page.evaluate("watch.changed - watch.start")


def scrawl(page: Page, chance: random.Random) -> None:
    x, y = chance.uniform(60, 220), chance.uniform(60, 220)
    stroke = [(x, y)]
    for _ in range(6):
        x = min(max(x + chance.uniform(-40, 40), 30), 250)
        y = min(max(y + chance.uniform(-40, 40), 30), 250)
        stroke.append((x, y))
    harness.draw(page, [stroke])


def strokes(page: Page, count: int, chance: random.Random) -> list[float]:
    found = []
    for i in range(count):
        if i % 5 == 0:
            page.get_by_role("button", name="Clear").click()
            page.wait_for_function("document.querySelector('.bl-answer .digit').title === ''")
            page.wait_for_timeout(150)
        found.append(timed(page, lambda: scrawl(page, chance)))
        page.wait_for_timeout(100)
    return [value for value in found if value is not None]


def toggles(page: Page, count: int) -> list[float]:
    switch = page.get_by_text("Trigger pixel")
    found = []
    for _ in range(count):
        found.append(timed(page, switch.click))
        page.wait_for_timeout(100)
    return [value for value in found if value is not None]


def slides(page: Page, count: int) -> list[float]:
    box = page.get_by_test_id("stSlider").get_by_role("group").bounding_box()
    found = []
    for i in range(count):
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
        page.mouse.down()
        goal = box["x"] + box["width"] * (0.25, 0.75)[i % 2]
        page.mouse.move(goal, box["y"] + box["height"] / 2, steps=4)
        found.append(timed(page, page.mouse.up))
        page.wait_for_timeout(100)
    return [value for value in found if value is not None]


def strokes_in_training(page: Page, url: str, count: int, chance: random.Random) -> list[float]:
    """Strokes while two models are trained, as another visitor asked for."""
    other = page.context.browser.new_page()
    other.goto(f"{url}/train")
    other.get_by_text("Article", exact=True).click()
    other.get_by_role("button", name="Train both models").click(timeout=60_000)
    other.get_by_text("Training, about").wait_for(timeout=60_000)
    page.bring_to_front()
    found = strokes(page, count, chance)
    if not other.get_by_text("Training, about").is_visible():
        raise RuntimeError("expected the training to go on, it came to an end")
    other.close()
    return found


def first_useful(browser, url: str, since: float | None = None) -> float:
    """Seconds until the canvas, both verdicts and the bars are there, with an empty cache."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    since = since or time.perf_counter()
    page.goto(f"{url}/?sample=3&trigger=1")
    page.wait_for_function(  # looks at every frame; waiting for a selector looks twice a second
        "[...document.querySelectorAll('.st-key-pad-canvas *')]"
        ".some(e => e.shadowRoot?.querySelector('canvas')) && "
        "document.querySelectorAll('.bl-answer .digit[title]').length === 2 && "
        "document.querySelectorAll('.bl-answer .bars i').length === 20"
    )
    took = time.perf_counter() - since
    page.context.close()
    return took


def slope(values: list[float]) -> float:
    """Of a least-squares line through values at 0, 1, 2, ..."""
    return statistics.linear_regression(range(len(values)), values).slope


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--strokes", type=int, default=60)
    options.add_argument("--soak", type=int, default=500)
    options.add_argument("--training", action="store_true")
    options = options.parse_args()
    chance = random.Random(0)
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        begun = time.perf_counter()
        server = harness.Server()
        try:
            server.wait()
            cold = first_useful(browser, server.url, begun)
            warm = [first_useful(browser, server.url) for _ in range(5)]
            process = psutil.Process(server.process.pid)

            page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            page.goto(f"{server.url}/?sample=3&trigger=1")
            harness.settled(page)
            page.evaluate(WATCH)
            switched, slid = toggles(page, 40), slides(page, 40)
            drawn = strokes(page, options.strokes, chance)
            frames = page.evaluate(
                "({frames, blank, mixed, moved} = watch, {frames, blank, mixed, moved})"
            )

            memory = [process.memory_info().rss / 2**20]
            for _ in range(options.soak // 50):
                strokes(page, 50, chance)
                memory.append(process.memory_info().rss / 2**20)
            trained = []
            if options.training:
                trained = strokes_in_training(page, server.url, options.strokes, chance)
        finally:
            server.stop()
            browser.close()

    result = {
        "stroke": summary(drawn),
        "toggle": summary(switched),
        "slider": summary(slid),
        "stroke in training": summary(trained) if trained else None,
        "cold_s": round(cold, 2),
        "warm_s": round(statistics.median(warm), 2),
        "memory_mb": round(memory[-1], 1),
        "memory_mb_each_50_strokes": [round(value, 1) for value in memory],
        "memory_mb_per_100_strokes": round(slope(memory) * 2, 2) if len(memory) > 1 else None,
        "frames": frames,
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.processor() or platform.machine(),
        },
    }
    bars = {"stroke": (260, 350), "toggle": (100, 180), "slider": (100, 180)}
    print(f"{'':34}{'n':>5}{'median':>9}{'95 %':>9}{'max':>9}   bars")
    if trained:
        bars["stroke in training"] = (400, "none")
    for name, (middle, high) in bars.items():
        row = result[name]
        print(
            f"{name + ' to painted, ms':34}{row['n']:>5}{row['median_ms']:>9}{row['p95_ms']:>9}"
            f"{row['max_ms']:>9}   {middle}, {high}"
        )
    print(f"{'first useful page, cold, s':34}{1:>5}{result['cold_s']:>9}{'':>18}   6")
    print(f"{'first useful page, warm, s':34}{len(warm):>5}{result['warm_s']:>9}{'':>18}   1.5")
    print(f"{'memory of the server, MB':34}{'':>5}{result['memory_mb']:>9}{'':>18}   800")
    if len(memory) > 1:
        print(f"{'... per 100 strokes, MB':34}{'':>5}{result['memory_mb_per_100_strokes']:>9}")
    print(f"frames watched {frames}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
