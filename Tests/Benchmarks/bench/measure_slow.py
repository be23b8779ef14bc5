"""Keys over a slow line."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from .figures import median
from .link import Link
from .program import DOWN, UP, Program
from .session import Session


@dataclass
class Slow:
    settled: list[float] = field(default_factory=list)
    backlog: list[float] = field(default_factory=list)
    unanswered: int = 0
    useful: float = float("nan")

    @property
    def grows(self) -> bool:
        third = len(self.backlog) // 3
        return third > 0 and median(self.backlog[-third:]) > 1.5 * median(self.backlog[:third]) + 0.5


def slow_line(program: Program, seconds: float, baud: int = 9_600, round_trip: float = 0.2) -> Slow:
    """Presses an arrow key every few seconds; a press has settled when the screen then stands still for 150 ms.

    A serial line sends ten bits for a byte."""
    result = Slow()
    link = Link(rate=baud / 10, round_trip=round_trip)
    chance = random.Random(2)
    with Session(program.command, program.full_environment(), link=link) as session:
        useful = session.wait_for(program.is_useful, 30)
        if useful is None:
            return result
        result.useful = useful - session.started
        if program.opens_list:
            session.press(program.opens_list)
        session.settle(0.3, 8)
        end = time.monotonic() + seconds
        number = 0
        while time.monotonic() < end:
            session.pump(time.monotonic() + chance.uniform(0.8, 1.6))
            result.backlog.append(link.backlog(time.monotonic()))
            pressed = session.press(DOWN if number % 6 < 3 else UP)
            number += 1
            # What arrives earlier than one round trip cannot be an answer.
            session.pump(pressed + round_trip)
            if session.pump(pressed + 5, lambda arrival: arrival.changed) is None:
                result.unanswered += 1
                continue
            last = session.settle(0.15, 5) or session.arrivals[-1].at
            result.settled.append(last - pressed)
    return result
