"""Queue `suppliers`: a supplier who confirms, delays, cuts, delivers short or rejects, and says so by webhook.

What a supplier does with an order follows from the seed and the order's number: the same each time.

The waiting between an order and its delivery is delayed jobs, so that it survives any restart.
"""

from __future__ import annotations

import json
import random
from typing import Any

from bullmq import Job  # type: ignore[import-untyped]

from . import log, queues, signing
from .database import Connection
from .work import Work, effort, order_id


async def handle(work: Work, job: Job) -> str:
    """One job of the queue."""
    number = order_id(job)
    order = await work.order(number)
    if order is None:
        return "no such order"
    decision = job.data.get("decision") or "confirm"
    if job.name == "place":
        await effort(job, 0.05, 0.4, what="the supplier's system did not answer in time")
        chosen = decide(work.settings.supplier_seed, number, work.faults.text("supplier_decision"))
        await _later(work, "confirm", number, chosen, 4, 30)
        return f"accepted, will {chosen}"
    if job.name == "confirm":
        await effort(job, 0.01, 0.05)
        if order["status"] != "sent":
            return f"nothing to confirm: {order['status']}"
        if decision == "reject":
            return await _tell(work, order, "order.rejected", "rejected", {"reason": "cannot supply this week"})
        answer = await _tell(work, order, "order.confirmed", "confirmed", {})
        if decision == "delay":
            await _tell(work, order, "order.delayed", "delayed", {"minutes": 10})
        if decision == "cut":
            await _tell(work, order, "order.cut", "cut", {"lines": await _halved(work, number)})
        await _later(work, "deliver", number, decision, 40, 180)
        return answer
    if job.name in ("deliver", "deliver-rest"):
        await effort(job, 0.01, 0.05)
        if order["status"] not in ("sent", "confirmed", "partly_received"):
            return f"nothing to deliver: {order['status']}"
        short = decision == "short" and job.name == "deliver"
        lines = await _lines(work, number, short)
        answer = await _tell(work, order, "order.delivered", "first" if short else "whole", {"lines": lines})
        if short:
            await _later(work, "deliver-rest", number, "confirm", 30, 90)
        return answer
    return f"ignored: no work is called {job.name}"


DECISIONS = {"confirm": 84, "delay": 5, "short": 5, "cut": 4, "reject": 2}


def decide(seed: int, number: int, forced: str = "") -> str:
    """What the supplier does with this order. A fault may force one decision upon all."""
    if forced in DECISIONS:
        return forced
    script = random.Random(f"{seed}/{number}")
    return script.choices(list(DECISIONS), list(DECISIONS.values()))[0]


async def _halved(work: Work, number: int) -> list[dict[str, int]]:
    """Half of the largest line: what a supplier cuts when the van is full."""
    lines = await _lines(work, number, short=False)
    largest = max(lines, key=lambda line: line["quantity"])
    return [{"line": largest["line"], "quantity": (largest["quantity"] + 1) // 2}]


async def _later(work: Work, name: str, number: int, decision: str, soonest: int, latest: int) -> None:
    await work.jobs.add(queues.SUPPLIERS, name, {"orderId": number, "decision": decision},
                        job_id=f"order-{number}-{name}", delay_ms=random.randint(soonest * 1000, latest * 1000))


async def _lines(work: Work, number: int, short: bool) -> list[dict[str, int]]:
    async def read(connection: Connection) -> list[dict[str, int]]:
        cursor = await connection.execute(
            "SELECT line, quantity FROM platform.order_lines WHERE order_id = %s ORDER BY line", (number,))
        return [{"line": row["line"], "quantity": row["quantity"]} for row in await cursor.fetchall()]
    lines = await work.database.run(read)
    if short and lines:
        lines[-1]["quantity"] = lines[-1]["quantity"] // 2
    return lines


async def _tell(work: Work, order: dict[str, Any], kind: str, once: str, details: dict[str, Any]) -> str:
    """Call the webhook service as the supplier would. The id is the same however often this is repeated."""
    partner = order["supplier_code"]
    body = json.dumps({"id": f"{order['id']}-{once}", "kind": kind, "order_id": order["id"], "at": log.now(),
                       **details}).encode()
    headers = {"Content-Type": "application/json", **signing.headers(work.settings.webhook_secret, partner, body)}
    async with work.http.post(f"{work.settings.webhook_url}/webhooks/{partner}", data=body, headers=headers) as answer:
        if answer.status not in (200, 202):
            raise RuntimeError(f"the webhook service answered {answer.status}")
    return kind
