"""The files of core/web as a browser gets them."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect

from core.ui import web
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


def test_below_a_path_of_its_own(context):
    """As behind a proxy that shares its address among several apps."""
    server = harness.Server(env={"STREAMLIT_SERVER_BASE_URL_PATH": "lab"})
    server.url += "/lab"
    try:
        server.wait()
        page = context.new_page()
        page.goto(f"{server.url}/?sample=3&trigger=1")
        expect(page.locator('[data-model="backdoored"] .digit')).to_have_text("8", timeout=60_000)
        harness.settled(page)
    finally:
        server.stop()


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


def test_a_component_acts_at_once_when_its_module_is_there_and_cleans_up(context):
    page = context.new_page()
    files = {"/mount.js": web.FILES["mount.js"].read_text(encoding="utf-8"), "/module.js": MODULE}

    def answer(route) -> None:
        script = files.get(route.request.url.removeprefix("http://lab.test"))
        kind = "text/javascript" if script else "text/html"
        route.fulfill(body=script or "<body></body>", content_type=kind)

    page.route("http://lab.test/**", answer)
    page.goto("http://lab.test/")
    page.evaluate(COME_AND_GO)
    assert page.evaluate("log") == ["shows 1", "cleans 1"]
    page.evaluate("() => { const clean = show(2); log.push('next line'); clean(); }")
    assert page.evaluate("log.slice(2)") == ["shows 2", "next line", "cleans 2"]
