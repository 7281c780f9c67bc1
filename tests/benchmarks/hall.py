"""What a hall of phones costs: prints a table and, last, a line of JSON. All on this machine.

Run it on an idle one: python tests/benchmarks/hall.py [--phones 200] [--hostile 10000] [--home 60]
The phones come within 10 s and draw within 30, each keeps its connection. The wall is open in a
browser, where a tile counts as seen in the frame that it is there; the speaker draws on another
page meanwhile. After the reveal some take both models home at once, while the speaker flips the
trigger again and again.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright
from websockets.asyncio.client import connect

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests import harness
from tests.benchmarks.latency import summary
from tests.benchmarks.live import ALL, pen
from tests.benchmarks.live import WATCH as ANSWERS
from tests.hall.phone import Phone, request, run, strokes

COME, DRAW = 10.0, 30.0  # seconds within which phones come, and draw
WATCH = """
window.seen = {}; window.painted = 0;
const begin = () => new MutationObserver(() => {
  for (const number of document.querySelectorAll(".drawn i")) {
    window.seen[number.textContent] ??= Date.now();
  }
}).observe(document.querySelector(".tiles"), { childList: true });
const wait = () => document.querySelector(".tiles") ? begin() : setTimeout(wait, 50);
wait();
window.flips = [];
const fetched = window.fetch;
window.fetch = async (...given) => {
  const begun = performance.now(), answer = await fetched(...given);
  if (`${given[0]}`.endsWith("/hall/change")) window.flips.push(performance.now() - begun);
  return answer;
};
"""
FLIP = """
() => new Promise((done) => {
  const begun = Date.now(), before = performance.now();
  dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true }));
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done([begun, performance.now() - before]);
    port2.postMessage(null);
  });
})
"""


class Person(Phone):
    """A phone whose times are kept."""

    def __init__(self, port: int, code: str, chance: random.Random) -> None:
        super().__init__(port, code)
        self.comes, self.draws = chance.uniform(0, COME), chance.uniform(0, DRAW)
        self.sent = self.answered = self.flipped = 0.0  # time.time()
        self.tile = 0
        self.place = ""

    async def live(self, begun: float, over: asyncio.Event) -> None:
        await asyncio.sleep(self.comes)
        await request(self.port, "GET", f"/go/{self.code}")
        url = f"ws://127.0.0.1:{self.port}/go/{self.code}/live?phone={self.id}"
        async with connect(url) as line:
            said = json.loads(await line.recv())
            self.tile = said["tile"]
            listening = asyncio.create_task(self._listen(line))
            await asyncio.sleep(max(0.0, max(self.draws, self.comes) - (time.time() - begun)))
            self.sent = time.time()
            status = 0
            while status != 200:  # as a phone does
                status, answer = await self.draw(said["asked"], turn=1)
                if status != 200:
                    await asyncio.sleep(0.5)
            self.answered, self.place = time.time(), answer["place"]
            await over.wait()
            listening.cancel()

    async def _listen(self, line) -> None:
        async for words in line:
            if json.loads(words).get("trigger"):
                self.flipped = self.flipped or time.time()


class Crowd:
    """All phones, in a thread of their own."""

    def __init__(self, port: int, code: str, count: int) -> None:
        chance = random.Random(0)
        self.people = [Person(port, code, chance) for _ in range(count)]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self.failed: list[BaseException] = []
        self._thread.start()

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        begun = time.time()
        all_of = (each.live(begun, self._over) for each in self.people)
        results = await asyncio.gather(*all_of, return_exceptions=True)
        self.failed = [each for each in results if isinstance(each, BaseException)]

    def leave(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()


async def hostile(port: int, code: str, count: int) -> dict[int, int]:
    """Malformed, huge, replayed and forged requests: how often each status came."""
    chance, came = random.Random(1), {}
    phone = Phone(port, code)
    good = json.dumps({"phone": phone.id, "turn": 1, "strokes": strokes(3)}).encode()
    drawing, room = f"/go/{code}/drawing", {"X-Room": code}
    kinds = [
        ("POST", drawing, room, b"\x00" * chance.randint(0, 200)),
        ("POST", drawing, room, b"{" * 3000),
        ("POST", drawing, room, b"x" * 200_000),
        ("POST", drawing, room, good.replace(b'"turn": 1', b'"turn": -1')),
        ("POST", drawing, {}, good),  # without the header that another site cannot send
        ("POST", drawing, room | {"Origin": "http://elsewhere.example"}, good),
        ("POST", "/go/AAAA/drawing", {"X-Room": "AAAA"}, good),
        ("GET", f"/go/{code}/state?phone=../../etc/passwd", room, b""),
        ("POST", f"/go/{code}/away?phone={'z' * 500}", room, b""),
        ("GET", "/train", {}, b""),
        ("POST", "/hall/close", {"X-Key": "guess"}, b""),
        ("DELETE", drawing, room, b""),
        ("GET", "/" + "a" * 8000, {}, b""),
    ]

    async def one(kind) -> None:
        try:
            status, _ = await asyncio.wait_for(request(port, *kind), 20)
        except (OSError, ValueError, IndexError, TimeoutError):
            status = 0  # it hung up
        came[status] = came.get(status, 0) + 1

    for begun in range(0, count, 50):
        await asyncio.gather(*(one(chance.choice(kinds)) for _ in range(min(50, count - begun))))
    return came


class Taking:
    """Phones that take the page home, all at once, in a thread of their own."""

    def __init__(self, port: int, code: str, count: int) -> None:
        self.seconds: list[float] = []  # of those who have the whole page
        self.sizes: set[int] = set()
        self._path, self._port, self._count = f"/go/{code}/home", port, count
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self.thread.start()

    async def _run(self) -> None:
        await asyncio.gather(*(self._take() for _ in range(self._count)), return_exceptions=True)

    async def _take(self) -> None:
        begun = time.time()
        status, page = await asyncio.wait_for(request(self._port, "GET", self._path), 60)
        if status == 200 and page.rstrip().endswith(b"</html>"):
            self.seconds.append(time.time() - begun)
            self.sizes.add(len(page))


def open_room(page: Page, url: str) -> tuple[int, str]:
    page.add_init_script(WATCH)
    page.goto(f"{url}/present?hall=1")
    page.get_by_role("button", name="Open the room").click()
    page.locator(".hall .code svg").wait_for()
    port, _, code = page.locator(".address").inner_text().partition(":")[2].partition("/go/")
    return int(port), code


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--phones", type=int, default=200)
    options.add_argument("--hostile", type=int, default=10_000)
    options.add_argument("--home", type=int, default=60)
    options = options.parse_args()
    log = Path(tempfile.mkstemp(suffix=".log")[1])
    with (
        sync_playwright() as playwright,
        harness.serving(env={"BACKDOOR_LAB_HALL_PORT": "0"}, log=log) as server,
    ):
        browser = harness.launch(playwright)
        own = browser.new_page(viewport={"width": 1280, "height": 720})
        own.add_init_script(ANSWERS)
        own.goto(f"{server.url}/?sample=3&trigger=1")
        own.wait_for_selector(ALL)
        own.evaluate("watchAnswer()")
        wall = browser.new_page(viewport={"width": 1280, "height": 720})
        wall.on("pageerror", lambda error: print(f"the wall: {error}"))
        port, code = open_room(wall, server.url)
        process = psutil.Process(server.process.pid)
        own.bring_to_front()
        memory, cpu, begun = process.memory_info().rss, process.cpu_times(), time.time()
        crowd = Crowd(port, code, options.phones)
        drawn = []
        while time.time() - begun < max(COME, DRAW):
            drawn += pen(own, 4, random.Random(len(drawn)))[0]
        wall.bring_to_front()
        took, after = time.time() - begun, process.cpu_times()
        time.sleep(3)
        memory = process.memory_info().rss - memory
        seen = {int(tile): at / 1000 for tile, at in wall.evaluate("seen").items()}
        tiles = wall.locator(".drawn").count()
        wall.keyboard.press("u")
        wall.wait_for_timeout(1000)
        wall.screenshot(path=log.with_suffix(".turned.png"))
        flipped, painted = wall.evaluate(FLIP)
        time.sleep(3)
        wall.screenshot(path=log.with_suffix(".flipped.png"))
        heard = [(each.flipped - flipped / 1000) * 1000 for each in crowd.people if each.flipped]
        on_wall = [each for each in crowd.people if each.place == "wall"]
        delays = [(seen[e.tile] - e.sent) * 1000 for e in on_wall if e.tile in seen]
        wall.get_by_role("button", name="Say which is which").click()
        taker = Phone(port, code)
        harness.eventually(lambda: run(taker.state())["home"], True, 180)
        wall.evaluate("flips.length = 0")
        taking = Taking(port, code, options.home)
        while taking.thread.is_alive() or wall.evaluate("flips.length") < 6:
            before = wall.evaluate("flips.length")
            wall.keyboard.press("t")
            wall.wait_for_function("before => flips.length > before", arg=before, timeout=120_000)
        flips = wall.evaluate("flips")
        later = Phone(port, code)  # it comes first, for all have one address
        asked = run(later.state())["asked"]
        refused = run(hostile(port, code, options.hostile))
        run(later.state())
        run(later.draw(asked))
        wall.locator(".drawn").nth(tiles).wait_for()  # one more: nobody was disturbed
        survived = wall.locator(".drawn").count()
        crowd.leave()
        browser.close()
    result = {
        "phones": options.phones,
        "failed": len(crowd.failed),
        "on the wall": tiles,
        "read as asked": len(on_wall),
        "send to answer": summary([(e.answered - e.sent) * 1000 for e in crowd.people if e.sent]),
        "send to seen": summary(delays),
        "trigger to painted_ms": round(painted, 1),
        "phones flipped": len(heard),
        "last phone flipped_ms": round(max(heard, default=float("nan"))),
        "share of a core": round((sum(after[:2]) - sum(cpu[:2])) / took, 2),
        "memory_mb": round(memory / 2**20, 1),
        "speaker's pen": summary(drawn),
        "took it home": f"{len(taking.seconds)} of {options.home}",
        "bytes": sorted(taking.sizes),
        "press to page": summary([each * 1000 for each in taking.seconds]),
        "flips meanwhile": summary(flips),
        "hostile": refused,
        "tiles after them": survived,
        "lines of log": len(log.read_text(encoding="utf-8").splitlines()),
        "log": f"{log}",
    }
    for name, value in result.items():
        print(f"{name:24}{value}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
