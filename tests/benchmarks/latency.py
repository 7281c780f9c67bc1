"""How soon the Draw page is there, cold and warm, and what the server holds while people draw.

Run it on an idle machine: python tests/benchmarks/latency.py [--starts 5] [--soak 500]. Prints a
table, and last a line of JSON. How fast the page answers is measured by live.py.
"""

import argparse
import json
import math
import platform
import random
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from core.model import threads
from tests import crowd, harness

WATCH = (Path(__file__).parent / "frames.js").read_text(encoding="utf-8")


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


def scrawl(page: Page, chance: random.Random) -> None:
    x, y = chance.uniform(60, 220), chance.uniform(60, 220)
    stroke = [(x, y)]
    for _ in range(6):
        x = min(max(x + chance.uniform(-40, 40), 30), 250)
        y = min(max(y + chance.uniform(-40, 40), 30), 250)
        stroke.append((x, y))
    harness.draw(page, [stroke])


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
    options.add_argument("--starts", type=int, default=5)
    options.add_argument("--soak", type=int, default=500)
    options = options.parse_args()
    chance, cold = random.Random(0), []
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        for _ in range(options.starts):
            begun = time.perf_counter()
            with harness.serving() as server:
                cold.append(first_useful(browser, server.url, begun))
        with harness.serving() as server:
            first_useful(browser, server.url)
            warm = [first_useful(browser, server.url) for _ in range(5)]
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(server.url)
            harness.settled(page)
            memory = [crowd.memory(server)]
            for i in range(options.soak):
                scrawl(page, chance)
                if i % 5 == 4:
                    page.get_by_role("button", name="Clear").click()
                if i % 50 == 49:
                    memory.append(crowd.memory(server))
        browser.close()
    result = {
        "cold_s": [round(each, 2) for each in cold],
        "warm_s": [round(each, 2) for each in warm],
        "memory_mb": [round(each, 1) for each in memory],
        "memory_mb_per_100_strokes": round(slope(memory) * 2, 2) if len(memory) > 1 else None,
        "machine": {
            "cores": threads.cores(),
            "processor": platform.processor() or platform.machine(),
        },
    }
    print(f"{'':34}{'n':>5}{'lowest':>9}{'median':>9}{'highest':>9}")
    for name, times in (("server just started", cold), ("server warm", warm)):
        low, high = min(times), max(times)
        row = f"{len(times):>5}{low:>9.2f}{statistics.median(times):>9.2f}{high:>9.2f}"
        print(f"{'first useful page, s, ' + name:34}{row}")
    print(f"memory of the server, MB: {result['memory_mb']}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
