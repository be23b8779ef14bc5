"""What the agents know of orders: a few reads, each by a key."""

from __future__ import annotations

from typing import Any

from .database import Connection, Database


def money(minor: int, currency: str) -> str:
    """As people write it."""
    return f"{currency} {minor / 100:,.2f}"


class Orders:
    """Reads over the process's own connections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def _rows(self, text: str, *values: Any) -> list[dict[str, Any]]:
        async def work(connection: Connection) -> list[dict[str, Any]]:
            return await (await connection.execute(text, values)).fetchall()
        return await self._database.run(work)

    async def order(self, order_id: int) -> dict[str, Any] | None:
        """The order as it is now, with its kitchen's limit; numbers and texts only, for it goes into the state."""
        rows = await self._rows(
            "SELECT o.id, o.kitchen_code, o.supplier_code, o.status, o.currency::text, o.total_minor, o.line_count,"
            " k.hold_above_minor FROM platform.orders AS o JOIN platform.kitchens AS k ON k.code = o.kitchen_code"
            " WHERE o.id = %s", order_id)
        return rows[0] if rows else None

    async def lines(self, order_id: int) -> list[dict[str, Any]]:
        """What was ordered."""
        return await self._rows(
            "SELECT l.line, l.quantity, l.item_code, i.name, i.pack_size FROM platform.order_lines AS l"
            " JOIN platform.items AS i ON i.code = l.item_code WHERE l.order_id = %s ORDER BY l.line", order_id)

    async def items_like(self, text: str) -> list[str]:
        """Names of items that begin alike."""
        rows = await self._rows(
            "SELECT code || ' ' || name AS item FROM platform.items WHERE name ILIKE %s ORDER BY code LIMIT 3",
            text.split(" ")[0].replace("%", "") + "%")
        return [row["item"] for row in rows]

    async def offers(self, supplier: str) -> int:
        """How much a supplier sells."""
        rows = await self._rows("SELECT count(*)::int AS n FROM platform.prices WHERE supplier_code = %s", supplier)
        return int(rows[0]["n"])

    async def open_orders(self, kitchen: str) -> int:
        """How many orders of a kitchen are open, counted no further than 100."""
        rows = await self._rows(
            "SELECT count(*)::int AS n FROM (SELECT 1 FROM platform.orders WHERE is_open AND kitchen_code = %s"
            " LIMIT 100) AS counted", kitchen)
        return int(rows[0]["n"])

    async def rivals(self, order_id: int) -> list[dict[str, Any]]:
        """Suppliers that sell most of what was ordered, with their price for it and their lead time."""
        return await self._rows(
            "SELECT p.supplier_code AS supplier, sum(p.price_minor * l.quantity)::bigint AS total,"
            " count(*)::int AS lines, min(s.lead_time_hours)::int AS hours FROM platform.order_lines AS l"
            " JOIN platform.prices AS p ON p.item_code = l.item_code AND p.in_stock"
            " JOIN platform.suppliers AS s ON s.code = p.supplier_code WHERE l.order_id = %s"
            " GROUP BY p.supplier_code ORDER BY lines DESC, total LIMIT 5", order_id)
