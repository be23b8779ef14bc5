"""Redis and the BullMQ queues: their names, how a job is added, how long finished ones are kept."""

from __future__ import annotations

from typing import Any

from bullmq import Queue  # type: ignore[import-untyped]
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from .settings import Settings

ORDERS = "orders"
SUPPLIERS = "suppliers"
WEBHOOKS = "webhooks"
NOTIFICATIONS = "notifications"
AGENTS = "agents"
ALL = (ORDERS, SUPPLIERS, WEBHOOKS, NOTIFICATIONS, AGENTS)

KEEP = 1000


def connect(settings: Settings, answer_within: float) -> Redis:
    """A client whose pool opens connections as needed. BullMQ's own default would retry for minutes."""
    return Redis(
        host=settings.redis_host, port=settings.redis_port, username=settings.redis_username,
        password=settings.redis_password, decode_responses=True, client_name=settings.service,
        socket_connect_timeout=1.0, socket_timeout=answer_within,
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.05), 1),
        retry_on_error=[RedisConnectionError, RedisTimeoutError])


class Queues:
    """All queues of the platform, over one client."""

    def __init__(self, settings: Settings) -> None:
        self._client = connect(settings, answer_within=2.0)
        self._prefix = settings.bull_prefix
        self._open: dict[str, Queue] = {}

    def open(self, name: str) -> Queue:
        """The queue of that name."""
        if name not in self._open:
            self._open[name] = Queue(name, {"connection": self._client, "prefix": self._prefix})
        return self._open[name]

    async def add(self, queue: str, name: str, data: dict[str, Any], *, job_id: str | None = None,
                  delay_ms: int = 0, priority: int = 0) -> str:
        """Add one job. The same `job_id` twice is one job, which makes adding safe to repeat."""
        options = job_options(job_id, delay_ms, priority)
        job = await self.open(queue).add(name, data, options)
        return str(job.id)

    async def states(self, jobs: list[tuple[str, str]]) -> list[str | None]:
        """The state of each (queue, job id); none for a job that is not there. Two round trips, however many."""
        async with self._client.pipeline(transaction=False) as line:
            for queue, job in jobs:
                line.exists(f"{self._prefix}:{queue}:{job}")
            there = await line.execute()
        return [await self.open(queue).getJobState(job) if known else None
                for (queue, job), known in zip(jobs, there, strict=True)]

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()


def job_options(job_id: str | None = None, delay_ms: int = 0, priority: int = 0) -> dict[str, Any]:
    """Four attempts with growing pauses, and a bounded memory of what is finished."""
    options: dict[str, Any] = {
        "attempts": 4, "backoff": {"type": "exponential", "delay": 1000},
        "removeOnComplete": {"count": KEEP}, "removeOnFail": {"count": KEEP}}
    if job_id:
        options["jobId"] = job_id
    if delay_ms > 0:
        options["delay"] = delay_ms
    if priority > 0:
        options["priority"] = priority
    return options
