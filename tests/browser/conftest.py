"""One server and one Chromium for all browser tests; a fresh context for each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests import harness
from tests.conftest import absent

DESKTOP = {"width": 1280, "height": 720}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if harness.chromium() is None:
        absent("Chromium is not installed (apt-get install chromium)", "REQUIRE_BROWSER")
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(browser: Browser) -> Iterator[harness.Server]:
    with harness.serving() as server:
        yield server


@pytest.fixture
def context(browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP)
    yield context
    context.close()
