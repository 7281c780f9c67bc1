"""What takes long and is wanted by many at once: made once, in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any


def in_thread(make: Callable[..., Any], *given: Any) -> Future[Any]:
    """Begin it in a new thread, which does not keep the process from ending.

    It waits for no pool: the threads of a pool may all be busy.
    """
    made: Future[Any] = Future()
    made.set_running_or_notify_cancel()  # whoever stops waiting cancels it for nobody else

    def run() -> None:
        try:
            made.set_result(make(*given))
        except BaseException as error:
            made.set_exception(error)

    Thread(target=run, daemon=True).start()
    return made


class Once:
    """Values by key, each made once however many ask; one that failed is made anew when asked."""

    def __init__(self, make: Callable[[str], Any], kept: int) -> None:
        """kept: how many values; the oldest go."""
        self._make, self._kept = make, kept
        self._lock = Lock()
        self._values: dict[str, Future[Any]] = {}

    def __call__(self, key: str) -> Future[Any]:
        """Return the value, or the promise of it."""
        with self._lock:
            value = self._values.get(key)
            if value is None or (value.done() and value.exception()):
                value = self._values[key] = in_thread(self._make, key)
            for old in list(self._values)[: -self._kept]:
                del self._values[old]
            return value
