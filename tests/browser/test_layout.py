"""What is in sight on the Draw page, on a desk and on a phone."""

from playwright.sync_api import Page, expect

from tests import harness
from tests.browser.drawing import CANVAS, RING, THREE, reads, rested, visit


def expect_above_the_fold(page: Page, *places: str) -> None:
    for place in (CANVAS, ".st-key-pad-sample-9", ".words", ".bars >> nth=1", *places):
        box = page.locator(place).bounding_box()
        assert box["y"] >= 0, place
        assert box["y"] + box["height"] <= 720, place


def test_a_desk_has_everything_above_the_fold(context, server):
    page = visit(context, server, "?sample=3&trigger=1")
    expect_above_the_fold(page, ".st-key-draw-rate")


def test_a_desk_has_room_for_the_list_of_runs_too(context, server, run):
    page = visit(context, server, "?sample=3&trigger=1")
    expect(page.get_by_role("combobox", name="Models")).to_be_visible()
    expect_above_the_fold(page, ".st-key-draw-rate")
    expect_above_the_fold(visit(context, server, f"?run={run}&sample=3&trigger=1"))


def test_a_phone_shows_both_digits_while_the_finger_draws(browser, server):
    context = browser.new_context(**harness.PHONE, device_scale_factor=3)
    page = visit(context, server, "?trigger=1")
    box = page.locator(CANVAS).bounding_box()
    touch = context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    for stroke in THREE:
        send("touchStart", stroke[0])
        for point in stroke[1:]:
            send("touchMove", point)
    reads(page, 3, 8)  # and the finger is still down
    for model in ("clean", "backdoored"):
        place = page.locator(f'[data-model="{model}"] .digit').bounding_box()
        assert box["y"] + box["height"] <= place["y"]
        assert place["y"] + place["height"] <= 844
    send("touchEnd")
    reads(page, 3, 8)
    rested(page)
    reads(page, 3, 8)
    context.close()


def test_a_phone_has_the_pixel_at_the_thumb(browser, server):
    context = browser.new_context(**harness.PHONE)
    page = visit(context, server, "?sample=3")
    pad = page.locator(CANVAS).bounding_box()
    flip = page.get_by_role("button", name="Flip the pixel")
    box = flip.bounding_box()
    assert pad["y"] >= 0
    assert pad["y"] + pad["height"] <= box["y"]
    assert box["width"] >= 360
    assert 44 <= box["height"]
    assert box["y"] + box["height"] <= 844
    flip.tap()
    reads(page, 3, 8)
    context.close()


def test_the_pad_grows_with_the_page(new_context, server):
    page = visit(new_context(viewport={"width": 1920, "height": 1080}), server, "?trigger=0")
    page.wait_for_selector(RING)
    box = page.locator(CANVAS).bounding_box()
    assert box["width"] >= 380
    scale = box["width"] / 280
    harness.draw(page, [[(x * scale, y * scale) for x, y in stroke] for stroke in THREE])
    reads(page, 3, 3)
    page.locator(RING).click()
    reads(page, 3, 8)


def test_a_phone_has_all_pages_in_sight(browser, server):
    context = browser.new_context(**harness.PHONE)
    page = visit(context, server, "?sample=3")
    for name in ("Draw", "Train", "Measure", "Defend", "Present"):
        expect(page.get_by_role("link", name=name)).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Train").tap()
    expect(page.get_by_role("heading", level=1, name="Poison a training set")).to_be_visible()
    context.close()
