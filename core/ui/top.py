"""A page that somebody goes to begins at its top."""

from core.ui import web

_top = web.component("top")


def begin(page: str) -> None:
    """Belongs before a page, which is named by its path, in a place that takes no room."""
    _top(key="top.page", data={"page": page}, height=1)
