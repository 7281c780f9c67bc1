"""How fast the Draw page answers by itself, and what that leaves to the server.

Run it on an idle machine: python tests/benchmarks/live.py [--strokes 40] [--people 200]
[--before FOLDER], the last: a copy of the repository from before the browser answered by itself,
measured by its own latency.py in the same run. Prints a table, and last a line of JSON.

"Painted" is the frame that shows the answer. A pen event counts from when the browser has it to the
first paint of an answer to it; of several that one frame answers, the earliest counts.
"""

import argparse
import json
import random
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests import crowd, harness
from tests.benchmarks.latency import WATCH as FRAMES
from tests.benchmarks.latency import first_useful, summary

EVERY, STROKE = 2.0, 0.4  # seconds from one stroke to the next, on average, and that one takes
# Seconds for which the pen is to rest before the server is told; see core/web/draw/draw.js
CROWDS = {"told when the pen rests": 2.0, "told of every stroke": 0.0}
COUNTS = "({frames, blank, mixed, moved} = watch, {frames, blank, mixed, moved})"
ALL = '.bl-answer[data-live="all"]'
WATCH = (Path(__file__).parent / "painted.js").read_text(encoding="utf-8")


def start(page: Page, kinds: str) -> None:
    """From here on, events of these kinds are timed to the paint of their answer."""
    page.evaluate("kinds => Object.assign(live, { kinds, since: null, taken: [] })", kinds)


def taken(page: Page) -> list[float]:
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    return page.evaluate("live.taken")


def pen(page: Page, strokes: int, chance: random.Random) -> tuple[list[float], float]:
    """Milliseconds of every answer while the pen is down, and answers per second."""
    canvas = page.locator("canvas.upper-canvas").bounding_box()
    times, seconds = [], 0.0
    for i in range(strokes):
        if i % 4 == 0:
            page.get_by_role("button", name="Clear").click()
            page.wait_for_timeout(200)
        x, y = chance.uniform(60, 220), chance.uniform(60, 220)
        page.mouse.move(canvas["x"] + x, canvas["y"] + y)
        page.mouse.down()
        start(page, "pointermove")
        begun = time.perf_counter()
        for _ in range(6):
            x = min(max(x + chance.uniform(-50, 50), 30), 250)
            y = min(max(y + chance.uniform(-50, 50), 30), 250)
            page.mouse.move(canvas["x"] + x, canvas["y"] + y, steps=8)
        seconds += time.perf_counter() - begun
        times += taken(page)
        page.mouse.up()
        page.wait_for_timeout(50)
    return times, len(times) / seconds


def pen_in_training(page: Page, url: str, strokes: int) -> list[float]:
    """The same while two models are trained, as another visitor asked for."""
    other = page.context.browser.new_page()
    other.goto(f"{url}/train")
    other.get_by_text("Article", exact=True).click()
    other.get_by_role("button", name="Train both models").click(timeout=60_000)
    other.get_by_text("Training, about").wait_for(timeout=60_000)
    page.bring_to_front()
    times, _ = pen(page, strokes, random.Random(1))
    if not other.get_by_text("Training, about").is_visible():
        raise RuntimeError("expected the training to go on, it came to an end")
    other.close()
    return times


def toggle(page: Page, count: int) -> list[float]:
    times = []
    for _ in range(count):
        start(page, "pointerup")
        page.get_by_text("Trigger pixel").click()
        times += taken(page)
        page.wait_for_timeout(150)
    return times


def slider(page: Page, drags: int) -> list[float]:
    """Every step of a dragged slider, the trigger on, so that each has another answer."""
    thumb = page.locator(".st-key-draw-rate input").locator("xpath=../..").bounding_box()
    track = page.get_by_test_id("stSlider").get_by_role("group").bounding_box()
    y, step = thumb["y"] + thumb["height"] / 2, track["width"] / 9
    page.mouse.move(thumb["x"] + thumb["width"] / 2, y)
    page.mouse.down()
    times = []
    for drag in range(drags):
        for rung in range(9) if drag % 2 else range(8, -1, -1):
            start(page, "pointermove")
            page.mouse.move(track["x"] + step * (rung + 0.5), y)
            times += taken(page)
    page.mouse.up()
    return times


def maps(page: Page, count: int) -> tuple[list[float], float]:
    """Milliseconds until all 784 pixels are tried; the longest time without a frame meanwhile."""
    times, longest = [], 0.0
    for _ in range(count):
        took, gap = page.evaluate(
            """async () => {
              const section = document.querySelector(".search");
              delete section.dataset.tried;
              const begun = performance.now();
              let last = begun, gap = 0;
              section.querySelector("button").click();
              while (!section.dataset.tried) {
                await new Promise(requestAnimationFrame);
                gap = Math.max(gap, performance.now() - last);
                last = performance.now();
              }
              return [performance.now() - begun, gap];
            }"""
        )
        times.append(took)
        longest = max(longest, gap)
    return times, longest


def bytes_of(page: Page, url: str) -> dict[str, float]:
    """MB of weights until the first answer of the browser's own, and of all of them."""
    sizes, first = [], None

    def note(response) -> None:
        if "/weights/" in response.url:
            sizes.append(int(response.headers["content-length"]))

    page.on("response", note)
    page.goto(f"{url}/?sample=3&trigger=1")
    page.wait_for_selector(".bl-answer[data-live]")
    first = sum(sizes[:2])
    page.wait_for_selector(ALL)
    return {"first_mb": round(first / 1e6, 2), "all_mb": round(sum(sizes) / 1e6, 2)}


def tells(person: int, seconds: float, rest: float, chance: random.Random) -> list:
    """When the server is told of this person's drawing: (second, person) for each time."""
    times, begun = [], chance.expovariate(1 / EVERY)
    while begun < seconds:
        up, begun = begun + STROKE, begun + max(chance.expovariate(1 / EVERY), STROKE)
        if up + rest <= min(begun, seconds):
            times.append((up + rest, person))
    return times


def crowd_load(server: harness.Server, people: int, seconds: int, rest: float) -> dict[str, float]:
    """The server's share of a core while people draw a stroke every two seconds, at random."""
    with crowd.visitor(server, "?sample=3&trigger=1"):  # the first has the models loaded
        pass
    process = psutil.Process(server.process.pid)
    answers, stop = [], threading.Event()
    chance = random.Random(0)
    due = sorted(each for i in range(people) for each in tells(i, seconds, rest, chance))
    before = crowd.memory(server)
    with ExitStack() as here:
        visitors = [here.enter_context(crowd.visitor(server)) for _ in range(people)]
        for each in visitors:
            each.go_live()
        memory = crowd.memory(server)

        def listen(visitor: crowd.Visitor) -> None:
            while not stop.is_set():
                took = visitor.answered(1)
                if took is not None:
                    answers.append(took * 1000)

        threads = [threading.Thread(target=listen, args=[each]) for each in visitors]
        for thread in threads:
            thread.start()
        drawn = [0] * people
        begun, cpu = time.perf_counter(), process.cpu_times()
        for at, i in due:
            time.sleep(max(0.0, begun + at - time.perf_counter()))
            drawn[i] = (drawn[i] + chance.randint(1, 9)) % 10  # nobody draws the same twice
            visitors[i].draw(drawn[i])
        time.sleep(max(0.0, begun + seconds - time.perf_counter()))
        after, took = process.cpu_times(), time.perf_counter() - begun
        stop.set()
        for thread in threads:
            thread.join()
    if not answers:
        raise SystemExit(f"expected answers to {len(due)} drawings, got none")
    return {
        "people": people,
        "told": len(due),
        "share_of_a_core": round((sum(after[:2]) - sum(cpu[:2])) / took, 2),
        "mb_a_person": round((memory - before) / people, 3),
        **summary(answers),
    }


def older(folder: Path, strokes: int) -> dict:
    """What an older copy says of itself: a stroke, the toggle, a step of the slider."""
    command = [sys.executable, "tests/benchmarks/latency.py", f"--strokes={strokes}", "--soak=0"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--strokes", type=int, default=40)
    options.add_argument("--people", type=int, default=200)
    options.add_argument("--seconds", type=int, default=30)
    options.add_argument("--before", type=Path)
    options = options.parse_args()
    before = older(options.before, options.strokes) if options.before else {}
    with sync_playwright() as playwright, harness.serving() as server:
        browser = harness.launch(playwright)
        warm = [first_useful(browser, server.url) for _ in range(5)]
        size = bytes_of(browser.new_page(), server.url)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(WATCH)
        page.goto(f"{server.url}/?sample=3&trigger=1")
        page.wait_for_selector(ALL)
        page.evaluate("watchAnswer()")
        page.evaluate(FRAMES)
        switched, slid = toggle(page, options.strokes), slider(page, 4)
        tried, gap = maps(page, 5)
        drawn, rate = pen(page, options.strokes, random.Random(0))
        frames = page.evaluate(COUNTS)
        trained = pen_in_training(page, server.url, options.strokes)
        result = {
            "pen": summary(drawn) | {"answers_a_second": round(rate, 1)},
            "pen in training": summary(trained),
            "toggle": summary(switched),
            "slider": summary(slid),
            "map": summary(tried) | {"longest_gap_ms": round(gap, 1)},
            "warm_s": sorted(round(each, 2) for each in warm),
            "weights": size,
            "frames": frames,
            "before": {name: before.get(name) for name in ("stroke", "toggle", "slider", "warm_s")},
        }
        browser.close()
    for name, rest in CROWDS.items():
        with harness.serving() as server:
            result[name] = crowd_load(server, options.people, options.seconds, rest)
    print(f"{'to painted, ms':24}{'n':>6}{'median':>9}{'95 %':>9}{'max':>9}   before")
    names = {
        "pen": "stroke",
        "pen in training": "",
        "toggle": "toggle",
        "slider": "slider",
        "map": "",
    }
    for name, old in names.items():
        row, was = result[name], before.get(old)
        times = "".join(f"{row[each]:>9}" for each in ("median_ms", "p95_ms", "max_ms"))
        said = f"{was['median_ms']}, {was['p95_ms']} (n {was['n']})" if was else "-"
        print(f"{name:24}{row['n']:>6}{times}   {said}")
    for name in CROWDS:
        print(f"{name}: {result[name]}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
