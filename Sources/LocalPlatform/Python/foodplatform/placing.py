"""Placing an order: checked line by line, priced from the list, and exactly once for one key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import pricing, texts
from .database import Connection
from .pricing import WantedLine
from .refusals import Refusal, invalid, problem, refuse, role_forbidden, wrong_kitchen
from .tokens import Identity

MOST_ORDERS = 50


@dataclass(frozen=True)
class Wanted:
    """An order as it was asked for."""

    kitchen: str
    supplier: str
    lines: tuple[WantedLine, ...]
    note: str = ""
    cut_off: datetime | None = None
    accept_hold: bool = True

    def fingerprint(self) -> str:
        """The same request gives the same text, so that a key cannot be used for two different orders.

        Only what is ordered: the conditions under which it may be placed are no part of an order that is.
        """
        parts = [self.kitchen, self.supplier, self.note, [[x.item, x.quantity, x.price] for x in self.lines]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def may_order(who: Identity, kitchen: str) -> None:
    """Kitchens for themselves, operators and leads for those that their token names."""
    if who.role not in ("kitchen", "operator", "lead"):
        raise role_forbidden(who.role, "place orders")
    if not who.may_see(kitchen):
        raise wrong_kitchen(kitchen)


async def place(connection: Connection, who: Identity, wanted: Wanted, key: str) -> tuple[dict[str, Any], bool]:
    """Returns the order and whether it had been placed before. Runs inside one transaction.

    The key's row is written first: a second request with the same key waits for the first one to
    commit or to fail, and then either finds the order or takes its place.
    """
    may_order(who, wanted.kitchen)
    key = texts.line(key, "idempotencyKey", 200, 8)
    note = texts.paragraphs(wanted.note, "note", 500)
    buyer = await pricing.kitchen(connection, wanted.kitchen)
    scoped = f"{wanted.kitchen}/{key}"
    order_id = await _next_id(connection)
    cursor = await connection.execute(
        "INSERT INTO platform.idempotency_keys (key, request_hash, order_id) VALUES (%s, %s, %s)"
        " ON CONFLICT (key) DO NOTHING", (scoped, wanted.fingerprint(), order_id))
    if cursor.rowcount == 0:
        return await _placed_before(connection, scoped, wanted), True
    seller = await pricing.supplier(connection, wanted.supplier)
    priced = await pricing.price(connection, buyer, seller, list(wanted.lines))
    problems = priced.problems + pricing.cut_off_problem(seller, wanted.cut_off)
    if not wanted.accept_hold:
        problems += pricing.hold_problems(priced.holds)
    if problems:
        raise refuse(problems)
    return await _write(connection, who, order_id, wanted, note, priced), False


async def place_all(connection: Connection, who: Identity,
                    wanted: list[tuple[Wanted, str]]) -> list[tuple[dict[str, Any], bool]]:
    """All or nothing, in one transaction; what is wrong with any of them is said at once.

    By key, so that two requests for the same orders wait for each other in the same order.
    """
    results: dict[int, tuple[dict[str, Any], bool]] = {}
    refusals: dict[int, Refusal] = {}
    for number, (one, key) in sorted(enumerate(wanted, 1), key=lambda entry: (entry[1][0].kitchen, entry[1][1])):
        try:
            results[number] = await place(connection, who, one, key)
        except Refusal as refusal:
            refusals[number] = refusal
    if refusals:
        raise _joined(refusals)
    return [results[number] for number in sorted(results)]


def check_batch(wanted: list[tuple[Wanted, str]]) -> None:
    """A batch is bounded, and a key in it stands for one order."""
    if not 1 <= len(wanted) <= MOST_ORDERS:
        raise invalid("orders", f"a batch has 1 to {MOST_ORDERS} orders, not {len(wanted)}")
    if sum(len(one.lines) for one, _ in wanted) > 10 * pricing.MOST_LINES:
        raise invalid("orders", f"a batch has at most {10 * pricing.MOST_LINES} lines")
    keys = {(one.kitchen, key.strip()) for one, key in wanted}
    if len(keys) < len(wanted):
        raise invalid("idempotencyKey", "two orders of the batch have the same key")


def _joined(refusals: dict[int, Refusal]) -> Refusal:
    problems = []
    for number, refusal in sorted(refusals.items()):
        found = refusal.details.get("problems") or [problem(refusal.code, str(refusal))]
        problems += [{**one, "order": number} for one in found]
    return refuse(problems)


async def _write(connection: Connection, who: Identity, order_id: int, wanted: Wanted, note: str,
                 priced: pricing.Priced) -> dict[str, Any]:
    cursor = await connection.execute(
        "INSERT INTO platform.orders (id, kitchen_code, supplier_code, status, currency, total_minor, line_count,"
        " due_at, placed_by, note) OVERRIDING SYSTEM VALUE"
        " VALUES (%s, %s, %s, 'submitted', %s, %s, %s, %s, %s, %s) RETURNING *",
        (order_id, wanted.kitchen, wanted.supplier, priced.supplier["currency"], priced.total, len(priced.lines),
         priced.due_at, who.subject, note))
    order = await cursor.fetchone()
    assert order is not None
    rows = [(order_id, line.number, line.item, line.quantity, offer["price_minor"])
            for line, offer in priced.lines if offer]
    async with connection.cursor() as many:
        await many.executemany(
            "INSERT INTO platform.order_lines (order_id, line, item_code, quantity, price_minor)"
            " VALUES (%s, %s, %s, %s, %s)", rows)
    await connection.execute(
        "INSERT INTO platform.order_events (order_id, move, to_status, version, actor, actor_role, fields)"
        " VALUES (%s, 'submit', 'submitted', 1, %s, %s, '{status}')", (order_id, who.subject, who.role))
    return order


async def _next_id(connection: Connection) -> int:
    cursor = await connection.execute("SELECT nextval('platform.orders_id_seq') AS id")
    row = await cursor.fetchone()
    assert row is not None
    return int(row["id"])


async def _placed_before(connection: Connection, scoped: str, wanted: Wanted) -> dict[str, Any]:
    cursor = await connection.execute(
        "SELECT k.request_hash, o.* FROM platform.idempotency_keys AS k JOIN platform.orders AS o"
        " ON o.id = k.order_id WHERE k.key = %s", (scoped,))
    row = await cursor.fetchone()
    if row is None:
        raise Refusal("SERVICE_UNAVAILABLE", "the first request with this key is still being decided", retryable=True)
    if row.pop("request_hash") != wanted.fingerprint():
        raise Refusal("IDEMPOTENCY_KEY_REUSED", "this idempotency key belongs to a different order",
                      orderId=str(row["id"]))
    return row
