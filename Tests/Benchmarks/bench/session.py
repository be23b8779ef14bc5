"""A program on a pseudo-terminal of its own: what it writes, when, and what the screen then shows."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from .link import Link
from .screen import Frame, Screen

# Output with a pause of this length before it belongs to another frame.
FRAME_GAP = 0.008


@dataclass(frozen=True)
class Arrival:
    at: float
    bytes: int
    changed: bool


class Session:
    """Use as a context manager: the program is ended and reaped on the way out."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        columns: int = 80,
        rows: int = 24,
        link: Link | None = None,
    ) -> None:
        self.screen = Screen(columns, rows)
        self.link = link
        self.arrivals: list[Arrival] = []
        self.frames: list[Frame] = []
        self.on_frame: Callable[[Frame], None] | None = None
        self.exit_status: int | None = None
        self._keys: list[tuple[float, bytes]] = []
        self._closed = False
        self._master, slave = pty.openpty()
        name = os.ttyname(slave)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.set_blocking(self._master, False)
        self.started = time.monotonic()
        # A session leader that opens a terminal makes it its own.
        self.pid = os.posix_spawn(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, 0, 2),
            ],
            setsid=True,
            setsigmask=[],
            setsigdef=[signal.SIGINT, signal.SIGPIPE],
        )
        self._slave = slave

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def press(self, keys: bytes) -> float:
        if not self.screen.application_keys:
            keys = keys.replace(b"\x1bO", b"\x1b[")
        now = time.monotonic()
        if self.link:
            self._keys.append((now + self.link.round_trip / 2, keys))
        else:
            self._write(keys)
        return now

    def pump(self, until: float, stop: Callable[[Arrival], bool] | None = None) -> Arrival | None:
        """Takes output until a time, or until `stop` says that the newest arrival was awaited."""
        while True:
            now = time.monotonic()
            for arrival in self._turn(until, now):
                if stop and stop(arrival):
                    return arrival
            if self._closed or time.monotonic() >= until:
                return None

    def settle(self, quiet: float, limit: float) -> float | None:
        """Waits for a pause in the output; the time of its last change, or None when there was none."""
        last: float | None = None
        end = time.monotonic() + limit
        quiet_at = time.monotonic() + quiet
        while (now := time.monotonic()) < min(end, quiet_at) and not self._closed:
            arrival = self.pump(min(end, quiet_at), lambda _: True)
            if arrival:
                quiet_at = max(now, arrival.at) + quiet
                last = arrival.at if arrival.changed else last
        return last

    def wait_for(self, condition: Callable[[Screen], bool], limit: float) -> float | None:
        """When the condition came true, or None."""
        if condition(self.screen):
            return time.monotonic()
        found = self.pump(time.monotonic() + limit, lambda _: condition(self.screen))
        return found.at if found else None

    def bytes_since(self, start: float) -> int:
        return sum(arrival.bytes for arrival in self.arrivals if arrival.at >= start)

    @property
    def is_running(self) -> bool:
        return self.exit_status is None and not self._reap()

    def close(self) -> None:
        """Asks the program to end, then makes it end."""
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1
        for number, patience in ((signal.SIGTERM, 1.5), (signal.SIGKILL, 1.5)):
            if not self.is_running:
                break
            os.kill(self.pid, number)
            end = time.monotonic() + patience
            while self.is_running and time.monotonic() < end:
                self._drain()
                time.sleep(0.005)
        self._closed = True
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def _reap(self) -> bool:
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return False
        self.exit_status = os.waitstatus_to_exitcode(status)
        return True

    def _drain(self) -> None:
        try:
            os.read(self._master, 65_536)
        except OSError:
            pass

    def _write(self, data: bytes) -> None:
        try:
            os.write(self._master, data)
        except (BlockingIOError, OSError):
            pass

    def _turn(self, until: float, now: float) -> list[Arrival]:
        wake = until
        for moment in [at for at, _ in self._keys] + ([self.link.next_arrival() or until] if self.link else []):
            wake = min(wake, moment)
        room = self.link.accepts(now) if self.link else 65_536
        ready = select.select([self._master] if room else [], [], [], max(0.0, min(wake - now, 0.05)))[0]
        now = time.monotonic()
        data = self._read(room) if ready else b""
        arrived = self._through_link(data, now) if self.link else [(now, data)] if data else []
        due = [keys for at, keys in self._keys if at <= now]
        self._keys = [(at, keys) for at, keys in self._keys if at > now]
        for keys in due:
            self._write(keys)
        return [self._take(at, piece) for at, piece in arrived]

    def _through_link(self, data: bytes, now: float) -> list[tuple[float, bytes]]:
        assert self.link
        if data:
            self.link.send(data, now)
        return self.link.arrived(now)

    def _read(self, room: int) -> bytes:
        try:
            data = os.read(self._master, min(room, 65_536))
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._closed = True
        elif self._slave >= 0:
            # The program has the terminal now: its end is seen once nobody else holds it.
            os.close(self._slave)
            self._slave = -1
        return data

    def _take(self, at: float, data: bytes) -> Arrival:
        if self.arrivals and at - self.arrivals[-1].at > FRAME_GAP and self.screen.frame.bytes:
            self.end_frame()
        changed = self.screen.feed(data)
        arrival = Arrival(at, len(data), changed)
        self.arrivals.append(arrival)
        while self.screen.replies:
            self.press(self.screen.replies.pop(0))
        return arrival

    def end_frame(self) -> None:
        frame = self.screen.end_frame()
        if frame.bytes == 0:
            return
        self.frames.append(frame)
        if self.on_frame:
            self.on_frame(frame)
