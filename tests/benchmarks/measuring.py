"""How fast the Measure page is: starts the app, drives it in Chromium, prints a table and JSON.

Run it on an idle machine: python tests/benchmarks/measuring.py
Each time ends when the sentence, or a figure's bars, are in the page.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from core.measure import comparison
from core.measure.comparison import Comparison
from core.model import threads
from core.model.role import Pair
from core.model.scores import Definition
from core.runs import ladder
from tests import harness
from tests.benchmarks.latency import summary

RUNGS = ("0.1", "0.2", "0.3", "0.4", "0.5", "0.7", "2", "5")
BARS = "document.querySelectorAll('.st-key-measure-scores .plot .bars path').length >= 6"


def answer(rung: str) -> dict[str, str]:
    """The page's answer about a rung: what it says, and what its URL says it is about.

    The first alone would not do: two rungs can have the same words.
    """
    cards = Pair(*(run.card for run in ladder.models(rung)))
    words = comparison.verdict(Comparison.of_cards(cards), Definition.STANDARD)
    return {"words": words.replace(" %", "\xa0%"), "rung": rung}


def timed(page: Page, act: Callable[[], object], done: str, arg: object = None) -> float:
    """Milliseconds from an act to the frame in which `done` is true."""
    begun = time.perf_counter()
    act()
    page.wait_for_function(done, arg=arg)
    return (time.perf_counter() - begun) * 1000


def choose(page: Page, rung: str) -> Callable[[], object]:
    """Opens the list of models; the act is to click one."""
    page.get_by_role("combobox", name="Models").click()
    option = page.get_by_role("option", name=f"The ladder: {rung} % poison", exact=False)
    option.wait_for()
    return option.click


def main() -> None:
    counted = "document.body.innerText.includes('Counted here: 10,000')"
    # The script has come to its end: until then what it said of the last models still stands.
    over = f"document.querySelector('{harness.READY.replace(chr(39), chr(34))}')"
    right = "document.querySelector('.bl-words')?.textContent === words"
    about = "new URL(location).searchParams.get('models') === rung"
    answered = f"({{ words, rung }}) => {right} && {about} && {counted} && {over}"
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        server = harness.Server()
        try:
            server.wait()
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            page = context.new_page()
            page.goto(f"{server.url}/measure")
            page.wait_for_function(f"{counted} && {BARS}", timeout=120_000)  # the worker is warm

            first, again, shown = [], [], []
            for rung in RUNGS:
                first.append(timed(page, choose(page, rung), answered, answer(rung)))
                page.wait_for_timeout(500)
            for rung in RUNGS:
                again.append(timed(page, choose(page, rung), answered, answer(rung)))
                page.wait_for_timeout(300)
            for rung in RUNGS:
                url = f"{server.url}/measure?models={rung}"
                shown.append(timed(page, lambda url=url: page.goto(url), BARS))
                page.wait_for_timeout(300)
            moved = []
            for _ in range(8):
                page.get_by_role("link", name="Draw").click()
                harness.settled(page)
                page.wait_for_timeout(300)
                moved.append(timed(page, page.get_by_role("link", name="Measure").click, BARS))
                page.wait_for_timeout(300)
        finally:
            server.stop()
            browser.close()
    result = {
        "counted, both models": summary(first),
        "the same asked again": summary(again),
        "page loaded to first figure": summary(shown),
        "from Draw to first figure": summary(moved),
    }
    bars = (3000, 200, 1000, 1000)
    print(f"{'':32}{'n':>4}{'median':>9}{'max':>9}   bar, ms")
    for (name, row), bar in zip(result.items(), bars, strict=True):
        print(f"{name:32}{row['n']:>4}{row['median_ms']:>9}{row['max_ms']:>9}   {bar}")
    print(json.dumps(result | {"cores": threads.cores()}))


if __name__ == "__main__":
    main()
