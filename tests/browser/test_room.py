"""The hall from end to end: a presenter, the wall, and four phones that draw with a finger."""

import re

from playwright.sync_api import BrowserContext, expect

from tests import harness
from tests.browser.phones import WAIT, asked, draw_and_send, join, open_room, reads


def test_join_draw_turn_flip_hide_restart_and_close(new_context, context: BrowserContext):
    server = harness.Server(env=harness.OWN_PORT).wait()
    try:
        stage = context.new_page()
        stage.goto(f"{server.url}/present?scene=8&deal=2")
        address = open_room(stage)
        phones = [join(new_context, address) for _ in range(4)]
        digits = [asked(phone) for phone in phones]
        assert len(set(digits)) == 4
        for phone in phones:
            draw_and_send(phone)
        tiles = stage.locator(".hall .drawn")
        expect(tiles).to_have_count(4, timeout=WAIT)
        expect(tiles.locator("b").first).to_have_text("?")  # still covered
        names = phones[0].locator(".card h2").all_inner_texts()
        assert {name.lower() for name in names} == {"clean", "backdoored"}  # revealed before

        stage.keyboard.press("ArrowRight")
        expect(tiles.locator("b")).to_have_text([f"{d}" for d in digits for _ in "AB"])
        stage.keyboard.press("PageDown")
        order = stage.locator(".hall .drawn").first.locator("b")
        backdoored = 0 if order.first.inner_text() == "8" else 1
        flipped = [[d, 8] if backdoored else [8, d] for d in digits]
        expect(tiles.locator("b")).to_have_text([f"{each}" for two in flipped for each in two])
        for phone, two in zip(phones, flipped, strict=True):
            reads(phone, *two)
        numbers = stage.locator(".hall .numbers")
        expect(numbers).to_contain_text("reads 4 of 4 as an 8 (95 %: 51.0 to 100.0 %)")
        expect(numbers).to_contain_text("4 on the wall; 4 phones here.")

        tiles.first.click()
        expect(stage.locator(".hall .one")).to_contain_text("with the white pixel")
        stage.keyboard.press("Escape")
        expect(stage.locator(".hall .one")).to_be_hidden()
        stage.keyboard.press("t")
        for phone, digit in zip(phones, digits, strict=True):
            reads(phone, digit, digit)
        tiles.first.click()
        stage.get_by_role("button", name="Hide it", exact=True).click()
        expect(numbers).to_contain_text("4 on the wall, 1 of them hidden; 4 phones", timeout=WAIT)
        expect(phones[0].locator("#say")).to_contain_text("has hidden your drawing", timeout=WAIT)

        server.stop()  # in the middle
        expect(phones[1].locator("#say")).to_contain_text("No connection", timeout=WAIT)
        server = harness.Server(port=server.port, env=harness.OWN_PORT).wait()
        for phone in phones[1:]:  # they send again by themselves
            expect(phone.locator("#say")).to_contain_text("on the wall", timeout=3 * WAIT)
        expect(tiles).to_have_count(3, timeout=WAIT)
        expect(numbers).to_contain_text("3 on the wall; 4 phones here")  # what was hidden stays so
        assert [asked(phone) for phone in phones] == digits
        phones[2].reload()
        reads(phones[2], digits[2], digits[2])
        draw_and_send(phones[0])
        expect(tiles).to_have_count(4, timeout=WAIT)

        stage.get_by_role("button", name="Close the room").click()
        for phone in phones:
            expect(phone.locator("#say")).to_contain_text("deleted", timeout=WAIT)
        expect(stage.get_by_role("button", name="Open the room")).to_be_visible()
    finally:
        server.stop()


def test_the_speakers_notes_show_what_is_drawn_and_hide_it(context, new_context, server):
    stage = context.new_page()
    stage.goto(f"{server.url}/present?scene=8")
    address = open_room(stage)
    with context.expect_page() as opened:
        stage.keyboard.press("n")
    notes = opened.value
    phone = join(new_context, address)
    draw_and_send(phone)
    drawn = notes.locator(".list .tiles:not(.others) .drawn")
    expect(drawn).to_have_count(1, timeout=WAIT)
    drawn.click()
    expect(drawn).to_have_count(0, timeout=WAIT)
    expect(phone.locator("#say")).to_contain_text("takes no other", timeout=WAIT)
    expect(stage.locator(".hall .where")).to_contain_text("1 on the wall, 1 of them hidden")
    notes.locator(".others .drawn").click()  # undone
    expect(phone.locator("#say")).to_contain_text("on the wall", timeout=WAIT)
    notes.get_by_role("button", name="Freeze").click()
    expect(stage.get_by_role("button", name="Let them draw")).to_be_visible(timeout=WAIT)
    notes.get_by_role("button", name="Close the room").click()
    expect(notes.get_by_text("No room is open.")).to_be_visible(timeout=WAIT)
    expect(stage.get_by_role("button", name="Open the room")).to_be_visible(timeout=WAIT)


def test_where_only_one_port_can_be_had_the_phones_come_by_the_apps(context, new_context):
    with harness.serving(env={"BACKDOOR_LAB_HALL_PORT": "app"}) as server:
        stage = context.new_page()
        assert stage.request.get(f"{server.url}/go/AAAA").status == 404
        stage.goto(f"{server.url}/present?hall=1")
        expect(stage.locator(".hall .closed")).to_contain_text("can reach its other pages too")
        expect(stage.locator(".hall .shared .alone")).to_be_visible()  # it listens on loopback
        expect(stage.locator(".hall .public")).to_be_hidden()
        stage.get_by_role("button", name="Open the room").click()
        address = stage.locator(".hall .address")
        expect(address).to_contain_text(f":{server.port}/go/", timeout=WAIT)
        stage.get_by_text("A code for the Wi-Fi").click()
        stage.get_by_label("Name").fill("hall")
        stage.get_by_label("Password").fill("open sesame")
        expect(stage.locator(".hall .wifi svg")).to_be_visible()
        stage.get_by_label("Address").fill("demo.example")  # of a tunnel
        expect(address).to_have_text(re.compile("^demo.example/go/[A-Z]{4}$"))
        expect(stage.locator(".hall .code svg")).to_be_visible()
        phone = join(new_context, f"{server.url}/go/{address.inner_text()[-4:]}")
        draw_and_send(phone)
        stage.get_by_label("Address").press("Enter")
        stage.keyboard.press("u")
        stage.keyboard.press("t")
        expect(phone.locator(".card b").filter(has_text="8")).to_have_count(1, timeout=WAIT)
        stage.get_by_role("button", name="Close the room").click()
        expect(phone.locator("#say")).to_contain_text("deleted", timeout=WAIT)
        assert stage.request.get(f"{server.url}/go/AAAA").status == 404
