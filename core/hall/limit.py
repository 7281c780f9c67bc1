"""How often something may happen."""

import time
from collections import OrderedDict, deque


class Limit:
    """At most so many times within so many seconds, counted for each one apart."""

    def __init__(self, most: int, seconds: float, kept: int = 1000) -> None:
        """kept: how many are counted; who was counted longest ago is forgotten."""
        self._most, self._seconds, self._kept = most, seconds, kept
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def reached(self, who: str = "") -> bool:
        """Return whether once more would be too often."""
        times, now = self._times.get(who, deque()), time.monotonic()
        while times and now - times[0] > self._seconds:
            times.popleft()
        return len(times) >= self._most

    def count(self, who: str = "") -> None:
        self._times.setdefault(who, deque()).append(time.monotonic())
        self._times.move_to_end(who)
        while len(self._times) > self._kept:
            self._times.popitem(last=False)
