"""Adds many jobs fast, for tests and for trying things out, through BullMQ itself.

    python -m foodplatform.jobs --queue NAME --count N [--name check] [--delay-ms D] [--priority P]
"""

from __future__ import annotations

import argparse
import asyncio
import time

from redis.exceptions import RedisError

from . import log, queues
from .settings import Settings

BATCH = 1000


async def add(settings: Settings, options: argparse.Namespace) -> None:
    """In batches of a thousand, each one pipelined transaction."""
    jobs = queues.Queues(settings)
    began = time.monotonic()
    queue = jobs.open(options.queue)
    for start in range(0, options.count, BATCH):
        await queue.addBulk([
            {"name": options.name, "data": {"orderId": 0, "number": number},
             "opts": queues.job_options(delay_ms=options.delay_ms, priority=options.priority)}
            for number in range(start, min(options.count, start + BATCH))])
    await jobs.close()
    log.event("jobs_added", queue=options.queue, count=options.count, seconds=round(time.monotonic() - began, 3))


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 5_000_000:
        raise ValueError
    return number


def main() -> None:
    """Exit status 0 when all were added, 7 when Redis is away."""
    parser = argparse.ArgumentParser(prog="foodplatform.jobs", description="Add many jobs to a queue.")
    parser.add_argument("--queue", required=True)
    parser.add_argument("--count", required=True, type=_count)
    parser.add_argument("--name", default="check")
    parser.add_argument("--delay-ms", type=_count, default=0)
    parser.add_argument("--priority", type=_count, default=0)
    options = parser.parse_args()
    log.start("jobs")
    try:
        asyncio.run(add(Settings.read("jobs"), options))
    except (RedisError, OSError) as error:
        log.event("redis_away", error=log.reason(error))
        raise SystemExit(7) from None


if __name__ == "__main__":
    main()
