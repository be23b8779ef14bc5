"""Moving an order through its life. The allowed moves are rows of platform.order_moves, nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import texts
from .database import Connection
from .refusals import Refusal, invalid, not_found, role_forbidden
from .tokens import Identity

MOST_NOTE = 2000


@dataclass(frozen=True)
class Act:
    """Who changes which order, as they saw it, and by what name they will ask again.

    `version` none: whatever the order is now (the worker's own work). `request` may be empty.
    """

    who: Identity
    order_id: int
    version: int | None = None
    request: str = ""
    detail: str = ""
    fields: tuple[str, ...] = field(default=("status",))


class Repeated(Exception):
    """The same request was carried out before; `order` is the order as it is now."""

    def __init__(self, order: dict[str, Any]) -> None:
        super().__init__("carried out before")
        self.order = order


async def lock(connection: Connection, act: Act, name: str = "") -> dict[str, Any]:
    """The order, held until the transaction ends, and certainly the one the asker saw."""
    if act.who.role == "viewer":
        raise role_forbidden("viewer", f"{name or 'change'} orders")
    cursor = await connection.execute("SELECT * FROM platform.orders WHERE id = %s FOR UPDATE", (act.order_id,))
    order = await cursor.fetchone()
    if order is None or not act.who.may_see(order["kitchen_code"]):
        raise not_found("order", act.order_id)
    if act.version is not None and order["version"] != act.version:
        changes = await _since(connection, act.order_id, act.version)
        if act.request and await _carried_out(connection, act, name):
            raise Repeated(order)
        raise Refusal("VERSION_CONFLICT", f"order {act.order_id} has changed: {_told(changes)}",
                      orderId=str(act.order_id), expectedVersion=act.version, currentVersion=order["version"],
                      currentStatus=order["status"], changes=changes,
                      changedFields=sorted({one for change in changes for one in change["fields"]}))
    return order


async def permit(connection: Connection, act: Act, order: dict[str, Any], name: str,
                 to_status: str | None = None) -> str:
    """The status that the move leads to, if the table of moves gives it to this role."""
    cursor = await connection.execute(
        "SELECT move, to_status, roles FROM platform.order_moves WHERE from_status = %s ORDER BY move", (order["status"],))
    rows = await cursor.fetchall()
    found = next((row for row in rows if row["move"] == name and to_status in (None, row["to_status"])), None)
    facts = {"currentStatus": order["status"], "currentVersion": order["version"],
             "allowedMoves": sorted({row["move"] for row in rows if act.who.role in row["roles"]})}
    if found is None:
        raise Refusal("NOT_ALLOWED", f"an order that is {order['status']} cannot {name}", because="STATUS", **facts)
    if act.who.role not in found["roles"]:
        raise role_forbidden(act.who.role, f"{name} an order that is {order['status']}", **facts)
    return str(found["to_status"])


async def move(connection: Connection, act: Act, name: str, *, to_status: str | None = None) -> dict[str, Any]:
    """Make one move, record it, and return the order as it is now."""
    order = await lock(connection, act, name)
    after = await permit(connection, act, order, name, to_status)
    cursor = await connection.execute(
        "UPDATE platform.orders SET status = %s WHERE id = %s RETURNING *", (after, act.order_id))
    return await record(connection, act, await cursor.fetchone(), name, order["status"])


async def add_note(connection: Connection, act: Act, text: str) -> dict[str, Any]:
    """A note is a change like any other: it has a version, an author and an event."""
    text = texts.paragraphs(text, "text", 500, 1)
    order = await lock(connection, act, "note")
    await permit(connection, act, order, "note")
    if len(order["note"]) + len(text) >= MOST_NOTE:
        raise invalid("text", f"all notes of an order together have at most {MOST_NOTE} characters")
    cursor = await connection.execute(
        "UPDATE platform.orders SET note = CASE note WHEN '' THEN %s ELSE note || E'\\n' || %s END"
        " WHERE id = %s RETURNING *", (text, text, act.order_id))
    noted = Act(act.who, act.order_id, act.version, act.request, text, ("note",))
    return await record(connection, noted, await cursor.fetchone(), "note", order["status"])


async def delay(connection: Connection, act: Act, minutes: int) -> dict[str, Any]:
    """The supplier brings it later."""
    order = await lock(connection, act, "delay")
    await permit(connection, act, order, "delay")
    cursor = await connection.execute(
        "UPDATE platform.orders SET due_at = due_at + %s * interval '1 minute' WHERE id = %s RETURNING *",
        (minutes, act.order_id))
    later = Act(act.who, act.order_id, None, act.request, f"{minutes} minutes later", ("dueAt",))
    return await record(connection, later, await cursor.fetchone(), "delay", order["status"])


async def record(connection: Connection, act: Act, order: dict[str, Any] | None, name: str, before: str) -> dict[str, Any]:
    """Who did what and why, beside the change and in its transaction."""
    assert order is not None
    await connection.execute(
        "INSERT INTO platform.order_events (order_id, move, from_status, to_status, version, actor, actor_role, detail,"
        " fields, request_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (order["id"], name, before, order["status"], order["version"], act.who.subject, act.who.role, act.detail[:500],
         list(act.fields), act.request))
    return order


async def _since(connection: Connection, order_id: int, version: int) -> list[dict[str, Any]]:
    cursor = await connection.execute(
        "SELECT * FROM platform.order_events WHERE order_id = %s AND version > %s ORDER BY id LIMIT 20",
        (order_id, version))
    return [{"move": row["move"], "fromStatus": row["from_status"], "toStatus": row["to_status"],
             "fields": row["fields"], "version": row["version"], "actor": row["actor"], "actorRole": row["actor_role"],
             "detail": row["detail"], "requestId": row["request_id"],
             "at": row["at"].isoformat(timespec="milliseconds").replace("+00:00", "Z")}
            for row in await cursor.fetchall()]


async def _carried_out(connection: Connection, act: Act, name: str) -> bool:
    cursor = await connection.execute(
        "SELECT FROM platform.order_events WHERE order_id = %s AND request_id = %s AND actor = %s AND move = %s"
        " AND version > %s", (act.order_id, act.request, act.who.subject, name, act.version))
    return await cursor.fetchone() is not None


def _told(changes: list[dict[str, Any]]) -> str:
    return ", ".join(f"{one['actor']}: {one['move']}" for one in changes[-3:]) or "by whom is not recorded"
