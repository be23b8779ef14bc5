"""/health, /version and /metrics-lite: the same for every service, and always the truth of now."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from . import __version__, log
from .faults import Faults

Probe = Callable[[], Awaitable[None]]


class Health:
    """Probes the dependencies when asked, each with its own deadline, and shares an answer for one second."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._started = time.monotonic()
        self._probes: dict[str, tuple[Probe, bool]] = {}
        self._answer: dict[str, Any] = {}
        self._answered = -10.0
        self._asking: asyncio.Future[dict[str, Any]] | None = None
        self.extra: Callable[[dict[str, Any]], dict[str, Any]] = lambda _dependencies: {}

    def depends(self, name: str, probe: Probe, *, needed: bool) -> None:
        """Without a needed dependency the service is down; without another it is degraded."""
        self._probes[name] = (probe, needed)

    async def answer(self) -> dict[str, Any]:
        """The health as JSON. Callers that come together share one round of probes."""
        if time.monotonic() - self._answered < 1.0:
            return self._answer
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._ask())
            self._asking.add_done_callback(lambda _: setattr(self, "_asking", None))
        return await asyncio.shield(self._asking)

    async def _ask(self) -> dict[str, Any]:
        results = await asyncio.gather(*(self._probe(probe) for probe, _ in self._probes.values()))
        dependencies = dict(zip(self._probes, results, strict=True))
        status = "ok"
        for name, (_, needed) in self._probes.items():
            if dependencies[name]["status"] != "ok":
                status = "down" if needed else ("degraded" if status == "ok" else status)
        self._answer = {
            "service": self._service, "version": __version__, "status": status,
            "uptime_seconds": round(time.monotonic() - self._started, 3),
            "dependencies": dependencies, **self.extra(dependencies), "at": log.now()}
        self._answered = time.monotonic()
        return self._answer

    @staticmethod
    async def _probe(probe: Probe) -> dict[str, Any]:
        began = time.monotonic()
        task = asyncio.ensure_future(probe())
        finished, _ = await asyncio.wait({task}, timeout=0.9)
        result: dict[str, Any] = {"status": "ok", "latency_ms": round((time.monotonic() - began) * 1000, 2)}
        if not finished:
            task.cancel()
            task.add_done_callback(lambda t: t.cancelled() or t.exception())
            result |= {"status": "down", "error": "no answer within 0.9 s"}
        elif (error := task.exception()) is not None:
            result |= {"status": "down", "error": log.reason(error)}
        return result


class Metrics:
    """Counters since the start, and the latencies of the last minute."""

    def __init__(self) -> None:
        self._classes = {f"{digit}xx": 0 for digit in range(1, 6)}
        self._recent: deque[tuple[float, float]] = deque(maxlen=10_000)
        self.counters: dict[str, int] = {}

    def note(self, status: int, seconds: float) -> None:
        """One answered request."""
        self._classes[f"{min(max(status // 100, 1), 5)}xx"] += 1
        self._recent.append((time.monotonic(), seconds * 1000))

    def count(self, name: str, by: int = 1) -> None:
        """Something worth counting that is no request."""
        self.counters[name] = self.counters.get(name, 0) + by

    def answer(self, service: str) -> dict[str, Any]:
        """The figures as JSON; p50 and p95 are null while nobody has asked anything for a minute."""
        since = time.monotonic() - 60
        times = sorted(ms for at, ms in self._recent if at >= since)

        def part(share: float) -> float | None:
            return round(times[min(len(times) - 1, int(len(times) * share))], 2) if times else None
        return {"service": service, "requests": self._classes, "last_minute":
                {"requests": len(times), "p50_ms": part(0.5), "p95_ms": part(0.95)},
                "counters": self.counters, "at": log.now()}


def watch(faults: Faults, metrics: Metrics) -> Middleware:
    """Applies the injected faults to every path and measures every answer."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        began = time.monotonic()
        status = 500
        try:
            if delay := faults.number("delay_ms"):
                await asyncio.sleep(delay / 1000)
            if 100 <= (wrong := faults.number("status")) <= 599:
                status = wrong
                return web.json_response({"error": "fault injected"}, status=wrong)
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as error:
            status = error.status
            raise
        except Exception as error:  # noqa: BLE001 - the last net: one bad request must not be a traceback
            log.event("request_failed", method=request.method, path=request.path, error=log.reason(error))
            return web.json_response({"error": "internal error"}, status=500)
        finally:
            metrics.note(status, time.monotonic() - began)
    return around
