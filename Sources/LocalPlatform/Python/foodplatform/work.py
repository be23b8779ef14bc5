"""What every job handler works with, and how it fails on purpose now and then."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

import aiohttp
from bullmq import Job  # type: ignore[import-untyped]

from . import moves, queues
from .database import Connection, Database
from .faults import Faults
from .health import Metrics
from .refusals import Refusal
from .settings import Settings
from .tokens import Identity

WORKER = Identity("worker", "service", frozenset({"*"}))


@dataclass(frozen=True)
class Work:
    """The worker's tools."""

    settings: Settings
    database: Database
    jobs: queues.Queues
    http: aiohttp.ClientSession
    metrics: Metrics
    faults: Faults

    async def order(self, order_id: int) -> dict[str, Any] | None:
        """The order as it is now."""
        async def work(connection: Connection) -> dict[str, Any] | None:
            cursor = await connection.execute(
                "SELECT o.*, (SELECT e.actor_role FROM platform.order_events AS e WHERE e.order_id = o.id"
                " AND e.move = 'hold' ORDER BY e.id DESC LIMIT 1) AS held_by_role"
                " FROM platform.orders AS o WHERE o.id = %s", (order_id,))
            return await cursor.fetchone()
        return await self.database.run(work)

    async def move(self, order_id: int, name: str, *, version: int | None = None, detail: str = "") -> dict[str, Any]:
        """Make a move as the worker."""
        return await self.database.run(
            lambda c: moves.move(c, moves.Act(WORKER, order_id, version, detail=detail), name))

    async def notify(self, kind: str, order_id: int) -> None:
        """Queue a message to people; one per order and kind."""
        await self.jobs.add(queues.NOTIFICATIONS, kind, {"orderId": order_id}, job_id=f"order-{order_id}-tell-{kind}")


def order_id(job: Job) -> int:
    """The order that a job is about."""
    found = job.data.get("orderId") if isinstance(job.data, dict) else None
    if not isinstance(found, int):
        raise Refusal("BAD_JOB", "the job names no order")
    return found


async def effort(job: Job, shortest: float, longest: float, failing: float = 0.01, what: str = "") -> None:
    """Take the time such work takes, and fail its first attempt as often as such work fails."""
    await asyncio.sleep(random.uniform(shortest, longest))
    if job.attemptsMade == 0 and random.random() < failing:
        raise TimeoutError(what or "a dependency did not answer in time")
