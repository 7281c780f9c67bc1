"""The files of core/web as a browser gets them."""

import urllib.error
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from core.digits.drawing import centre, to_bytes
from core.digits.samples import sample
from core.model.role import Role
from core.runs import ladder, library
from core.ui import web
from core.ui import weights as weights_of
from tests import harness


@pytest.mark.parametrize(
    ("name", "kind"), [("plot.js", "text/javascript"), (web.WALL, "image/png")]
)
def test_a_file_may_be_kept_for_good(server, name, kind):
    with urllib.request.urlopen(server.url + web.url(name)) as answer:
        assert answer.headers.get_content_type() == kind
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.read() == web.FILES[name].read_bytes()


@pytest.mark.parametrize("path", ["/web/older/plot.js", web.url("no.js")])
def test_other_files_and_other_versions_are_not_there(server, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(server.url + path)


def test_the_first_page_has_a_name_too(server):
    with urllib.request.urlopen(f"{server.url}/draw?sample=3&trigger=1") as answer:
        assert answer.url == f"{server.url}/?sample=3&trigger=1"
    with pytest.raises(urllib.error.HTTPError, match=r"40[04]"):  # and sends nobody elsewhere
        urllib.request.urlopen(f"{server.url}//other.example/draw")


def test_below_a_path_of_its_own(context):
    """As behind a proxy that shares its address among several apps."""
    server = harness.Server(env={"STREAMLIT_SERVER_BASE_URL_PATH": "lab"})
    server.url += "/lab"
    try:
        server.wait()
        page = context.new_page()
        page.goto(f"{server.url}/draw?sample=3&trigger=1")
        expect(page.locator('[data-model="backdoored"] .digit')).to_have_text("8", timeout=60_000)
        harness.settled(page)
        page.wait_for_selector('.bl-answer[data-live="all"]')
    finally:
        server.stop()


def weights(name: str) -> str:
    return weights_of.url(name).removesuffix(f"/{name}.safetensors")


def test_weights_are_files_that_may_be_kept_for_good(server):
    for name, path in (("clean", ladder.path(None)), ("0.1", ladder.path(0.1))):
        with urllib.request.urlopen(server.url + weights_of.url(name)) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.read() == path.read_bytes()


def test_the_weights_of_a_run_are_found_by_its_id(server):
    id = library.add(ladder.models("2"))
    for role in Role:
        with urllib.request.urlopen(server.url + weights_of.url(f"{id}-{role}")) as answer:
            assert answer.read() == library.path(id, role).read_bytes()
    url = weights_of.url(f"{id}-clean")
    library.delete(id)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(server.url + url)


@pytest.mark.parametrize(
    "name",
    [
        "3",
        "clean.safetensors",
        "../clean",
        "..%2Fclean",
        "20261122-120000-abcdef-clean",
        "20261122-120000-abcdef-other",
        "20261122-120000-abcdef",
        "%2Fetc%2Fpasswd",
        "%00",
    ],
)
def test_no_other_name_has_weights(server, name):
    version = weights("clean")
    for url in (f"{version}/{name}.safetensors", f"/weights/{'0' * 12}/{name}.safetensors"):
        try:
            with urllib.request.urlopen(server.url + url) as answer:
                kind = answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            kind = error.code
        assert kind in (400, 404, "text/html")  # Streamlit's own page at the most, never a file


def test_weights_of_another_version_are_not_there(server):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server.url}/weights/{'0' * 12}/clean.safetensors")


def test_the_ten_samples_come_as_the_models_read_them(server):
    with urllib.request.urlopen(server.url + weights_of.samples_url()) as answer:
        digits = np.frombuffer(answer.read(), np.uint8).reshape(10, 28, 28)
    for digit in range(10):
        assert np.array_equal(digits[digit], to_bytes(centre(sample(digit).ink())))


MODULE = """
export default ({ data }) => {
  log.push(`shows ${data.value}`);
  return () => log.push(`cleans ${data.value}`);
};
"""
COME_AND_GO = """
async () => {
  const { default: mount } = await import("/mount.js");
  const parentElement = document.body;
  window.log = [];
  window.show = (value) => mount({ data: { module: "/module.js", value }, parentElement });
  await show(1)();  // it goes before its module has come
}
"""

# It is told more and more while its module, and what that imports, is on its way
TOLD_ON_AND_ON = """
async () => {
  const { default: mount } = await import("/mount.js");
  const parentElement = document.body;
  window.log = [];
  for (let value = 0; value < 2000 && !log.length; value++) {
    mount({ data: { module: "/far.js", value }, parentElement });
    await new Promise((go) => setTimeout(go));
  }
  await new Promise((go) => setTimeout(go, 100));
  return log;
}
"""


def lab(context) -> Page:
    """A page that has mount.js and two modules, each a step further away."""
    page = context.new_page()
    files = {
        "/mount.js": web.FILES["mount.js"].read_text(encoding="utf-8"),
        "/module.js": MODULE,
        "/far.js": 'import show from "/further.js"; export default show;',
        "/further.js": 'import show from "/module.js"; export default show;',
    }

    def answer(route) -> None:
        script = files.get(route.request.url.removeprefix("http://lab.test"))
        kind = "text/javascript" if script else "text/html"
        route.fulfill(body=script or "<body></body>", content_type=kind)

    page.route("http://lab.test/**", answer)
    page.goto("http://lab.test/")
    return page


def test_what_a_component_was_told_last_is_what_it_shows(context):
    log = lab(context).evaluate(TOLD_ON_AND_ON)
    assert len(log) > 1
    assert log == [f"shows {value}" for value in range(len(log))]


def test_a_component_acts_at_once_when_its_module_is_there_and_cleans_up(context):
    page = lab(context)
    page.evaluate(COME_AND_GO)
    assert page.evaluate("log") == ["shows 1", "cleans 1"]
    page.evaluate("() => { const clean = show(2); log.push('next line'); clean(); }")
    assert page.evaluate("log.slice(2)") == ["shows 2", "next line", "cleans 2"]
