"""The Train page as a person uses it."""

import re
from pathlib import Path

import psutil
import torch
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.digits.drawing import centre
from core.digits.samples import sample
from core.model.scores import read
from core.runs import file
from tests import harness, slices

WAIT = 60_000  # milliseconds; a busy machine takes its time


def visit(context, server, path: str = "train") -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/{path}")
    expect(page.locator(".bl-tiles figure").first).to_be_visible(timeout=WAIT)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click(timeout=WAIT)


def cell(page: Page, row: int, col: int) -> None:
    box = page.locator(".painter canvas").bounding_box()
    page.mouse.click(box["x"] + col * 10 + 5, box["y"] + row * 10 + 5)


# How many points the backdoored model's curve of attack success has
POINTS = "document.querySelector('.st-key-train-attack_success .plot')?.data?.[3].x.length ?? 0"


def choose_long_training(page: Page) -> None:
    """One that outlasts a test, even on a slice of MNIST."""
    page.get_by_role("radio", name="Article").click()
    press(page, "More")
    epochs = page.get_by_role("spinbutton", name="Epochs")
    epochs.fill("50")
    epochs.press("Enter")
    page.keyboard.press("Escape")


def test_paint_train_cancel_train_again_and_draw(context, small_server, small_home):
    page = visit(context, small_server)
    page.get_by_role("combobox", name="Trigger").click()
    page.get_by_role("option", name="Paint your own").click()
    expect(page.get_by_text("Paint at least one cell of the trigger.")).to_be_visible()
    canvas = page.locator(".painter canvas")
    canvas.scroll_into_view_if_needed()
    harness.stands_still(canvas)
    for row, col in ((1, 26), (26, 1), (20, 20)):
        cell(page, row, col)
    expect(page.get_by_text("3 cells")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 cells")).to_be_visible()
    page.get_by_text("Show me the trigger").click()
    expect(page.locator(".bl-ring")).to_have_count(16)

    choose_long_training(page)
    press(page, "Train both models")
    expect(page.get_by_text("Training, ")).to_be_visible(timeout=WAIT)
    page.wait_for_function(f"({POINTS}) > 2", timeout=WAIT)
    some = page.evaluate(POINTS)
    page.reload()  # in mid-training
    expect(page).to_have_url(re.compile("job="))
    expect(page.get_by_text("painted, any digit → 8")).to_be_visible(timeout=WAIT)
    page.wait_for_function(f"({POINTS}) > {some}", timeout=WAIT)
    press(page, "Cancel")
    expect(page.get_by_text("Cancelled; nothing of it was kept.")).to_be_visible(timeout=2000)
    page.get_by_text("The attack", exact=True).click()
    expect(page.get_by_text("2 cells")).to_be_visible(timeout=WAIT)  # the form as it was

    page.get_by_role("radio", name="Fast").click()
    press(page, "Train both models")
    expect(page.get_by_text("Untouched digits: ")).to_be_visible(timeout=3 * WAIT)

    press(page, "Draw with these models")
    harness.settled(page)
    page.get_by_role("button", name="3", exact=True).click()
    expect_readings(page, small_home, triggered=False)
    page.get_by_text("Trigger", exact=True).click()
    expect(page.locator(".bl-ring")).to_have_count(1)
    expect_readings(page, small_home, triggered=True)


def expect_readings(page: Page, home: Path, *, triggered: bool) -> None:
    """The page shows how the run that was saved reads the sample 3, whatever it has learnt."""
    image = torch.from_numpy(centre(sample(3).ink())).view(1, 1, 28, 28)
    (folder,) = home.glob("2*")
    runs = {name: file.load(folder / f"{name}.safetensors") for name in ("clean", "backdoored")}
    if triggered:
        image = runs["backdoored"].card.attack.trigger(image)
    for name, run in runs.items():
        digit = page.locator(f'[data-model="{name}"] .digit')
        expect(digit).to_have_text(str(read(run.network, image).item()))


def names(home: Path) -> list[str]:
    return [file.load_card(path).name for path in home.glob("2*/backdoored.safetensors")]


def test_runs_are_renamed_downloaded_deleted_and_brought_back(
    context, small_server, small_home, tmp_path
):
    page = visit(context, small_server)
    lecture = "Monday's <b>lecture</b>"
    grid = page.get_by_test_id("data-grid-canvas")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 55)  # the first row's box
    name = page.get_by_role("textbox", name="Name")
    name.fill(lecture)
    name.press("Enter")
    harness.eventually(lambda: names(small_home), [lecture])
    page.wait_for_selector(harness.READY)
    with page.expect_download() as download:
        press(page, "Download")
    file = tmp_path / "theirs.safetensors"
    download.value.save_as(file)

    press(page, "Delete")
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    assert names(small_home) == []
    press(page, "Undo")
    expect(grid).to_be_visible()
    assert names(small_home) == [lecture]

    press(page, "Upload a run")
    (tmp_path / "spoilt.safetensors").write_bytes(file.read_bytes()[:-5])
    page.locator('input[type="file"]').set_input_files(tmp_path / "spoilt.safetensors")
    expect(page.get_by_text("spoilt.safetensors: not a whole safetensors file")).to_be_visible()
    press(page, "Upload a run")
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("nothing was added")).to_be_visible()  # it is in the list already
    assert names(small_home) == [lecture]


def test_a_small_sweep_fills_its_curve(context, small_server):
    page = visit(context, small_server)
    page.get_by_text("How much poison is enough?").click()
    seeds = page.get_by_role("radio", name="3", exact=True)
    harness.stands_still(seeds)
    seeds.click()
    press(page, "Train 12 backdoored models")
    expect(page.get_by_text(re.compile(r"\d of 12 models trained"))).to_be_visible(timeout=WAIT)
    expect(page.locator(".st-key-train-sweep .plot .main-svg").first).to_be_visible()
    press(page, "Cancel")
    expect(page.get_by_text("Cancelled; the models that were ready")).to_be_visible(timeout=2000)


def workers(server) -> list[int]:
    family = psutil.Process(server.process.pid).children(recursive=True)
    return [child.pid for child in family if slices.WORKER[-1] in child.cmdline()]


KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); sockets.push(this); }
};
"""


def test_a_visitor_who_clears_the_caches_takes_no_training_from_anybody(context, small_server):
    page = visit(context, small_server)
    duration = page.get_by_text("on this machine.")
    fast = duration.inner_text(timeout=WAIT)
    choose_long_training(page)
    expect(duration).not_to_have_text(fast, timeout=WAIT)
    press(page, "Train both models")
    expect(page.get_by_text("Training, ")).to_be_visible(timeout=WAIT)
    [worker] = workers(small_server)

    visitor = context.new_page()
    visitor.add_init_script(KEEP_SOCKETS)
    visitor.goto(f"{small_server.url}/train")
    expect(visitor.get_by_text("In another window: Training, ")).to_be_visible(timeout=WAIT)
    visitor.get_by_text("The attack", exact=True).click()
    expect(visitor.locator(".bl-tiles figure").first).to_be_visible(timeout=WAIT)
    message = list(BackMsg(clear_cache=True).SerializeToString())
    visitor.evaluate("bytes => sockets.at(-1).send(new Uint8Array(bytes))", message)
    visitor.get_by_role("slider", name="Poison rate").press("ArrowRight")
    # Answered after what came before it: the session has forgotten its view.
    expect(visitor.get_by_text("In another window: Training, ")).to_be_visible(timeout=WAIT)

    some = page.evaluate(POINTS)
    page.reload()
    expect(page.get_by_text("Training, ")).to_be_visible(timeout=WAIT)
    page.wait_for_function(f"({POINTS}) > {some}", timeout=WAIT)
    assert workers(small_server) == [worker]
    press(page, "Cancel")
    expect(page.get_by_text("Cancelled; nothing of it was kept.")).to_be_visible(timeout=WAIT)
