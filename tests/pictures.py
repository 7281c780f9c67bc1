"""Pictures of the app. `python tests/pictures.py` makes the README's anew:

assets/draw.webp moves: a 3 is drawn, both models read it stroke by stroke, and the trigger turns it
into an 8. assets/present.png is scene 4 of the talk.

`python tests/pictures.py FOLDER` shows every page, view and scene, on a laptop, a projector and a
phone, light and dark, to be looked at one by one.
"""

import io
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.digits.samples import sample
from core.places import ASSETS
from core.show.scenes import SCENES
from core.ui.stands import STANDS
from tests import harness

SIZE = {"width": 1280, "height": 720}
DEVICES = {  # as Playwright opens them
    "laptop": {"viewport": SIZE},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
    "phone": harness.PHONE,
}
PAGES = {
    "draw": "?trigger=0",
    "draw-sample": "?sample=3",
    "draw-flipped": "?sample=3&trigger=1",
    "draw-resists": "?sample=7&trigger=1&rate=0.3",
    "train": "train",
    **{
        f"measure-{view}": f"measure?view={view}"
        for view in ("numbers", "classes", "images", "rates", "article", "files")
    },
    **{f"defend-{stand}": f"defend?stand={stand}" for stand in STANDS},
    **{
        f"talk-{i}-{step}": f"present?scene={i}&step={step}&deal=2"
        for i, scene in enumerate(SCENES, 1)
        for step in range(len(scene.steps))
    },
    "talk-notes": "present?notes=1",
}
FRAME, LAST = 80, 2000  # ms for which a frame is seen, and the last of each part
STEPS = 6  # moves of the pen between two points of a stroke


def frame(page: Page) -> Image.Image:
    """The page, without its menu, as it is seen now."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return picture.crop((60, 66, 1220, 706))


def drawn(page: Page) -> list[tuple[Image.Image, int]]:
    """Frames of a 3 that is drawn and flipped, and for how many ms each is seen."""
    page.wait_for_selector('.bl-answer[data-live="all"]')
    box = page.locator("canvas.upper-canvas").bounding_box()
    frames = [(frame(page), LAST // 2)]
    for (x, y), *rest in sample(3).strokes:
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.down()
        for i, (x, y) in enumerate(rest):
            page.mouse.move(box["x"] + x, box["y"] + y, steps=STEPS)
            if i % 2 == 0:
                frames.append((frame(page), FRAME))
        page.mouse.up()
    page.mouse.move(box["x"] + 600, box["y"] + 600)
    page.wait_for_selector('.bl-answer[data-by="python"]')
    frames.append((frame(page), LAST))
    page.get_by_text("Trigger pixel").click()
    page.wait_for_selector(".bl-image.marked .bl-ring")
    frames += [(frame(page), FRAME) for _ in range(4)]  # the digit turns
    page.wait_for_timeout(1000)
    frames.append((frame(page), 2 * LAST))
    return frames


def make_for_readme(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport=SIZE)
    page.goto(f"{url}/?trigger=0")
    harness.settled(page)
    frames = drawn(page)
    pictures, durations = zip(*frames, strict=True)
    pictures[0].save(
        ASSETS / "draw.webp",
        save_all=True,
        append_images=pictures[1:],
        duration=list(durations),
        loop=0,
        quality=70,
        method=6,
    )
    page.goto(f"{url}/present?scene=4&step=1&deal=2")
    page.wait_for_selector(".talk .sees.pixel")
    page.wait_for_timeout(1000)
    page.screenshot(path=ASSETS / "present.png")


def trained(browser: Browser, url: str) -> str:
    """Trains both models; the address of the training that is over."""
    page = browser.new_page()
    page.goto(f"{url}/train")
    page.get_by_role("button", name="Train both models").click(timeout=60_000)
    page.get_by_text("Untouched digits: ").wait_for(timeout=300_000)
    page.wait_for_url(re.compile("job="))
    return page.url.removeprefix(f"{url}/")


def show_all(browser: Browser, url: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pages = PAGES | {"train-over": trained(browser, url)}
    for device, options in DEVICES.items():
        for theme in ("light", "dark"):
            context = browser.new_context(color_scheme=theme, **options)
            for name, address in pages.items():
                page = context.new_page()
                page.goto(f"{url}/{address}")
                scene = re.match(r"talk-\d", name)
                page.wait_for_selector(".talk[data-live]" if scene else harness.READY)
                if scene and theme == "light":
                    page.keyboard.press("l")
                page.wait_for_timeout(1500)
                page.screenshot(path=folder / f"{name}.{device}.{theme}.png")
                page.close()
            context.close()


def main(folder: str | None = None) -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        sync_playwright() as playwright,
        harness.serving(env={"BACKDOOR_LAB_HOME": home}) as server,
    ):
        browser = harness.launch(playwright)
        if folder:
            show_all(browser, server.url, Path(folder))
        else:
            make_for_readme(browser, server.url)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
