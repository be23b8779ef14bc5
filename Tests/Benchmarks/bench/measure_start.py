"""From the start of the process to what is on the screen."""

from __future__ import annotations

import time

from .figures import median
from .program import Program
from .session import FRAME_GAP, Session

# A screen with fewer characters than this is not a frame yet.
_FRAME_CELLS = 40


def first_frame(program: Program, starts: int) -> list[float]:
    """Seconds to the last byte of the first frame."""
    times: list[float] = []
    for _ in range(starts):
        with Session(program.command, program.full_environment()) as session:
            begun = session.wait_for(lambda screen: screen.filled() >= _FRAME_CELLS, 3)
            if begun is None:
                continue
            session.pump(time.monotonic() + FRAME_GAP)
            last = [a.at for a in session.arrivals if a.at <= begun + FRAME_GAP]
            times.append(last[-1] - session.started)
    return times


def useful_screen(program: Program, starts: int) -> list[float]:
    """Seconds until the program shows live data; starts that never got there are left out."""
    times: list[float] = []
    for _ in range(starts):
        with Session(program.command, program.full_environment()) as session:
            useful = session.wait_for(program.is_useful, 5)
            if useful is not None:
                times.append(useful - session.started)
    return times


def plain_start(command: list[str], starts: int) -> float:
    """Median seconds until a program without a screen has written its line."""
    times: list[float] = []
    for _ in range(starts):
        with Session(command, {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color"}) as session:
            if session.pump(time.monotonic() + 3, lambda arrival: True):
                times.append(session.arrivals[0].at - session.started)
    return median(times)
