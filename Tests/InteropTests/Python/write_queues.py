"""Fills queues through BullMQ's official Python port and prints, as one JSON object, what is to be read of them.

Usage: write_queues.py SCENARIO HOST PORT PASSWORD PREFIX [QUEUE]

It runs with several releases of the port, each of which writes the layout of another BullMQ: their constructors
differ, which `queue` and `worker` even out. Wherever the release can count by itself, the counts printed are its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import inspect
import json
import os
import sys
import time
from typing import Any

import bullmq

SCENARIO, HOST, PORT, PASSWORD, PREFIX = sys.argv[1:6]
# A queue of another name, with the hash tag that a cluster wants.
NAME = sys.argv[6] if len(sys.argv) > 6 else SCENARIO
CONNECTION = {"host": HOST, "port": int(PORT), "password": PASSWORD or None}
MAJOR = int(importlib.metadata.version("bullmq").split(".")[0])
STATES = ("waiting", "prioritized", "active", "delayed", "completed", "failed", "waiting-children")


def queue(name: str) -> Any:
    """A queue, by whatever constructor this release has."""
    if len(inspect.signature(bullmq.Queue.__init__).parameters) == 4:
        return bullmq.Queue(name, CONNECTION, {"prefix": PREFIX})
    return bullmq.Queue(name, {"connection": CONNECTION, "prefix": PREFIX})


def worker(name: str, process: Any, **options: Any) -> Any:
    """A worker that starts by itself."""
    return bullmq.Worker(name, process, {"connection": CONNECTION, "prefix": PREFIX, "name": "interop", **options})


async def counts(of: Any) -> dict[str, int] | None:
    """What BullMQ counts itself; nothing from a release that cannot."""
    if not hasattr(of, "getJobCounts"):
        return None
    told = await of.getJobCounts("wait", "paused", *(state for state in STATES if state != "waiting"))
    told["waiting"] = sum(told.get(name, 0) for name in ("waiting", "wait", "paused"))
    return {state: int(told.get(state, 0)) for state in STATES}


async def until(condition: Any) -> None:
    """Wait for a condition; fail when it does not come true."""
    end = time.monotonic() + 60
    while not await condition():
        if time.monotonic() > end:
            raise TimeoutError("the condition did not come true")
        await asyncio.sleep(0.02)


async def size(of: Any, suffix: str) -> int:
    """Entries of one of a queue's sorted sets or lists."""
    key = f"{PREFIX}:{of.name}:{suffix}"
    return int(await (of.client.llen(key) if suffix in ("wait", "active", "paused") else of.client.zcard(key)))


async def stop(one: Any) -> None:
    """End a worker. Old releases leave their loop behind, and stumble when it finds its connection closed."""
    with contextlib.suppress(Exception):
        await asyncio.wait_for(one.close(force=True), 5)


async def standing() -> dict[str, Any]:
    """Jobs that wait in each way in which a job can wait, and one that was removed again."""
    jobs = queue(NAME)
    for number in range(5):
        await jobs.add("plain", {"number": number}, {"attempts": 4})
    await jobs.add("later", {"when": "in ten minutes"}, {"delay": 600_000})
    for priority in (7, 2):
        await jobs.add("urgent", {"priority": priority}, {"priority": priority})
    gone = await jobs.add("gone", {})
    if hasattr(jobs, "remove"):
        await jobs.remove(gone.id)
    else:
        await jobs.client.lrem(f"{PREFIX}:{NAME}:wait", 0, gone.id)
        await jobs.client.delete(f"{PREFIX}:{NAME}:{gone.id}")
    told = await counts(jobs)
    await jobs.close()
    return {NAME: told}


async def paused() -> dict[str, Any]:
    """A queue that was paused with work in it, and got more while it was paused."""
    jobs = queue("paused")
    for number in range(3):
        await jobs.add("before", {"number": number})
    await jobs.pause()
    await jobs.add("after", {})
    told = await counts(jobs)
    await jobs.close()
    return {"paused": told}


async def worked() -> dict[str, Any]:
    """Jobs that a worker completed, failed for good, and failed to try again later."""
    jobs = queue("worked")

    async def process(job: Any, token: str) -> str:
        if job.name == "bad":
            raise ValueError("no such supplier: \u001b[31mACME\u001b[0m")
        return "done"

    finished = 0

    async def over() -> bool:
        return sum([await size(jobs, state) for state in ("completed", "failed", "delayed")]) == finished

    todo: list[tuple[str, dict[str, Any]]] = [("good", {"removeOnComplete": False})] * 3 + [("bad", {"attempts": 1})]
    # Another attempt after a pause: the releases before 2 stumble over it.
    if MAJOR >= 2:
        todo.append(("bad", {"attempts": 3, "backoff": 600_000}))
    # One at a time with a worker of its own: those of the first release end when nothing waits.
    for name, options in todo:
        await jobs.add(name, {"number": finished}, options)
        finished += 1
        one = worker("worked", process)
        await until(over)
        await stop(one)
    told = await counts(jobs)
    await jobs.close()
    return {"worked": told}


async def abandoned() -> dict[str, Any]:
    """Active jobs whose worker dies as by a power cut: their locks run out after two seconds."""
    jobs = queue("abandoned")
    for number in range(3):
        await jobs.add("slow", {"number": number})

    async def process(job: Any, token: str) -> None:
        await asyncio.sleep(3600)

    # The first release takes one at a time.
    together = 2 if MAJOR >= 1 else 1
    worker("abandoned", process, concurrency=together, lockDuration=2000, stalledInterval=600_000)

    async def taken() -> bool:
        return await size(jobs, "active") == together

    await until(taken)
    return {"abandoned": await counts(jobs)}


async def limited() -> dict[str, Any]:
    """A worker that may do one job a minute, and has done it."""
    jobs = queue("limited")

    async def process(job: Any, token: str) -> None:
        return None

    for number in range(4):
        await jobs.add("slowly", {"number": number})
    one = worker("limited", process, limiter={"max": 1, "duration": 60_000})

    async def over() -> bool:
        return await size(jobs, "completed") == 1

    await until(over)
    await stop(one)
    told = await counts(jobs)
    await jobs.close()
    return {"limited": told}


async def family() -> dict[str, Any]:
    """A parent that waits for its two children in another queue."""
    producer = bullmq.FlowProducer(CONNECTION, {"prefix": PREFIX})
    children = [{"name": "child", "queueName": "children", "data": {"number": number}} for number in range(2)]
    await producer.add({"name": "parent", "queueName": "parents", "data": {}, "children": children})
    told = {}
    for name in ("parents", "children"):
        jobs = queue(name)
        told[name] = await counts(jobs)
        await jobs.close()
    await producer.close()
    return told


async def hostile() -> dict[str, Any]:
    """Data that BullMQ takes without a word: huge, with control characters, with half a surrogate pair, deeply nested."""
    jobs = queue("hostile")
    nested: Any = 0
    for _ in range(400):
        nested = [nested]
    await jobs.add("huge", {"text": "x" * (3 << 20)})
    await jobs.add("large", {"text": "\u00e4" * 100_000})
    await jobs.add("controls", {"text": "\u001b]0;owned\u0007\u0000\u202eevil\u200b"})
    await jobs.add("nested", {"list": nested})
    await jobs.add("n" * 100_000, {})
    await jobs.add("options", {}, {"attempts": 2**62, "padding": "o" * 200_000})
    told = await counts(jobs)
    await jobs.close()
    return {"hostile": told}


async def flowing() -> dict[str, Any]:
    """A job every 50 ms and a worker that does it, until somebody ends this: for rates and workers."""
    jobs = queue("flowing")

    async def process(job: Any, token: str) -> None:
        return None

    worker("flowing", process)
    while True:
        await jobs.add("tick", {}, {"removeOnComplete": True})
        await asyncio.sleep(0.05)


print(json.dumps(asyncio.run(globals()[SCENARIO]())), flush=True)
# Old releases leave tasks and connections behind; a worker that was abandoned must not say goodbye either.
os._exit(0)
