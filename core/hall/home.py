"""The page with both models that every phone may take along after the reveal."""

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.responses import Response, StreamingResponse

from core.show import html
from core.work.once import in_thread

AGAIN = 10.0  # seconds until what failed is tried again
PART = 2**16  # bytes that are sent at once


class Home:
    """Made once, long before anybody asks for it, and then served from memory."""

    def __init__(self, make: Callable[[], str]) -> None:
        """make: gives the page, in any thread. Raises RuntimeError where there is no worker."""
        self._make, self._page = make, b""
        self.problem = "the page is still being made"  # as long as it is not ready

    @property
    def ready(self) -> bool:
        return bool(self._page)

    async def prepare(self) -> None:
        """Return once it is ready."""
        while not self._page:
            try:
                page = await asyncio.wrap_future(in_thread(self._make))
                self._page = page.encode()
            except RuntimeError as error:
                self.problem = f"{error}"
                await asyncio.sleep(AGAIN)

    def answer(self) -> Response:
        headers = html.TAKEN_HOME | {"Content-Length": f"{len(self._page)}"}
        return StreamingResponse(self._parts(), media_type="text/html", headers=headers)

    async def _parts(self) -> AsyncIterator[bytes]:
        """Yield the page so that a slow phone fills no memory and holds up nobody else."""
        for begin in range(0, len(self._page), PART):
            yield self._page[begin : begin + PART]
