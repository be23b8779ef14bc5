"""What an order would cost and what is wrong with it; placing and the dry form ask the same here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from . import cutoff, policies
from .database import Connection
from .refusals import invalid, not_found, problem

MOST_LINES = 200
MOST_PACKS = 10_000


@dataclass(frozen=True)
class WantedLine:
    """One line as it was asked for; `price` is what the asker saw, if it saw one. `number` is its place, from 1."""

    number: int
    item: str
    quantity: int
    price: int | None = None


@dataclass
class Priced:
    """An order for one supplier, priced from the list."""

    supplier: dict[str, Any]
    lines: list[tuple[WantedLine, dict[str, Any] | None]]
    problems: list[dict[str, Any]] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0

    @property
    def allergens(self) -> list[str]:
        """All that the lines hold, once each."""
        return sorted({one for _, offer in self.lines if offer for one in offer["allergens"]})

    @property
    def due_at(self) -> datetime:
        """When it would come. One hour of lead time passes in one minute here, so that a day's life can be watched."""
        return datetime.now(timezone.utc) + timedelta(minutes=self.supplier["lead_time_hours"])


async def kitchen(connection: Connection, code: str) -> dict[str, Any]:
    """The kitchen of that code."""
    cursor = await connection.execute("SELECT * FROM platform.kitchens WHERE code = %s", (code,))
    if (row := await cursor.fetchone()) is None:
        raise not_found("kitchen", code)
    return row


async def supplier(connection: Connection, code: str) -> dict[str, Any]:
    """The supplier of that code."""
    cursor = await connection.execute("SELECT * FROM platform.suppliers WHERE code = %s", (code,))
    if (row := await cursor.fetchone()) is None:
        raise not_found("supplier", code)
    return row


async def price(connection: Connection, buyer: dict[str, Any], seller: dict[str, Any],
                lines: list[WantedLine]) -> Priced:
    """Prices, totals, problems and policies of the lines, all from one supplier."""
    if not 1 <= len(lines) <= MOST_LINES:
        raise invalid("lines", f"an order has 1 to {MOST_LINES} lines, not {len(lines)}")
    cursor = await connection.execute(
        "SELECT p.*, i.name, i.category, i.unit, i.pack_size, i.allergens FROM platform.prices AS p"
        " JOIN platform.items AS i ON i.code = p.item_code WHERE p.supplier_code = %s AND p.item_code = ANY(%s)",
        (seller["code"], [line.item for line in lines]))
    offers = {row["item_code"]: row for row in await cursor.fetchall()}
    priced = Priced(seller, [(line, offers.get(line.item)) for line in lines])
    if buyer["currency"] != seller["currency"]:
        priced.problems.append(problem(
            "INVALID", f"{seller['code']} bills in {seller['currency']}, {buyer['code']} pays in {buyer['currency']}",
            field="supplier"))
    for line, offer in priced.lines:
        priced.problems += _line_problems(seller, line, offer)
        if offer and 1 <= line.quantity <= MOST_PACKS:
            priced.total += int(offer["price_minor"]) * line.quantity
    if not priced.problems and priced.total < seller["minimum_order_minor"]:
        priced.problems.append(problem(
            "MIN_ORDER", f"below the minimum order of {seller['name']}", field="lines",
            minimumMinor=seller["minimum_order_minor"], totalMinor=priced.total))
    priced.holds = await policies.hits(connection, policies.Subject(buyer["code"], priced.total, {
        line.number: frozenset(offer["allergens"]) for line, offer in priced.lines if offer}))
    return priced


def _line_problems(seller: dict[str, Any], line: WantedLine, offer: dict[str, Any] | None) -> list[dict[str, Any]]:
    found = []
    if offer is None:
        found.append(problem("INVALID", f"{seller['code']} does not sell {line.item}", line=line.number, field="item"))
    if not 1 <= line.quantity <= MOST_PACKS:
        found.append(problem("INVALID", f"quantity must be 1 to {MOST_PACKS} packs", line=line.number, field="quantity"))
    if offer is None:
        return found
    if not offer["in_stock"]:
        found.append(problem("OUT_OF_STOCK", f"{offer['name']} is out of stock at {seller['code']}", line=line.number,
                             field="item"))
    if line.price is not None and line.price != offer["price_minor"]:
        found.append(problem("PRICE_CHANGED", f"the price of {offer['name']} has changed", line=line.number,
                             field="expectedPriceMinor", currentPriceMinor=offer["price_minor"]))
    return found


def cut_off_problem(seller: dict[str, Any], expected: datetime | None) -> list[dict[str, Any]]:
    """Too late for the delivery that the kitchen counted on."""
    if expected is None or datetime.now(timezone.utc) <= expected:
        return []
    return [problem("CUTOFF_PASSED", f"{seller['name']} takes orders for that delivery no more", field="expectedCutOffAt",
                    nextCutOffAt=cutoff.following(seller).isoformat().replace("+00:00", "Z"))]


def hold_problems(holds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Policies as reasons to refuse, for a client that wants no held order."""
    return [problem("POLICY_HELD", one["message"], line=one["line"], policy=one["policy"]) for one in holds]
