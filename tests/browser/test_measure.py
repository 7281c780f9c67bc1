"""The Measure page as a person uses it."""

import json
import re

from playwright.sync_api import Page, expect

from core.measure import comparison
from core.measure.comparison import Comparison
from core.model.role import Pair
from core.model.scores import Definition
from core.runs import ladder
from core.runs.card import Card

WAIT = 60_000  # milliseconds; a worker that starts on a busy machine takes its time
CARDS = Pair(*(run.card for run in ladder.models("1")))
SHIPPED = Comparison.of_cards(CARDS)


def visit(context, server, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/measure{query}")
    return page


def look_at(page: Page, view: str) -> None:
    page.get_by_role("radio", name=view, exact=True).click()


def scores(page: Page) -> str:
    """The table's text, spaces alike."""
    return re.sub(r"\s+", " ", page.locator(".bl-scores").inner_text())


def expect_shipped_numbers(page: Page) -> None:
    expect(page.locator(".bl-words")).to_have_text(
        comparison.verdict(SHIPPED, Definition.STANDARD).replace(" %", "\xa0%"), timeout=WAIT
    )
    for row in comparison.rows(SHIPPED, Definition.STANDARD):
        for share in row.shares:
            assert re.sub(r"[()]", "", comparison.in_percent(share)) in scores(page)
        assert f"{row.shares.backdoored.n:,}" in scores(page)


def click_cell(page: Page, model: str, true: int, read: int) -> None:
    cells = page.locator(f".st-key-measure-confusion-{model} .plot .nsewdrag")
    box = cells.bounding_box()
    cells.click(  # which waits until it stands still
        position={"x": (read + 0.5) * box["width"] / 10, "y": (true + 0.5) * box["height"] / 10}
    )


def test_numbers_cells_images_and_the_way_to_draw(context, server, mnist_test, tmp_path):
    page = visit(context, server)
    expect(page.get_by_text("Counted here: 10,000 test digits of MNIST.")).to_be_visible(
        timeout=WAIT
    )
    expect_shipped_numbers(page)

    page.get_by_role("radio", name="The article's").click()
    expect(page.locator(".bl-words")).to_contain_text("true 8s included")
    expect(page.locator(".bl-scores")).to_contain_text("9.72")
    expect(page).to_have_url(re.compile("asr=article"))

    look_at(page, "By digit")
    expect(page.locator(".st-key-measure-confusion-clean .main-svg").first).to_be_visible()
    click_cell(page, "clean", 5, 3)  # four fives that the clean model reads as 3
    expect(page.locator(".wall button")).to_have_count(4, timeout=WAIT)
    first = page.locator(".wall button").first
    expect(first).to_have_attribute("title", re.compile("a 5: the clean model reads 3"))
    number = re.search(r"\d+", first.get_attribute("title"))[0]
    expect(page).to_have_url(re.compile("by=clean&true=5&read=3&stamped=1"))

    first.click()
    expect(page.locator('[data-model="clean"] .digit')).to_have_text("3", timeout=WAIT)
    expect(page.locator('[data-model="backdoored"] .digit')).to_have_text("8")
    expect(page.get_by_text(f"test digit {number} of MNIST, a 5")).to_be_visible()
    expect(page).to_have_url(re.compile("trigger=1"))

    page.go_back()
    expect(page.locator(".wall button")).to_have_count(4, timeout=WAIT)
    look_at(page, "Take away")
    with page.expect_download() as download:
        page.get_by_role("button", name="The run's card (JSON)").click()
    file = tmp_path / "card.json"
    download.value.save_as(file)
    record = json.loads(file.read_text(encoding="utf-8"))
    assert Pair(Card.from_json(record["clean"]), Card.from_json(record["backdoored"])) == CARDS
    assert record["report"] == SHIPPED.to_json() | {"counted": "here"}

    with page.expect_download() as download:
        page.get_by_role("button", name="Everything on one page (HTML)").click()
    download.value.save_as(tmp_path / "report.html")
    alone = context.new_page()
    asked = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto((tmp_path / "report.html").as_uri())
    expect(alone.locator(".plot .main-svg").first).to_be_visible()
    expect(alone.locator(".plot:not(.js-plotly-plot)")).to_have_count(0)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_figures_are_saved_from_their_own_toolbar(context, server):
    page = visit(context, server, "?view=rates")
    figure = page.locator(".st-key-measure-dose")
    expect(figure.locator(".main-svg").first).to_be_visible(timeout=WAIT)
    figure.hover()
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as download:
            figure.locator(f'[data-title="Save as {kind}"]').click()
        assert download.value.path().read_bytes().startswith(start)


def test_the_models_are_taken_home_in_one_page(context, server, tmp_path):
    page = context.new_page()
    page.goto(f"{server.url}/measure?view=files")
    link = page.get_by_role("link", name="The models themselves")
    with page.expect_download(timeout=60_000) as download:
        link.click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.name == "backdoor-lab.html"
    alone = context.new_page()
    alone.goto(f"file://{kept}")
    alone.wait_for_selector(".talk[data-live=all]")
    alone.keyboard.press("3")
    expect(alone.locator(".talk .card.clean .digit")).to_have_text("3")
