"""Moving an order through its life. The allowed moves are rows of platform.order_moves, nowhere else."""

from __future__ import annotations

from typing import Any

from .database import Connection
from .refusals import Refusal, forbidden, not_found
from .tokens import Identity


async def lock(connection: Connection, who: Identity, order_id: int, version: int | None) -> dict[str, Any]:
    """The order, held until the transaction ends, and certainly the one the asker saw."""
    cursor = await connection.execute("SELECT * FROM platform.orders WHERE id = %s FOR UPDATE", (order_id,))
    order = await cursor.fetchone()
    if order is None or not who.may_see(order["kitchen_code"]):
        raise not_found("order", order_id)
    if version is not None and order["version"] != version:
        cursor = await connection.execute(
            "SELECT move, from_status, to_status, version, actor, at FROM platform.order_events"
            " WHERE order_id = %s AND version > %s ORDER BY id LIMIT 20", (order_id, version))
        changes = [{"move": row["move"], "fromStatus": row["from_status"], "toStatus": row["to_status"],
                    "version": row["version"], "actor": row["actor"], "at": row["at"].isoformat()}
                   for row in await cursor.fetchall()]
        raise Refusal("CONFLICT", f"order {order_id} has changed", orderId=str(order_id), expectedVersion=version,
                      currentVersion=order["version"], currentStatus=order["status"], changes=changes)
    return order


async def move(connection: Connection, who: Identity, order_id: int, name: str, *, version: int | None = None,
               to_status: str | None = None, detail: str = "") -> dict[str, Any]:
    """Make one move, record it, and return the order as it is now."""
    order = await lock(connection, who, order_id, version)
    cursor = await connection.execute(
        "SELECT move, to_status, roles FROM platform.order_moves WHERE from_status = %s ORDER BY move", (order["status"],))
    allowed = await cursor.fetchall()
    found = next((row for row in allowed if row["move"] == name and to_status in (None, row["to_status"])), None)
    if found is None:
        raise Refusal("MOVE_NOT_ALLOWED", f"an order that is {order['status']} cannot {name}",
                      currentStatus=order["status"], currentVersion=order["version"],
                      allowedMoves=sorted({row["move"] for row in allowed}))
    if who.role not in found["roles"]:
        raise forbidden(f"role {who.role} may not {name} an order that is {order['status']}")
    cursor = await connection.execute(
        "UPDATE platform.orders SET status = %s WHERE id = %s RETURNING *", (found["to_status"], order_id))
    moved = await cursor.fetchone()
    assert moved is not None
    await _record(connection, who, moved, name, order["status"], detail)
    return moved


async def add_note(connection: Connection, who: Identity, order_id: int, version: int | None, text: str) -> dict[str, Any]:
    """A note is a change like any other: it has a version, an author and an event."""
    if who.role == "viewer":
        raise forbidden("role viewer may not add notes")
    text = text.strip()
    order = await lock(connection, who, order_id, version)
    if not text or len(order["note"]) + len(text) > 2000:
        raise Refusal("BAD_USER_INPUT", "a note has 1 to 2,000 characters, earlier notes included")
    cursor = await connection.execute(
        "UPDATE platform.orders SET note = CASE note WHEN '' THEN %s ELSE note || E'\\n' || %s END"
        " WHERE id = %s RETURNING *", (text, text, order_id))
    noted = await cursor.fetchone()
    assert noted is not None
    await _record(connection, who, noted, "note", order["status"], text[:200])
    return noted


async def receive(connection: Connection, who: Identity, order_id: int, *, version: int | None = None,
                  arrived: dict[int, tuple[int, int]] | None = None, final: bool = False) -> dict[str, Any]:
    """Goods arrive. `arrived` is line -> (received so far, damaged of these); none means everything came whole.

    The order is received when every line is there, or when nothing more will come (`final`).
    """
    await lock(connection, who, order_id, version)
    cursor = await connection.execute(
        "SELECT line, quantity, received_quantity FROM platform.order_lines WHERE order_id = %s", (order_id,))
    lines = {row["line"]: row for row in await cursor.fetchall()}
    if arrived is not None and (unknown := sorted(set(arrived) - set(lines))):
        raise Refusal("BAD_USER_INPUT", f"order {order_id} has no line {unknown[0]}")
    whole = True
    for number, line in lines.items():
        received, damaged = (arrived.get(number, (line["received_quantity"], 0)) if arrived is not None
                             else (line["quantity"], 0))
        if not 0 <= damaged <= received <= line["quantity"]:
            raise Refusal("BAD_USER_INPUT", f"line {number}: 0 <= damaged <= received <= {line['quantity']}")
        whole = whole and received >= line["quantity"]
        await connection.execute(
            "UPDATE platform.order_lines SET received_quantity = %s, damaged_quantity = %s"
            " WHERE order_id = %s AND line = %s", (received, damaged, order_id, number))
    return await move(connection, who, order_id, "receive",
                      to_status="received" if whole or final else "partly_received",
                      detail="" if whole else "short")


async def _record(connection: Connection, who: Identity, order: dict[str, Any], name: str, before: str,
                  detail: str) -> None:
    await connection.execute(
        "INSERT INTO platform.order_events (order_id, move, from_status, to_status, version, actor, actor_role, detail)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (order["id"], name, before, order["status"], order["version"], who.subject, who.role, detail))
