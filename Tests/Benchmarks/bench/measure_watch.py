"""A program that is only looked at: bytes, flicker, memory, processor time."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .encoding import Pen, smallest_encoding
from .processes import cpu_seconds_exact, memory_mb, threads
from .screen import Frame
from .session import Session


@dataclass(frozen=True)
class Watch:
    seconds: float
    bytes_per_second: float
    smallest_per_second: float
    frames: int
    flickering: int
    cpu_per_minute: float
    memory: float
    memory_growth: float
    threads: int

    @property
    def ratio(self) -> float:
        return self.bytes_per_second / self.smallest_per_second if self.smallest_per_second else float("nan")


def watch(session: Session, seconds: float) -> Watch:
    """Looks at a program that has settled."""
    session.end_frame()
    smallest = 0
    screen = session.screen
    seen, pen = screen.snapshot(), Pen(screen.row, screen.column, screen.style_text)

    def count(frame: Frame) -> None:
        nonlocal smallest, seen, pen
        now = screen.snapshot()
        # What was written is itself a way to write it, and with a scroll perhaps a shorter one.
        smallest += min(smallest_encoding(seen, now, pen), frame.bytes)
        seen, pen = now, Pen(screen.row, screen.column, screen.style_text)

    frames_before = len(session.frames)
    session.on_frame = count
    begun = time.monotonic()
    cpu, memory = cpu_seconds_exact(session.pid), memory_mb(session.pid)
    arrivals = len(session.arrivals)
    session.pump(begun + seconds)
    session.end_frame()
    session.on_frame = None
    passed = time.monotonic() - begun
    frames = session.frames[frames_before:]
    return Watch(
        seconds=passed,
        bytes_per_second=sum(arrival.bytes for arrival in session.arrivals[arrivals:]) / passed,
        smallest_per_second=smallest / passed,
        frames=len(frames),
        flickering=sum(1 for frame in frames if frame.flickered),
        cpu_per_minute=(cpu_seconds_exact(session.pid) - cpu) / passed * 60,
        memory=memory_mb(session.pid),
        memory_growth=memory_mb(session.pid) - memory,
        threads=threads(session.pid),
    )
