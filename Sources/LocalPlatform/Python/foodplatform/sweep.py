"""The safety net: what is committed but has no job any more gets one again.

An order may lose its job when a process dies between commit and enqueue, or when Redis was away or lost
its data. Job handlers may run any number of times, so a job too many does no harm.
"""

from __future__ import annotations

import time
from typing import Any

from . import log, queues
from .database import Connection
from .work import Work

# status -> how many seconds it may rest before somebody asks
_PATIENCE = {"submitted": 30, "approved": 30, "held": 180, "sent": 90, "confirmed": 270, "partly_received": 150}
_NEXT = {"submitted": (queues.ORDERS, "validate"), "approved": (queues.ORDERS, "send"),
         "held": (queues.ORDERS, "release"), "sent": (queues.SUPPLIERS, "place"),
         "confirmed": (queues.SUPPLIERS, "deliver"), "partly_received": (queues.SUPPLIERS, "deliver-rest")}
_BACKLOG = 100


async def sweep(work: Work) -> None:
    """One round. A long queue is not an orphaned order, so nothing is added while one stands."""
    bucket = int(time.time() / 120)
    added = 0
    for order in await work.database.run(_stuck):
        queue, name = _NEXT[order["status"]]
        if await _waiting(work, queue) > _BACKLOG:
            continue
        await work.jobs.add(queue, name, {"orderId": order["id"]},
                            job_id=f"sweep-{order['id']}-v{order['version']}-{name}-{bucket}")
        added += 1
    if await _waiting(work, queues.WEBHOOKS) <= _BACKLOG:
        for delivery in await work.database.run(_unapplied):
            await work.jobs.add(queues.WEBHOOKS, "apply", {"deliveryId": delivery["id"]},
                                job_id=f"sweep-delivery-{delivery['id']}-{bucket}")
            added += 1
    if added:
        work.metrics.count("swept", added)
        log.event("swept", jobs=added)


async def _waiting(work: Work, queue: str) -> int:
    opened = work.jobs.open(queue)
    return int(await opened.client.llen(opened.toKey("wait"))) + int(await opened.client.llen(opened.toKey("paused")))


async def _stuck(connection: Connection) -> list[dict[str, Any]]:
    """Those due soonest come first. An order that a person holds is left to that person."""
    cursor = await connection.execute(
        "SELECT o.id, o.status, o.version FROM platform.orders AS o"
        " JOIN unnest(%s::text[], %s::int[]) AS p(status, seconds) USING (status)"
        " WHERE o.is_open AND o.updated_at < now() - p.seconds * interval '1 second'"
        " AND (o.status <> 'held' OR (SELECT e.actor_role FROM platform.order_events AS e WHERE e.order_id = o.id"
        " AND e.move = 'hold' ORDER BY e.id DESC LIMIT 1) IS NOT DISTINCT FROM 'service')"
        " ORDER BY o.due_at, o.id LIMIT 100", (list(_PATIENCE), list(_PATIENCE.values())))
    return await cursor.fetchall()


async def _unapplied(connection: Connection) -> list[dict[str, Any]]:
    cursor = await connection.execute(
        "SELECT id FROM platform.webhook_deliveries WHERE status = 'queued'"
        " AND received_at < now() - interval '30 seconds' ORDER BY id LIMIT 100")
    return await cursor.fetchall()


