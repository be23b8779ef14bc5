"""Placing an order: checked line by line, priced from the list, and exactly once for one key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from .database import Connection
from .refusals import Refusal, forbidden, not_found
from .tokens import Identity

MOST_LINES = 200
MOST_PACKS = 10_000


@dataclass(frozen=True)
class WantedLine:
    """One line as it was asked for; `price` is what the asker saw, if it saw one."""

    item: str
    quantity: int
    price: int | None


@dataclass(frozen=True)
class Wanted:
    """An order as it was asked for."""

    kitchen: str
    supplier: str
    lines: tuple[WantedLine, ...]
    note: str

    def fingerprint(self) -> str:
        """The same request gives the same text, so that a key cannot be used for two different orders."""
        parts = [self.kitchen, self.supplier, self.note, [[x.item, x.quantity, x.price] for x in self.lines]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


async def place(connection: Connection, who: Identity, wanted: Wanted, key: str) -> tuple[dict[str, Any], bool]:
    """Returns the order and whether it had been placed before. Runs inside one transaction.

    The key's row is written first: a second request with the same key waits for the first one to
    commit or to fail, and then either finds the order or takes its place.
    """
    if who.role not in ("kitchen", "operator", "lead", "service"):
        raise forbidden(f"role {who.role} may not place orders")
    if not who.may_see(wanted.kitchen):
        raise forbidden(f"not allowed to order for kitchen {wanted.kitchen}")
    if not 8 <= len(key) <= 200:
        raise Refusal("BAD_USER_INPUT", "idempotencyKey must have 8 to 200 characters")
    scoped = f"{wanted.kitchen}/{key}"
    order_id = await _next_id(connection)
    cursor = await connection.execute(
        "INSERT INTO platform.idempotency_keys (key, request_hash, order_id) VALUES (%s, %s, %s)"
        " ON CONFLICT (key) DO NOTHING", (scoped, wanted.fingerprint(), order_id))
    if cursor.rowcount == 0:
        return await _placed_before(connection, scoped, wanted), True
    supplier, priced = await _check(connection, wanted)
    total = sum(price * line.quantity for line, price in priced)
    cursor2 = await connection.execute(
        "INSERT INTO platform.orders (id, kitchen_code, supplier_code, status, currency, total_minor, line_count,"
        " due_at, placed_by, note) OVERRIDING SYSTEM VALUE"
        # One hour of lead time passes in one minute here, so that a day's life can be watched.
        " VALUES (%s, %s, %s, 'submitted', %s, %s, %s, now() + %s * interval '1 minute', %s, %s) RETURNING *",
        (order_id, wanted.kitchen, wanted.supplier, supplier["currency"], total, len(priced),
         supplier["lead_time_hours"], who.subject, wanted.note))
    order = await cursor2.fetchone()
    assert order is not None
    async with connection.cursor() as many:
        await many.executemany(
            "INSERT INTO platform.order_lines (order_id, line, item_code, quantity, price_minor)"
            " VALUES (%s, %s, %s, %s, %s)",
            [(order_id, number, line.item, line.quantity, price)
             for number, (line, price) in enumerate(priced, 1)])
    await connection.execute(
        "INSERT INTO platform.order_events (order_id, move, to_status, version, actor, actor_role)"
        " VALUES (%s, 'submit', 'submitted', 1, %s, %s)", (order_id, who.subject, who.role))
    return order, False


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


async def _check(connection: Connection, wanted: Wanted) -> tuple[dict[str, Any], list[tuple[WantedLine, int]]]:
    """Everything that is wrong, at once: a person at a form wants to fix it in one go."""
    supplier = await _one(connection, "SELECT * FROM platform.suppliers WHERE code = %s", wanted.supplier)
    kitchen = await _one(connection, "SELECT * FROM platform.kitchens WHERE code = %s", wanted.kitchen)
    if kitchen is None:
        raise not_found("kitchen", wanted.kitchen)
    if supplier is None:
        raise not_found("supplier", wanted.supplier)
    if kitchen["currency"] != supplier["currency"]:
        raise Refusal("ORDER_REFUSED", f"{wanted.supplier} does not deliver to {wanted.kitchen}",
                      problems=[_problem(None, "WRONG_CURRENCY", "the supplier bills in another currency")])
    if not 1 <= len(wanted.lines) <= MOST_LINES:
        raise Refusal("BAD_USER_INPUT", f"an order has 1 to {MOST_LINES} lines")
    if len(wanted.note) > 500:
        raise Refusal("BAD_USER_INPUT", "a note has at most 500 characters")
    cursor = await connection.execute(
        "SELECT item_code, price_minor, in_stock FROM platform.prices WHERE supplier_code = %s AND item_code = ANY(%s)",
        (wanted.supplier, [line.item for line in wanted.lines]))
    prices = {row["item_code"]: row for row in await cursor.fetchall()}
    problems: list[dict[str, Any]] = []
    priced: list[tuple[WantedLine, int]] = []
    for number, line in enumerate(wanted.lines, 1):
        price = prices.get(line.item)
        if price is None:
            problems.append(_problem(number, "UNKNOWN_ITEM", f"{wanted.supplier} does not sell {line.item}"))
            continue
        if not 1 <= line.quantity <= MOST_PACKS:
            problems.append(_problem(number, "QUANTITY", f"quantity must be 1 to {MOST_PACKS} packs"))
        if not price["in_stock"]:
            problems.append(_problem(number, "OUT_OF_STOCK", f"{line.item} is out of stock"))
        if line.price is not None and line.price != price["price_minor"]:
            problems.append(_problem(number, "PRICE_CHANGED", f"the price of {line.item} has changed",
                                     currentPriceMinor=price["price_minor"]))
        priced.append((line, int(price["price_minor"])))
    total = sum(price * line.quantity for line, price in priced)
    if not problems and total < supplier["minimum_order_minor"]:
        problems.append(_problem(None, "MINIMUM_ORDER", "below the supplier's minimum order",
                                 minimumMinor=supplier["minimum_order_minor"], totalMinor=total))
    if problems:
        raise Refusal("ORDER_REFUSED", problems[0]["message"], problems=problems)
    return supplier, priced


async def _one(connection: Connection, query: str, code: str) -> dict[str, Any] | None:
    # The queries are this module's own literals; values always travel as parameters.
    cursor = await connection.execute(query.encode(), (code,))
    return await cursor.fetchone()


def _problem(line: int | None, code: str, message: str, **details: Any) -> dict[str, Any]:
    return {"line": line, "code": code, "message": message, **details}
