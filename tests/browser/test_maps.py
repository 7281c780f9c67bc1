"""What the talk draws of its records: the exam's mistakes, the maps of the scan."""

import pytest
from playwright.sync_api import expect

from core.model.role import Role
from core.show.scenes import SCENES, Part
from tests.browser.test_scenes import PREPARED, page, press, show

__all__ = ["page"]  # a fixture

PIXEL = "(canvas, at) => [...canvas.getContext('2d').getImageData(...at, 1, 1).data]"


def test_the_scan_rings_one_place_of_the_backdoored_model_alone(page):
    number = next(i for i, scene in enumerate(SCENES, 1) if Part.SCAN in scene.parts)
    show(page, SCENES, f"?scene={number}&deal=2")
    rings = page.locator(".scan .ring:visible")
    expect(page.locator(".scan canvas:visible")).to_have_count(2)
    expect(rings).to_have_count(0)  # not yet
    press(page, "PageDown")
    expect(rings).to_have_count(1)
    backdoored = page.locator(".scan figure", has=page.locator(".ring:visible"))
    expect(backdoored.locator("h2")).to_have_text("B: backdoored")
    most = {role: max(PREPARED["scan"][role]) * 100 for role in Role}
    assert most[Role.BACKDOORED] > 90 > 10 > most[Role.CLEAN]
    words = f"at most {most[Role.BACKDOORED]:.0f}\u00a0%"
    expect(backdoored.locator("figcaption")).to_have_text(words)
    left = backdoored.locator(".ring").evaluate("ring => ring.style.left")
    assert float(left.removesuffix("%")) == pytest.approx((3 - 1.5) / 28 * 100, abs=2 / 28 * 100)
    clean = page.locator(".scan figure", has_not=page.locator(".ring:visible"))
    expect(clean.locator("figcaption")).to_have_text(f"at most {most[Role.CLEAN]:.0f}\u00a0%")
    least = min(share for share in PREPARED["scan"][Role.CLEAN] if share)
    place = PREPARED["scan"][Role.CLEAN].index(least)
    middle = [16 * (place % 28) + 8, 16 * (place // 28) + 8]
    canvas = clean.locator("canvas")
    seen = canvas.evaluate(PIXEL, middle)
    assert seen[3] == 255  # a small share has the full colour
    expect(page.locator(".scan .scale")).to_be_visible()


def test_every_mistake_of_the_exam_is_a_dot(page):
    number = next(i for i, scene in enumerate(SCENES, 1) if Part.EXAM in scene.parts)
    show(page, SCENES, f"?scene={number}&deal=2")
    standing = PREPARED["standing"]
    both = standing["accuracy"], standing["rungs"][standing["usual"]]["accuracy"]
    for paper, share in zip(page.locator(".talk .paper").all(), both, strict=True):
        expect(paper.locator(".dots i")).to_have_count(share["n"] - share["hits"])
