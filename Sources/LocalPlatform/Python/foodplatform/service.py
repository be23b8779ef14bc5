"""What every HTTP service shares: its port on loopback, its fixed paths, and a clean end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

from aiohttp import web
from redis.asyncio import Redis

from . import __version__, log, queues
from .database import Connection, Database
from .faults import Faults
from .health import Health, Metrics, watch
from .settings import Settings


class Service:
    """One aiohttp application with /health, /version, /metrics-lite and its dependencies."""

    def __init__(self, settings: Settings, most_bytes: int = 1 << 20) -> None:
        self.settings = settings
        self.faults = Faults(settings.faults_folder, settings.service)
        self.metrics = Metrics()
        self.health = Health(settings.service)
        self.app = web.Application(middlewares=[watch(self.faults, self.metrics)], client_max_size=most_bytes)
        self.app.router.add_get("/health", self._health)
        self.app.router.add_get("/version", self._version)
        self.app.router.add_get("/metrics-lite", self._metrics)
        self._closers: list[Callable[[], Awaitable[None]]] = []
        self._first: list[Callable[[], Awaitable[None]]] = []

    def use_postgres(self, size: int = 4) -> Database:
        """A database for the service's work, and a connection of its own for the probe.

        Were the probe to share the pool, a busy service would call its database dead.
        """
        database = Database(f"foodplatform {self.settings.service}", size)
        probing = Database(f"foodplatform {self.settings.service} health", 1)

        async def ask(connection: Connection) -> None:
            await connection.execute("SELECT 1")

        async def probe() -> None:
            await probing.run(ask, deadline=0.85)
        self.health.depends("postgres", probe, needed=True)
        self._closers += [database.close, probing.close]
        return database

    def use_redis(self, *, needed: bool = True) -> Redis:
        """A client for the probe; the queues have their own."""
        client = queues.connect(self.settings, answer_within=0.8)

        async def probe() -> None:
            await cast(Awaitable[Any], client.ping())
        self.health.depends("redis", probe, needed=needed)
        self._closers.append(client.aclose)
        return client

    def on_close(self, closer: Callable[[], Awaitable[None]]) -> None:
        """Something to let go of at the end."""
        self._closers.append(closer)

    def first_close(self, closer: Callable[[], Awaitable[None]]) -> None:
        """Something to end while everything else still works."""
        self._first.append(closer)

    async def _health(self, _: web.Request) -> web.Response:
        answer = await self.health.answer()
        return web.json_response(answer, status=503 if answer["status"] == "down" else 200)

    async def _version(self, _: web.Request) -> web.Response:
        return web.json_response({"service": self.settings.service, "version": __version__, "contract": 1})

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.json_response(self.metrics.answer(self.settings.service))

    async def serve(self) -> None:
        """Answer until told to end. A taken port is the one thing that ends a service by itself."""
        runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5, handle_signals=False)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.settings.port, backlog=128).start()
        except OSError as error:
            log.event("port_taken", port=self.settings.port, error=log.reason(error))
            raise SystemExit(1) from None
        log.event("started", port=self.settings.port)
        await ended()
        # Never longer than the supervisor waits, whatever hangs: 1.4 s at most.
        await together(runner.cleanup(), *(close() for close in self._first), within=1.1)
        await together(*(close() for close in self._closers), within=0.3)


_end: asyncio.Event | None = None


async def ended() -> None:
    """Returns when the process was told to end."""
    assert _end is not None
    await _end.wait()


def run(name: str, main: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Start a process: settings, log, signals; exit status 0 when it was told to end."""
    settings = Settings.read(name)
    log.start(settings.service)

    async def body() -> None:
        global _end
        _end = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, _end.set)
        await main(settings)
        log.event("ended")
    try:
        asyncio.new_event_loop().run_until_complete(body())
    except SystemExit as refused:
        if isinstance(refused.code, str):
            log.event("refused", error=refused.code)
        _leave(refused.code if isinstance(refused.code, int) else 1)
    _leave(0)


def _leave(status: int) -> None:
    """End now: a thread or a task that still hangs on a frozen server must not keep the process."""
    sys.stderr.flush()
    os._exit(status)


async def together(*work: Awaitable[None], within: float = 1.3) -> None:
    """Let several things end at once, for a while; what still hangs is left to the process's end."""
    tasks = [asyncio.ensure_future(_quietly(one)) for one in work]
    if tasks:
        await asyncio.wait(tasks, timeout=within)


async def _quietly(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - ending: nobody is left to tell
        log.event("close_failed", error=log.reason(error))


async def every(seconds: float, what: Callable[[], Awaitable[object]]) -> None:
    """Repeat until the end; a failure is logged once per spell and never ends the repetition."""
    assert _end is not None
    failing = False
    while not _end.is_set():
        try:
            await what()
            failing = False
        except Exception as error:  # noqa: BLE001 - a background duty outlives its dependencies
            if not failing:
                log.event("duty_failed", duty=getattr(what, "__name__", "?"), error=log.reason(error))
            failing = True
        try:
            await asyncio.wait_for(_end.wait(), seconds)
        except asyncio.TimeoutError:
            pass


def background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A duty beside the requests."""
    return asyncio.get_running_loop().create_task(work)


def folding(database: Database) -> Callable[[], Awaitable[None]]:
    """The duty of adding up the order counters; whichever service does it first saves the others the work."""
    async def work(connection: Connection) -> None:
        await connection.execute("SELECT platform.fold_order_deltas()")

    async def fold_order_deltas() -> None:
        await database.run(work)
    return fold_order_deltas
