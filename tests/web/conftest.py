"""Modules of core/web in Chromium, with whatever files a test gives them, and no server."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from core.ui import web

HOST = "http://lab.test"


@pytest.fixture
def lab(context) -> Callable[..., Page]:
    """An empty page that can import every module by its name and fetch the given files.

    where: a context of its own, for a page unlike the others.
    """

    def open_page(where: BrowserContext = context, **files: bytes | list) -> Page:
        def answer(route) -> None:
            name = route.request.url.removeprefix(f"{HOST}/")
            if name in web.FILES:
                route.fulfill(body=web.FILES[name].read_bytes(), content_type="text/javascript")
            elif name in files:
                content = files[name]
                body = content if isinstance(content, bytes) else json.dumps(content)
                route.fulfill(body=body, content_type="application/octet-stream")
            else:
                route.fulfill(body="<body></body>", content_type="text/html")

        page = where.new_page()
        page.route(f"{HOST}/**", answer)
        page.goto(f"{HOST}/")
        return page

    return open_page
