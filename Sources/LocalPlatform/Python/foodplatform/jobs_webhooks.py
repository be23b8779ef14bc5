"""Queue `webhooks`: what partners said is applied to the orders, each delivery once."""

from __future__ import annotations

from typing import Any

from bullmq import Job, UnrecoverableError  # type: ignore[import-untyped]

from . import moves, receiving, texts
from .database import Connection
from .moves import Act
from .refusals import Refusal
from .work import WORKER, Work


async def handle(work: Work, job: Job) -> str:
    """One job of the queue. The delivery's new status commits together with what it did."""
    delivery_id = job.data.get("deliveryId")
    last = job.attemptsMade + 1 >= job.attempts
    try:
        outcome, told = await work.database.run(lambda c: _apply(c, delivery_id))
    except Refusal as refusal:
        # A confirmation may still be on its way when the delivery comes: the next attempt finds it.
        ignored = refusal.code == "NOT_ALLOWED"
        if ignored and not last:
            raise RuntimeError(str(refusal)) from None
        await work.database.run(lambda c: _close(c, delivery_id, "ignored" if ignored else "failed", str(refusal)))
        if ignored:
            return f"ignored: {refusal}"
        raise UnrecoverableError(str(refusal)) from None
    if told:
        await work.notify(*told)
    return outcome


async def _apply(connection: Connection, delivery_id: object) -> tuple[str, tuple[str, int] | None]:
    cursor = await connection.execute(
        "SELECT * FROM platform.webhook_deliveries WHERE id = %s FOR UPDATE", (delivery_id,))
    delivery = await cursor.fetchone()
    if delivery is None:
        return "no such delivery", None
    if delivery["status"] != "queued":
        return f"already {delivery['status']}", None
    number = int(delivery["order_id"])
    order = await moves.lock(connection, Act(WORKER, number))
    if order["supplier_code"] != delivery["partner"]:
        raise Refusal("WRONG_PARTNER", f"order {number} is not {delivery['partner']}'s")
    told = await _change(connection, delivery["kind"], number, order, delivery["body"])
    await _close(connection, delivery_id, "applied", "")
    return f"{delivery['kind']} applied", (told, number) if told else None


async def _change(connection: Connection, kind: str, number: int, order: dict[str, Any], body: dict[str, Any]) -> str:
    """Returns the message that people get."""
    partner = f"by {order['supplier_code']}"
    if kind == "order.confirmed":
        await moves.move(connection, Act(WORKER, number, detail=partner), "confirm")
        return "order-confirmed"
    if kind == "order.rejected":
        reason = str(body.get("reason", ""))[:200]
        await moves.move(connection, Act(WORKER, number, detail=reason if texts.printable(reason) else partner), "reject")
        return "order-rejected"
    if kind == "order.delayed":
        minutes = body.get("minutes")
        if not isinstance(minutes, int) or not 0 < minutes < 10_000:
            raise Refusal("BAD_DELIVERY", "minutes must be a whole number")
        await moves.delay(connection, Act(WORKER, number), minutes)
        return ""
    lines = _quantities(body)
    if kind == "order.cut":
        await receiving.cut(connection, Act(WORKER, number), lines)
        return "order-short"
    moved = await receiving.receive(
        connection, Act(WORKER, number, detail=partner),
        {line: receiving.Arrived(packs) for line, packs in lines.items()} or None)
    return "order-received" if moved["status"] == "received" else "order-short"


def _quantities(body: dict[str, Any]) -> dict[int, int]:
    """Line -> packs, as the partner counts them."""
    found = {}
    for line in body.get("lines") or []:
        if not isinstance(line, dict) or not all(isinstance(line.get(key), int) for key in ("line", "quantity")):
            raise Refusal("BAD_DELIVERY", "lines must have line and quantity, whole numbers")
        found[line["line"]] = line["quantity"]
    return found


async def _close(connection: Connection, delivery_id: object, status: str, error: str) -> None:
    await connection.execute(
        "UPDATE platform.webhook_deliveries SET status = %s, error = %s, attempts = attempts + 1,"
        " applied_at = CASE %s WHEN 'applied' THEN clock_timestamp() END WHERE id = %s",
        (status, error[:300], status, delivery_id))
