"""The worker: four queues, the sweep that finds orphans, and an HTTP face for /health."""

from __future__ import annotations

from typing import Any

import aiohttp

from . import jobs_notifications, jobs_orders, jobs_suppliers, jobs_webhooks, queues, service
from .consumers import Consumer
from .settings import Settings
from .sweep import sweep
from .work import Work


async def main(settings: Settings) -> None:
    """Work until told to end."""
    here = service.Service(settings)
    database = here.use_postgres(size=6)
    here.use_redis()
    jobs = queues.Queues(settings)
    http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
    work = Work(settings, database, jobs, http, here.metrics, here.faults)
    consumers = {
        queues.ORDERS: Consumer(work, queues.ORDERS, jobs_orders.handle, 4),
        queues.SUPPLIERS: Consumer(work, queues.SUPPLIERS, jobs_suppliers.handle, 4),
        queues.WEBHOOKS: Consumer(work, queues.WEBHOOKS, jobs_webhooks.handle, 3),
        queues.NOTIFICATIONS: Consumer(work, queues.NOTIFICATIONS, jobs_notifications.handle, 2)}

    def states(dependencies: dict[str, Any]) -> dict[str, Any]:
        # BullMQ waits for Redis inside itself and would call that running
        away = dependencies["redis"]["status"] != "ok"
        return {"workers": {name: "connecting" if away and one.state == "running" else one.state
                            for name, one in consumers.items()}}
    here.health.extra = states

    async def follow_faults() -> None:
        """Fault {"stop_workers": true}: the service lives on and its queues grow."""
        for consumer in consumers.values():
            if not here.faults.flag("stop_workers"):
                consumer.start()
            elif consumer.state != "stopped":
                await consumer.stop()

    async def sweep_orders() -> None:
        if not here.faults.flag("stop_workers"):
            await sweep(work)
    duties = [service.background(service.every(0.5, follow_faults)),
              service.background(service.every(30, sweep_orders)),
              service.background(service.every(10, service.folding(database)))]
    here.on_close(http.close)
    here.on_close(jobs.close)

    async def stop() -> None:
        for duty in duties:
            duty.cancel()
        await service.together(*(consumer.stop() for consumer in consumers.values()))
    here.first_close(stop)
    await here.serve()


if __name__ == "__main__":
    service.run("worker", main)
