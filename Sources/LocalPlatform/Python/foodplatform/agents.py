"""The agents: LangGraph graphs about orders, fed by the queue `agents`, with an HTTP face for /health.

LangGraph takes a second to load. It is loaded beside the answering of /health, so that the platform does not
wait for it; until then the queue's state is "connecting".
"""

from __future__ import annotations

import asyncio
import importlib
import random
from typing import Any

import aiohttp
from bullmq import Job  # type: ignore[import-untyped]

from . import log, queues, service
from .agent_orders import Orders
from .consumers import Consumer, Handler
from .settings import Settings
from .work import Work

PRUNE_SECONDS = 300


async def main(settings: Settings) -> None:
    """Work until told to end."""
    here = service.Service(settings)
    database = here.use_postgres(size=3)
    here.use_redis()
    jobs = queues.Queues(settings)
    http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
    work = Work(settings, database, jobs, http, here.metrics)
    store: Any = None
    handler: asyncio.Future[Handler] = asyncio.get_running_loop().create_future()

    async def handle(work: Work, job: Job) -> str:
        """Jobs are taken from the start, and wait here for the graphs: nobody shall think that no worker is there."""
        return await (await asyncio.shield(handler))(work, job)
    consumer = Consumer(work, queues.AGENTS, handle, 4)

    def states(dependencies: dict[str, Any]) -> dict[str, Any]:
        ready = handler.done() and dependencies["redis"]["status"] == "ok"
        return {"workers": {queues.AGENTS: consumer.state if ready else "connecting"}}
    here.health.extra = states

    async def begin() -> None:
        """Load the graphs and open their store; a database that is away is asked again."""
        nonlocal store
        loop = asyncio.get_running_loop()
        modules = [await loop.run_in_executor(None, importlib.import_module, f"foodplatform.{name}")
                   for name in ("agent_store", "agent_graphs", "agent_runs")]
        store_module, graphs_module, runs_module = modules
        opening = store_module.Store(settings.service)
        pause = 0.5
        while True:
            try:
                await opening.open()
                break
            except Exception as error:  # noqa: BLE001 - whatever it is, the store is needed
                log.event("store_away", error=log.reason(error))
                await asyncio.sleep(pause * random.uniform(0.7, 1.0))
                pause = min(pause * 2, 10.0)
        store = opening
        graphs = graphs_module.Graphs(Orders(database), here.faults).build(store.saver)
        handler.set_result(runs_module.Runs(graphs).handle)
        log.event("graphs_ready", graphs=sorted(graphs))

    async def prune() -> None:
        if store is not None:
            await store.prune()
    consumer.start()
    duties = [service.background(begin()), service.background(service.every(PRUNE_SECONDS, prune))]

    async def close() -> None:
        if store is not None:
            await store.close()
    here.on_close(http.close)
    here.on_close(jobs.close)
    here.on_close(close)

    async def stop() -> None:
        for duty in duties:
            duty.cancel()
        await consumer.stop()
    here.first_close(stop)
    await here.serve()


if __name__ == "__main__":
    service.run("agents", main)
