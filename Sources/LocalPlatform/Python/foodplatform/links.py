"""The network between the databases, so that it can be cut and slowed: one TCP proxy per link.

LINKS="name=listenport:targetport,…". `link-<name>.json` in the faults folder: {"cut": true} closes the
connections and refuses new ones; {"delay_ms": 3000} holds back what flows from the target (the primary)
to whoever connected (the replica).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque

from . import log, service
from .faults import Faults
from .settings import Settings

CHUNK = 256 * 1024
HELD_BACK = 64 * 1024 * 1024


class Link:
    """One link and its connections."""

    def __init__(self, name: str, port: int, target: int, faults: Faults) -> None:
        self.name, self._port, self._target, self._faults = name, port, target, faults
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._taken = False

    async def follow(self) -> None:
        """Listen or not, as the fault says; called every 200 ms."""
        cut = self._faults.flag("cut")
        if cut and self._server is not None:
            self._server.close()
            self._server = None
            for task in self._connections:
                task.cancel()
            log.event("link_cut", link=self.name)
        elif not cut and self._server is None:
            try:
                self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
                log.event("link_open", link=self.name, port=self._port, target=self._target)
                self._taken = False
            except OSError as error:
                if not self._taken:
                    log.event("port_taken", link=self.name, port=self._port, error=log.reason(error))
                self._taken = True

    def close(self) -> None:
        """End everything."""
        if self._server is not None:
            self._server.close()
        for task in self._connections:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        far: asyncio.StreamWriter | None = None
        try:
            far_reader, far_writer = await asyncio.wait_for(
                asyncio.open_connection("127.0.0.1", self._target, limit=CHUNK), 2.0)
            far = far_writer
            both = {asyncio.ensure_future(self._pump(reader, far_writer)),
                    asyncio.ensure_future(self._pump_late(far_reader, writer))}
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in both:
                    one.cancel()
        except (OSError, asyncio.TimeoutError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            for end in (writer, far):
                if end is not None:
                    end.transport.abort()

    @staticmethod
    async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()

    async def _pump_late(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Each piece is due `delay` after it came, in order; while nothing is delayed it passes straight on."""
        held: deque[tuple[float, bytes]] = deque()
        room = asyncio.Event()
        room.set()
        more = asyncio.Event()
        size = 0
        over = False

        async def take() -> None:
            nonlocal size, over
            while data := await reader.read(CHUNK):
                held.append((time.monotonic(), data))
                size += len(data)
                more.set()
                if size > HELD_BACK:
                    room.clear()
                await room.wait()
            over = True
            more.set()
        taking = asyncio.ensure_future(take())
        try:
            while True:
                while not held:
                    if over or taking.done():
                        return
                    more.clear()
                    await more.wait()
                came, data = held[0]
                # looked at again at each turn, so that healing lets everything through at once
                wait = came + self._faults.number("delay_ms") / 1000 - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(min(wait, 0.2))
                    continue
                held.popleft()
                size -= len(data)
                room.set()
                writer.write(data)
                await writer.drain()
        finally:
            taking.cancel()


def parse(text: str) -> list[tuple[str, int, int]]:
    """The links of the environment variable."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        match = re.fullmatch(r"([A-Za-z0-9-]+)=(\d{1,5}):(\d{1,5})", part)
        if match is None:
            raise SystemExit(f"LINKS: {part!r} is not name=listenport:targetport")
        found.append((match[1], int(match[2]), int(match[3])))
    return found


async def main(settings: Settings) -> None:
    """Pass bytes on until told to end."""
    links = [Link(name, port, target, Faults(settings.faults_folder, f"link-{name}"))
             for name, port, target in parse(settings.links)]

    async def follow_faults() -> None:
        for link in links:
            await link.follow()
    await service.every(0.2, follow_faults)
    for link in links:
        link.close()


if __name__ == "__main__":
    service.run("links", main)
