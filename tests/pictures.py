"""Makes the README's pictures anew: python tests/pictures.py

assets/draw.webp moves: a 3 is drawn, both models read it stroke by stroke, and the trigger turns it
into an 8. assets/present.png is scene 4 of the talk.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.digits.samples import sample
from core.places import ASSETS
from tests import harness

SIZE = {"width": 1280, "height": 720}
FRAME, LAST = 80, 2000  # ms for which a frame is seen, and the last of each part
STEPS = 6  # moves of the pen between two points of a stroke


def frame(page: Page) -> Image.Image:
    """The page, without its menu, as it is seen now."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return picture.crop((60, 90, 1220, 720))


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
    page.wait_for_selector(".bl-ring")
    frames.append((frame(page), 2 * LAST))
    return frames


def main() -> None:
    with sync_playwright() as playwright, harness.serving() as server:
        browser = harness.launch(playwright)
        page = browser.new_page(viewport=SIZE)
        page.goto(server.url)
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
        page.goto(f"{server.url}/present?scene=4&step=1&deal=2")
        page.wait_for_selector(".talk .sees.pixel")
        page.wait_for_timeout(1000)
        page.screenshot(path=ASSETS / "present.png")
        browser.close()


if __name__ == "__main__":
    main()
