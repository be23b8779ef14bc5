"""The BullMQ workers of one process: started, stopped on request, and started again after a loss."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from bullmq import Job, Worker  # type: ignore[import-untyped]

from . import log, queues
from .work import Work

Handler = Callable[[Work, Job], Awaitable[str]]


class Consumer:
    """One worker on one queue. It blocks on the queue's marker: nothing is polled."""

    def __init__(self, work: Work, queue: str, handler: Handler, concurrency: int) -> None:
        self._work = work
        self._queue = queue
        self._handler = handler
        self._concurrency = concurrency
        self._worker: Any = None
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        """For /health."""
        if self._task is None:
            return "stopped"
        return "running" if self._worker is not None and self._worker.running else "connecting"

    def start(self) -> None:
        """Take jobs from now on, and go on trying while Redis is away."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Finish what is in hand if that takes a moment only; the rest is found stalled and done again."""
        task, worker, self._task = self._task, self._worker, None
        if worker is not None:
            worker.closing = True
            for _ in range(14):
                if not worker.jobs:
                    break
                await asyncio.sleep(0.05)
            try:
                await asyncio.wait_for(worker.close(force=True), 0.2)
            except Exception as error:  # noqa: BLE001 - it is over either way
                log.event("worker_close", queue=self._queue, error=log.reason(error))
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=0.1)
        self._worker = None

    async def _run(self) -> None:
        pause = 0.2
        while True:
            client = queues.connect(self._work.settings, answer_within=20.0)
            self._worker = Worker(self._queue, self._process, {
                "connection": client, "prefix": self._work.settings.bull_prefix, "autorun": False,
                "name": f"{self._work.settings.service}-{self._queue}", "concurrency": self._concurrency,
                "runRetryDelay": 500, "metrics": {"maxDataPoints": 1440}})
            self._worker.on("error", self._error)
            self._worker.on("failed", self._failed)
            try:
                await self._worker.run()
                pause = 0.2
            except Exception as error:  # noqa: BLE001 - Redis is away: say so and try again
                self._error(error)
            await client.aclose()
            await asyncio.sleep(pause * random.uniform(0.7, 1.0))
            pause = min(pause * 2, 2.0)

    async def _process(self, job: Job, _token: str) -> str:
        # jobs of the `jobs` tool stand for load, not for work
        result = "checked" if job.name == "check" else await self._handler(self._work, job)
        self._work.metrics.count(f"{self._queue}_done")
        return result

    def _failed(self, job: Job, error: BaseException) -> None:
        self._work.metrics.count(f"{self._queue}_failed")
        log.event("job_failed", queue=self._queue, job=job.id, name=job.name, attempt=job.attemptsMade,
                  error=log.reason(error))

    def _error(self, error: BaseException, *_: object) -> None:
        log.event("worker_error", queue=self._queue, error=log.reason(error))
