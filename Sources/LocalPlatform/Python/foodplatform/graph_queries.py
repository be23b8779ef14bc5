"""What the API's queries read. Every list is a keyset page; nothing here counts or scans."""

from __future__ import annotations

from typing import Any

from . import graph_rows as rows
from . import pricing
from .database import Connection
from .refusals import invalid
from .tokens import Identity

MOST = 200


async def kitchens(connection: Connection, who: Identity) -> list[dict[str, Any]]:
    """The kitchens that the asker may see."""
    cursor = await connection.execute("SELECT * FROM platform.kitchens ORDER BY code")
    return [rows.kitchen(row) for row in await cursor.fetchall() if who.may_see(row["code"])]


async def suppliers(connection: Connection) -> list[dict[str, Any]]:
    """All suppliers."""
    cursor = await connection.execute("SELECT * FROM platform.suppliers ORDER BY code")
    return [rows.supplier(row) for row in await cursor.fetchall()]


async def policies(connection: Connection, who: Identity, kitchen: str | None) -> list[dict[str, Any]]:
    """The rules that may hold the orders of a kitchen, or of all that the asker sees."""
    cursor = await connection.execute(
        "SELECT * FROM platform.policies WHERE enabled AND (%s::text IS NULL OR kitchen_code IS NULL OR kitchen_code = %s)"
        " ORDER BY kind DESC, code", (kitchen, kitchen))
    return [{"code": row["code"], "kind": row["kind"], "kitchen": row["kitchen_code"], "title": row["title"],
             "limitMinor": row["limit_minor"], "hours": row["hours"], "allergens": row["allergens"]}
            for row in await cursor.fetchall() if row["kitchen_code"] is None or who.may_see(row["kitchen_code"])]


async def order_moves(connection: Connection) -> list[dict[str, Any]]:
    """The life of an order: every allowed move."""
    cursor = await connection.execute(
        "SELECT m.* FROM platform.order_moves AS m JOIN platform.order_statuses AS s ON s.status = m.from_status"
        " ORDER BY s.place, m.move, m.to_status")
    return [{"move": row["move"], "fromStatus": row["from_status"], "toStatus": row["to_status"], "roles": row["roles"]}
            for row in await cursor.fetchall()]


async def catalogue(connection: Connection, kitchen: str | None = None, search: str | None = None,
                    supplier: str | None = None, category: str | None = None, first: int = 50,
                    after: str | None = None) -> dict[str, Any]:
    """Offers by item and supplier; `search` looks into code, name and category, `kitchen` gives the currency."""
    first = size(first)
    item, _, seller = rows.position(after).partition("/") if after else ("", "", "")
    found = f"%{_literal(search.strip())}%" if search and search.strip() else None
    currency = (await pricing.kitchen(connection, kitchen))["currency"] if kitchen else None
    cursor = await connection.execute(
        "SELECT p.*, i.name, i.category, i.unit, i.pack_size, i.allergens FROM platform.prices AS p"
        " JOIN platform.items AS i ON i.code = p.item_code WHERE (p.item_code, p.supplier_code) > (%(item)s, %(seller)s)"
        " AND (%(currency)s::text IS NULL OR p.currency = %(currency)s)"
        " AND (%(supplier)s::text IS NULL OR p.supplier_code = %(supplier)s)"
        " AND (%(category)s::text IS NULL OR i.category = %(category)s)"
        " AND (%(found)s::text IS NULL OR concat_ws(' ', i.code, i.name, i.category) ILIKE %(found)s)"
        " ORDER BY p.item_code, p.supplier_code LIMIT %(limit)s",
        {"item": item, "seller": seller, "supplier": supplier, "category": category, "currency": currency,
         "found": found, "limit": first + 1})
    offers = await with_sellers(connection, [rows.offer(row) for row in await cursor.fetchall()])
    return rows.page(offers, [f"{one['item']['code']}/{one['supplier']}" for one in offers], first, after)


async def with_sellers(connection: Connection, offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each offer with its supplier: there are few of them."""
    if offers:
        cursor = await connection.execute("SELECT * FROM platform.suppliers WHERE code = ANY(%s)",
                                          (sorted({one["supplier"] for one in offers}),))
        sellers = {row["code"]: rows.supplier(row) for row in await cursor.fetchall()}
        for one in offers:
            one["seller"] = sellers[one["supplier"]]
    return offers


async def order(connection: Connection, who: Identity, order_id: int) -> dict[str, Any] | None:
    """One order, or none when it does not exist or is another kitchen's."""
    cursor = await connection.execute("SELECT * FROM platform.orders WHERE id = %s", (order_id,))
    row = await cursor.fetchone()
    return rows.order(row) if row and who.may_see(row["kitchen_code"]) else None


async def orders(connection: Connection, who: Identity, wanted: dict[str, Any], first: int = 50,
                 after: str | None = None) -> dict[str, Any]:
    """Newest first. The text of each condition is fixed here; only values come from outside."""
    first = size(first)
    conditions = ["true"]
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        conditions.append(condition)
        values.extend(given)
    if after:
        add("id < %s", rows.order_id(rows.position(after)))
    if wanted.get("status"):
        one = len(wanted["status"]) == 1
        add("status = %s" if one else "status = ANY(%s)", wanted["status"][0] if one else wanted["status"])
    if wanted.get("kitchen"):
        add("kitchen_code = %s", wanted["kitchen"])
    if wanted.get("supplier"):
        add("supplier_code = %s", wanted["supplier"])
    if wanted.get("open") is not None:
        add("is_open" if wanted["open"] else "NOT is_open")
    if wanted.get("late"):
        add("is_open AND due_at < now()")
    if wanted.get("minimumMinor") is not None:
        add("total_minor >= %s", wanted["minimumMinor"])
    if "*" not in who.kitchens:
        mine = sorted(who.kitchens)
        add("kitchen_code = %s" if len(mine) == 1 else "kitchen_code = ANY(%s)", mine[0] if len(mine) == 1 else mine)
    query = f"SELECT * FROM platform.orders WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT %s"
    cursor = await connection.execute(query.encode(), (*values, first + 1))
    found = [rows.order(row) for row in await cursor.fetchall()]
    return rows.page(found, [one["id"] for one in found], first, after)


async def lines(connection: Connection, order_id: int) -> list[dict[str, Any]]:
    """An order's lines with their items."""
    cursor = await connection.execute(
        "SELECT l.*, i.name, i.category, i.unit, i.pack_size, i.allergens FROM platform.order_lines AS l"
        " JOIN platform.items AS i ON i.code = l.item_code WHERE order_id = %s ORDER BY line", (order_id,))
    return [rows.line(row) for row in await cursor.fetchall()]


async def events(connection: Connection, order_id: int) -> list[dict[str, Any]]:
    """An order's life, oldest first."""
    cursor = await connection.execute(
        "SELECT * FROM platform.order_events WHERE order_id = %s ORDER BY id LIMIT 500", (order_id,))
    return [rows.event(row) for row in await cursor.fetchall()]


async def agent_runs(connection: Connection, order_id: int) -> list[str]:
    """The agents' threads about the order."""
    cursor = await connection.execute(
        "SELECT thread FROM platform.order_agent_runs(%s) AS found (thread) ORDER BY 1 LIMIT 100", (order_id,))
    return [row["thread"] for row in await cursor.fetchall()]


async def allowed_moves(connection: Connection, status: str, role: str) -> list[str]:
    """What this role may do with an order in this status."""
    cursor = await connection.execute(
        "SELECT DISTINCT move FROM platform.order_moves WHERE from_status = %s AND %s = ANY (roles) ORDER BY 1",
        (status, role))
    return [row["move"] for row in await cursor.fetchall()]


def size(first: int) -> int:
    """The page's size, if it is one."""
    if not 1 <= first <= MOST:
        raise invalid("first", f"first must be 1 to {MOST}")
    return first


def _literal(text: str) -> str:
    return text[:100].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
