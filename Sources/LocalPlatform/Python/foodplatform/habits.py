"""What a kitchen orders again and again: by weekday, and altogether."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from . import graph_queries as queries
from . import graph_rows as rows
from . import pricing
from .database import Connection
from .refusals import invalid

# The kitchen's newest orders by id: an index has them in this order, however many orders there are.
_RECENT = ("WITH recent AS (SELECT id, placed_at FROM platform.orders WHERE kitchen_code = %(kitchen)s"
           " AND status NOT IN ('rejected', 'cancelled') ORDER BY id DESC LIMIT 500)")
_OFFER = ("p.*, i.name, i.category, i.unit, i.pack_size, i.allergens FROM platform.prices AS p"
          " JOIN platform.items AS i ON i.code = p.item_code")


async def usual(connection: Connection, kitchen: str, weekday: int | None) -> dict[str, Any]:
    """The items of that weekday's orders: each with its middle quantity, most frequent first."""
    buyer = await pricing.kitchen(connection, kitchen)
    day = datetime.now(ZoneInfo(buyer["time_zone"])).isoweekday() if weekday is None else weekday
    if not 1 <= day <= 7:
        raise invalid("weekday", "weekday must be 1 (Monday) to 7 (Sunday)")
    values = {"kitchen": kitchen, "zone": buyer["time_zone"], "day": day}
    of_day = ", of_day AS (SELECT id FROM recent WHERE extract(isodow FROM placed_at AT TIME ZONE %(zone)s) = %(day)s)"
    cursor = await connection.execute((_RECENT + of_day + " SELECT count(*) AS orders FROM of_day").encode(), values)
    counted = await cursor.fetchone()
    cursor = await connection.execute((
        _RECENT + of_day + ", habit AS (SELECT l.item_code, o.supplier_code, count(*)::int AS orders,"
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY l.quantity) AS quantity FROM of_day"
        " JOIN platform.orders AS o USING (id) JOIN platform.order_lines AS l ON l.order_id = o.id"
        " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 40)"
        f" SELECT habit.orders, habit.quantity, {_OFFER} JOIN habit USING (item_code, supplier_code)"
        " ORDER BY habit.orders DESC, p.item_code, p.supplier_code").encode(), values)
    found = await cursor.fetchall()
    offers = await queries.with_sellers(connection, [rows.offer(row) for row in found])
    return {"weekday": day, "basedOn": counted["orders"] if counted else 0,
            "lines": [{"offer": offer, "quantity": row["quantity"], "orders": row["orders"]}
                      for offer, row in zip(offers, found, strict=True)]}


async def favourites(connection: Connection, kitchen: str, first: int) -> list[dict[str, Any]]:
    """What the kitchen pinned, then what it orders most."""
    await pricing.kitchen(connection, kitchen)
    cursor = await connection.execute((
        _RECENT + ", habit AS (SELECT l.item_code, o.supplier_code, count(*)::int AS orders,"
        " (array_agg(l.quantity ORDER BY o.id DESC))[1] AS last_quantity FROM recent"
        " JOIN platform.orders AS o USING (id) JOIN platform.order_lines AS l ON l.order_id = o.id GROUP BY 1, 2),"
        " pins AS (SELECT item_code, supplier_code, true AS pinned FROM platform.favourites"
        " WHERE kitchen_code = %(kitchen)s),"
        " chosen AS (SELECT item_code, supplier_code, coalesce(pins.pinned, false) AS pinned,"
        " coalesce(habit.orders, 0) AS orders, habit.last_quantity FROM habit FULL JOIN pins USING (item_code, supplier_code)"
        " ORDER BY 3 DESC, 4 DESC, 1, 2 LIMIT %(limit)s)"
        f" SELECT chosen.pinned, chosen.orders, chosen.last_quantity, {_OFFER} JOIN chosen USING (item_code, supplier_code)"
        " ORDER BY chosen.pinned DESC, chosen.orders DESC, p.item_code, p.supplier_code").encode(),
        {"kitchen": kitchen, "limit": queries.size(first)})
    found = await cursor.fetchall()
    offers = await queries.with_sellers(connection, [rows.offer(row) for row in found])
    return [{"offer": offer, "pinned": row["pinned"], "orders": row["orders"], "lastQuantity": row["last_quantity"]}
            for offer, row in zip(offers, found, strict=True)]


async def pin(connection: Connection, subject: str, kitchen: str, item: str, supplier: str, pinned: bool) -> bool:
    """Put an offer at hand, or away; says whether it is at hand now."""
    if not pinned:
        await connection.execute(
            "DELETE FROM platform.favourites WHERE (kitchen_code, item_code, supplier_code) = (%s, %s, %s)",
            (kitchen, item, supplier))
        return False
    cursor = await connection.execute(
        "INSERT INTO platform.favourites (kitchen_code, item_code, supplier_code, pinned_by)"
        " SELECT k.code, p.item_code, p.supplier_code, %s FROM platform.prices AS p, platform.kitchens AS k"
        " WHERE p.item_code = %s AND p.supplier_code = %s AND k.code = %s AND k.currency = p.currency"
        " ON CONFLICT DO NOTHING", (subject, item, supplier, kitchen))
    if cursor.rowcount == 0:
        cursor = await connection.execute(
            "SELECT FROM platform.favourites WHERE (kitchen_code, item_code, supplier_code) = (%s, %s, %s)",
            (kitchen, item, supplier))
        if await cursor.fetchone() is None:
            raise invalid("item", f"{supplier} does not sell {item} to {kitchen}")
    return True
