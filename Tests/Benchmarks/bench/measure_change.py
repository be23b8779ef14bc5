"""From the platform's own word that an order changed to that order on the screen."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import time

from .floor import Floor
from .local import LocalPlatform
from .session import Session

_CHANNEL = "galley_orders"


def changes(session: Session, platform: LocalPlatform, floor: Floor, count: int, limit: float) -> list[float]:
    """Seconds from the notification of a new order to its number on the screen; 5 s when it never came.

    The session shows the newest orders. Orders come from whoever uses the platform: nothing is placed here."""
    primary, listener = platform.primary(), floor.program("listen")
    if not primary or not listener:
        return []
    process = subprocess.Popen(
        [listener, _CHANNEL],
        env=os.environ | platform.connection(primary),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    try:
        return _follow(session, process.stdout.fileno(), count, time.monotonic() + limit)
    finally:
        process.kill()
        process.wait()


def _follow(session: Session, told: int, count: int, end: float) -> list[float]:
    newest = _newest(session)
    waiting: dict[int, float] = {}
    delays: list[float] = []
    pending = b""
    while time.monotonic() < end and len(delays) < count and session.is_running:
        arrival = session.pump(time.monotonic() + 0.01, lambda arrival: arrival.changed)
        if select.select([told], [], [], 0)[0]:
            pending += os.read(told, 65_536)
            *lines, pending = pending.split(b"\n")
            for line in lines:
                at, _, payload = line.partition(b" ")
                for number in json.loads(payload).get("ids", []):
                    if number > newest:
                        newest = number
                        waiting[number] = int(at) / 1e9
        if not waiting:
            continue
        shown = session.screen.text() if arrival else ""
        for number, told_at in list(waiting.items()):
            if arrival and re.search(rf"\b{number}\b", shown):
                delays.append(max(0.0, arrival.at - told_at))
                del waiting[number]
            elif time.monotonic() - told_at > 5:
                delays.append(5.0)
                del waiting[number]
    return delays


def _newest(session: Session) -> int:
    numbers = re.findall(r"(?m)^[^\w\n]*(\d{1,9})\s", session.screen.text())
    return max((int(number) for number in numbers), default=0)
