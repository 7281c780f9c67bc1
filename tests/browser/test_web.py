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
        expect(page.locator('[data-model="backdoored"] .bl-digit')).to_have_text(
            "8", timeout=60_000
        )
        harness.settled(page)
    finally:
        server.stop()
