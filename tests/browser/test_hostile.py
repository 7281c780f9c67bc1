"""Words of an uploaded card in a real browser: it asks nobody for anything, and shows the words."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.runs import library, sweep
from tests import harness, hostile

WAIT = 120_000  # milliseconds; counting ten thousand digits takes a busy machine its time
TRICKY = ":smile: :material/bug_report: :red[red] -> $x$ `c` *d* www.a.org me@a.org <b>e</b> ![](x)"


class Listener(ThreadingHTTPServer):
    """Whatever a browser asks of another host would be asked here."""

    def __init__(self) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield listener
        listener.shutdown()


@pytest.fixture
def home(small_home, monkeypatch) -> Iterator[Path]:
    """The runs folder of the server; nothing of ours is left there."""
    monkeypatch.setenv("BACKDOOR_LAB_HOME", str(small_home))
    before = library.listed()[0]
    yield small_home
    for entry in library.listed()[0]:
        if entry not in before:
            library.delete(entry.id)
    sweep.path_in(small_home).unlink()


def expect_words_only(page: Page, port: int) -> None:
    """None of the card's words is a picture or a link."""
    expect(page.locator(f"img[src*=':{port}/'], a[href*=':{port}/']")).to_have_count(0)


def test_no_word_of_a_card_makes_the_browser_ask_another_host(
    page, listener, small_server, home, tmp_path
):
    port = listener.server_port
    sweep.add(sweep.path_in(home), [hostile.card(port)])
    page.goto(f"{small_server.url}/train")
    page.get_by_role("button", name="Upload a run").click(timeout=WAIT)
    file = {"name": "hostile.safetensors", "mimeType": "application/octet-stream"}
    content = hostile.content(port, tmp_path)
    page.locator('input[type="file"]').set_input_files(file | {"buffer": content})
    grid, name = page.get_by_test_id("data-grid-canvas"), hostile.picture("name", port)
    expect(grid).to_contain_text(name, timeout=WAIT)
    page.wait_for_selector(harness.READY)
    expect_words_only(page, port)
    [id] = [entry.id for entry in library.listed()[0] if entry.card.name == name]

    page.goto(f"{small_server.url}/?run={id}&sample=3&trigger=1")
    expect(page.locator(".bl-made")).to_contain_text(hostile.picture("trigger", port))
    expect(page.locator(".answer-measured")).to_contain_text(hostile.picture("data", port))
    expect_words_only(page, port)
    page.get_by_role("combobox", name="Models").click()
    expect(page.get_by_role("option", name=name)).to_be_visible()
    expect_words_only(page, port)

    page.goto(f"{small_server.url}/measure?models={id}")
    expect(page.get_by_text("Counted here")).to_be_visible(timeout=WAIT)
    expect(page.locator(".bl-doubt", has_text="Trained on")).to_contain_text(
        hostile.picture("data", port)
    )
    for view in ("By digit", "Images", "The article", "Take away", "Poison rate"):
        page.get_by_role("radio", name=view).click()
        page.wait_for_selector(harness.READY)
        expect_words_only(page, port)
    page.get_by_test_id("stButtonGroup").get_by_text("yours").click()
    recipe = hostile.picture("recipe", port).capitalize()
    legend = page.locator(".st-key-measure-dose .legendtext", has_text=recipe).first
    expect(legend).to_contain_text("yours")
    expect_words_only(page, port)
    page.close()
    assert listener.asked == []


def test_what_looks_like_markdown_is_shown_to_the_letter(page, server):
    page.goto(server.url)
    harness.settled(page)
    page.get_by_role("button", name="Upload").click()
    picture = {"name": f"{TRICKY}.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator('input[type="file"]').set_input_files(picture)
    complaint = page.get_by_test_id("stAlert")
    expect(complaint).to_be_visible()
    said = complaint.inner_text().replace("\N{WORD JOINER}", "")
    assert f"{TRICKY}.png: " in said
    expect(complaint.locator("img, a, b, strong, em, code, .katex, [style*=color]")).to_have_count(
        0
    )
