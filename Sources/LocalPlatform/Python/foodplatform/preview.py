"""The dry form of an order: split by supplier, priced, checked; nothing is placed."""

from __future__ import annotations

from typing import Any

from . import cutoff, pricing, texts
from . import graph_rows as rows
from .database import Connection
from .pricing import WantedLine
from .refusals import invalid, problem, wrong_kitchen
from .tokens import Identity


async def preview(connection: Connection, who: Identity, given: dict[str, Any]) -> dict[str, Any]:
    """As the API's type Preview."""
    if not who.may_see(given["kitchen"]):
        raise wrong_kitchen(given["kitchen"])
    lines = given["lines"]
    if not 1 <= len(lines) <= 10 * pricing.MOST_LINES:
        raise invalid("lines", f"a preview has 1 to {10 * pricing.MOST_LINES} lines")
    texts.paragraphs(given.get("note") or "", "note", 500)
    buyer = await pricing.kitchen(connection, given["kitchen"])
    cheapest = await _cheapest(connection, buyer, [line["item"] for line in lines if not line.get("supplier")])
    by_supplier: dict[str, list[WantedLine]] = {}
    problems: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        seller = line.get("supplier") or cheapest.get(line["item"])
        if seller is None:
            problems.append(problem("INVALID", f"nobody sells {line['item']} to {buyer['code']}", line=number, field="item"))
            continue
        by_supplier.setdefault(seller, []).append(
            WantedLine(number, line["item"], line["quantity"], line.get("expectedPriceMinor")))
    cursor = await connection.execute("SELECT * FROM platform.suppliers WHERE code = ANY(%s)", (list(by_supplier),))
    sellers = {row["code"]: row for row in await cursor.fetchall()}
    orders = []
    for code, wanted in sorted(by_supplier.items()):
        if code not in sellers:
            problems += [problem("INVALID", f"supplier {code} does not exist", line=line.number, field="supplier")
                         for line in wanted]
            continue
        orders.append(_order(await pricing.price(connection, buyer, sellers[code], wanted)))
    return {"kitchen": buyer["code"], "currency": buyer["currency"],
            "totalMinor": sum(order["totalMinor"] for order in orders),
            "allergens": sorted({one for order in orders for one in order["allergens"]}),
            "orders": orders, "problems": problems}


def _order(priced: pricing.Priced) -> dict[str, Any]:
    minimum = priced.supplier["minimum_order_minor"]
    return {"supplier": rows.supplier(priced.supplier), "lines": [_line(line, offer) for line, offer in priced.lines],
            "totalMinor": priced.total, "minimumOrderMinor": minimum, "missingMinor": max(0, minimum - priced.total),
            "allergens": priced.allergens, "cutOffAt": rows.moment(cutoff.following(priced.supplier)),
            "dueAt": rows.moment(priced.due_at), "holds": priced.holds, "problems": priced.problems}


def _line(line: WantedLine, offer: dict[str, Any] | None) -> dict[str, Any]:
    known = {} if offer is None else {
        "item": rows.item(offer), "priceMinor": offer["price_minor"],
        "totalMinor": max(0, line.quantity) * offer["price_minor"], "inStock": offer["in_stock"]}
    return {"line": line.number, "quantity": line.quantity, **known}


async def _cheapest(connection: Connection, buyer: dict[str, Any], items: list[str]) -> dict[str, str]:
    """Item -> the supplier that has it at the lowest price; one that is out of stock only if all are."""
    cursor = await connection.execute(
        "SELECT DISTINCT ON (item_code) item_code, supplier_code FROM platform.prices"
        " WHERE item_code = ANY(%s) AND currency = %s ORDER BY item_code, in_stock DESC, price_minor, supplier_code",
        (items, buyer["currency"]))
    return {row["item_code"]: row["supplier_code"] for row in await cursor.fetchall()}
