"""Goods arrive: whole, in parts, damaged, or never; and a supplier takes packs off an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from . import moves
from .database import Connection
from .moves import Act
from .refusals import Refusal, problem, refuse


@dataclass(frozen=True)
class Arrived:
    """One line's totals so far, in packs. `damaged` are among the received; none keeps what was counted before."""

    received: int
    damaged: int | None = None
    short: int | None = None


async def receive(connection: Connection, act: Act, arrived: dict[int, Arrived] | None,
                  final: bool = False) -> dict[str, Any]:
    """The order is received when every pack came or will never come; until then it is partly received.

    `arrived` none: everything came whole. `final`: nothing more will come.
    """
    order = await moves.lock(connection, act, "receive")
    await moves.permit(connection, act, order, "receive")
    lines = await _lines(connection, act.order_id)
    problems = [problem("INVALID", f"order {act.order_id} has no line {number}", line=number, field="line")
                for number in sorted(set(arrived or {}) - set(lines))]
    whole, fields, told = True, [], []
    for number, line in lines.items():
        now = _after(line, arrived, number, final)
        problems += _wrong(number, line, now)
        whole = whole and now["received_quantity"] + now["short_quantity"] >= line["quantity"]
        for column, name in _COLUMNS:
            if now[column] != line[column]:
                fields.append(f"lines.{number}.{name}")
        if fault := _fault(number, line, now):
            told.append(fault)
        line["now"] = now
    if problems:
        raise refuse(problems)
    to_status = "received" if whole else "partly_received"
    for number, line in lines.items():
        await connection.execute(
            "UPDATE platform.order_lines SET received_quantity = %s, damaged_quantity = %s, short_quantity = %s"
            " WHERE order_id = %s AND line = %s", (*line["now"].values(), act.order_id, number))
    changed = (() if order["status"] == to_status else ("status",)) + tuple(fields)
    detail = "; ".join(filter(None, (act.detail, *told)))
    return await moves.move(connection, replace(act, detail=detail, fields=changed), "receive", to_status=to_status)


async def cut(connection: Connection, act: Act, left: dict[int, int]) -> dict[str, Any]:
    """The supplier will bring fewer packs: `left` is line -> packs that it still will bring."""
    order = await moves.lock(connection, act, "cut")
    await moves.permit(connection, act, order, "cut")
    lines = await _lines(connection, act.order_id)
    told, fields = [], []
    for number, packs in sorted(left.items()):
        if number not in lines or not 1 <= packs <= lines[number]["quantity"]:
            raise Refusal("BAD_DELIVERY", f"line {number} cannot be cut to {packs} packs")
        if packs == lines[number]["quantity"]:
            continue
        await connection.execute(
            "UPDATE platform.order_lines SET cut_quantity = cut_quantity + quantity - %s, quantity = %s"
            " WHERE order_id = %s AND line = %s", (packs, packs, act.order_id, number))
        told.append(f"line {number}: {packs} instead of {lines[number]['quantity']}")
        fields.append(f"lines.{number}.quantity")
    if not told:
        return order
    cursor = await connection.execute(
        "UPDATE platform.orders SET total_minor = (SELECT sum(total_minor) FROM platform.order_lines WHERE order_id = %s)"
        " WHERE id = %s RETURNING *", (act.order_id, act.order_id))
    less = replace(act, detail="; ".join(told), fields=("totalMinor", *fields))
    return await moves.record(connection, less, await cursor.fetchone(), "cut", order["status"])


_COLUMNS = (("received_quantity", "received"), ("damaged_quantity", "damaged"), ("short_quantity", "short"))


async def _lines(connection: Connection, order_id: int) -> dict[int, dict[str, Any]]:
    cursor = await connection.execute(
        "SELECT line, quantity, received_quantity, damaged_quantity, short_quantity FROM platform.order_lines"
        " WHERE order_id = %s ORDER BY line", (order_id,))
    return {row["line"]: row for row in await cursor.fetchall()}


def _after(line: dict[str, Any], arrived: dict[int, Arrived] | None, number: int, final: bool) -> dict[str, int]:
    """The line's three counts after this, in the order of their columns."""
    if arrived is None:
        given: Arrived | None = Arrived(line["quantity"], short=0)
    else:
        given = arrived.get(number)
    received = line["received_quantity"] if given is None else given.received
    damaged = line["damaged_quantity"] if given is None or given.damaged is None else given.damaged
    missing = max(0, line["quantity"] - received)
    if final and (given is None or given.short is None):
        short = missing
    elif given is None or given.short is None:
        # what came after all is short no more
        short = min(line["short_quantity"], missing)
    else:
        short = given.short
    return {"received_quantity": received, "damaged_quantity": damaged, "short_quantity": short}


def _wrong(number: int, line: dict[str, Any], now: dict[str, int]) -> list[dict[str, Any]]:
    received, damaged, short = now.values()
    if not 0 <= received <= line["quantity"]:
        return [problem("INVALID", f"line {number}: received must be 0 to {line['quantity']} packs", line=number,
                        field="received")]
    if not 0 <= damaged <= received:
        return [problem("INVALID", f"line {number}: damaged must be 0 to {received} packs, those received", line=number,
                        field="damaged")]
    if not 0 <= short <= line["quantity"] - received:
        return [problem("INVALID", f"line {number}: short must be 0 to {line['quantity'] - received} packs, those missing",
                        line=number, field="short")]
    return []


def _fault(number: int, line: dict[str, Any], now: dict[str, int]) -> str:
    received, damaged, short = now.values()
    parts = []
    if received < line["quantity"]:
        parts.append(f"{received} of {line['quantity']}")
    if damaged:
        parts.append(f"{damaged} damaged")
    if short:
        parts.append(f"{short} will not come")
    return f"line {number}: {', '.join(parts)}" if parts else ""
