"""A slow line between the program and the person: so many bytes a second, so long a round trip."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

_PIECE = 32


@dataclass
class Link:
    """Bytes leave one after the other at `rate` and arrive half a round trip later. At most `room` bytes
    wait in it, as in the buffers of a connection: then the program is no longer read from."""

    rate: float
    round_trip: float
    room: int = 65_536
    free_at: float = 0.0
    _flying: deque[tuple[float, bytes]] = field(default_factory=deque)

    def backlog(self, now: float) -> float:
        """Seconds until a byte written now would begin to leave."""
        return max(0.0, self.free_at - now)

    def accepts(self, now: float) -> int:
        return max(0, self.room - int(self.backlog(now) * self.rate))

    def send(self, data: bytes, now: float) -> None:
        for at in range(0, len(data), _PIECE):
            piece = data[at : at + _PIECE]
            self.free_at = max(self.free_at, now) + len(piece) / self.rate
            self._flying.append((self.free_at + self.round_trip / 2, piece))

    def arrived(self, now: float) -> list[tuple[float, bytes]]:
        pieces: list[tuple[float, bytes]] = []
        while self._flying and self._flying[0][0] <= now:
            pieces.append(self._flying.popleft())
        return pieces

    def next_arrival(self) -> float | None:
        return self._flying[0][0] if self._flying else None
