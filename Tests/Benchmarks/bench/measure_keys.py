"""From a key press to what it changes on the screen."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from .figures import median, percentile
from .session import Arrival, Session


@dataclass
class Presses:
    """What presses did: seconds to the first change, bytes, and how many changed nothing within a second."""

    paint: list[float] = field(default_factory=list)
    bytes: list[float] = field(default_factory=list)
    unanswered: int = 0

    @property
    def p50(self) -> float:
        return median(self.paint)

    @property
    def p99(self) -> float:
        return percentile(self.paint, 0.99)

    @property
    def median_bytes(self) -> float:
        return median(self.bytes)


def press(session: Session, keys: list[bytes], count: int) -> Presses:
    """Presses keys in turn, each at a random instant after the last one's effect."""
    chance = random.Random(1)
    result = Presses()
    for number in range(count):
        session.pump(time.monotonic() + chance.uniform(0.02, 0.07))
        seen = len(session.arrivals)
        pressed = session.press(keys[number % len(keys)])
        painted = session.pump(pressed + 1, _is_change)
        if painted is None:
            result.unanswered += 1
            if result.unanswered > 10 and not result.paint:
                break
            continue
        result.paint.append(painted.at - pressed)
        session.settle(0.015, 0.2)
        result.bytes.append(float(sum(arrival.bytes for arrival in session.arrivals[seen:])))
    return result


def _is_change(arrival: Arrival) -> bool:
    return arrival.changed


def there_and_back(down: bytes, up: bytes, run: int) -> list[bytes]:
    return [down] * run + [up] * run
