"""How often one subject may ask: a token bucket each, in this process's memory."""

from __future__ import annotations

import time
from collections import OrderedDict

PER_SECOND = 100.0
AT_ONCE = 200.0
_REMEMBERED = 10_000


class Pace:
    """`per_second` requests go through for good, and `at_once` after a pause."""

    def __init__(self, per_second: float = PER_SECOND, at_once: float = AT_ONCE) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, subject: str) -> float:
        """0 when the request may go on, else the seconds until the next one may."""
        now = time.monotonic()
        left, at = self._left.pop(subject, (self._at_once, now))
        left = min(self._at_once, left + (now - at) * self._per_second)
        allowed = left >= 1
        self._left[subject] = (left - 1 if allowed else left, now)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second
