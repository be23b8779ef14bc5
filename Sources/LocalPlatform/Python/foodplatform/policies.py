"""The rules that hold an order until a person has looked at it: value, allergens, budget.

The API asks them before an order is placed, the worker after; both ask here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .database import Connection


@dataclass(frozen=True)
class Subject:
    """What a policy looks at. `order_id` is none while the order is only a plan."""

    kitchen: str
    total: int
    # line -> allergens
    allergens: dict[int, frozenset[str]]
    order_id: int | None = None


async def of_order(connection: Connection, order: dict[str, Any]) -> list[dict[str, Any]]:
    """The policies that an order which exists meets."""
    cursor = await connection.execute(
        "SELECT l.line, i.allergens FROM platform.order_lines AS l JOIN platform.items AS i ON i.code = l.item_code"
        " WHERE l.order_id = %s", (order["id"],))
    allergens = {row["line"]: frozenset(row["allergens"]) for row in await cursor.fetchall()}
    return await hits(connection, Subject(order["kitchen_code"], order["total_minor"], allergens, order["id"]))


async def hits(connection: Connection, subject: Subject) -> list[dict[str, Any]]:
    """Every policy that holds the subject, as the API's type PolicyHit."""
    cursor = await connection.execute(
        "SELECT p.*, k.hold_above_minor, k.currency FROM platform.policies AS p"
        " JOIN platform.kitchens AS k ON k.code = %s"
        " WHERE p.enabled AND (p.kitchen_code IS NULL OR p.kitchen_code = k.code) ORDER BY p.kind DESC, p.code",
        (subject.kitchen,))
    found: list[dict[str, Any]] = []
    for policy in await cursor.fetchall():
        found += await _meets(connection, policy, subject)
    return found


def words(found: list[dict[str, Any]]) -> str:
    """Why an order is held, for its event."""
    return "; ".join(dict.fromkeys(one["message"] for one in found))[:500]


async def _meets(connection: Connection, policy: dict[str, Any], subject: Subject) -> list[dict[str, Any]]:
    def hit(message: str, line: int | None = None) -> dict[str, Any]:
        return {"policy": policy["code"], "kind": policy["kind"], "message": message, "line": line}
    if policy["kind"] == "value":
        limit = policy["limit_minor"] or policy["hold_above_minor"]
        if subject.total > limit:
            return [hit(f"{policy['title']} of {_money(limit, policy['currency'])}")]
    elif policy["kind"] == "allergen":
        wanted = frozenset(policy["allergens"])
        return [hit(f"{policy['title']}: {', '.join(sorted(wanted & holds))}", line)
                for line, holds in sorted(subject.allergens.items()) if wanted & holds]
    elif policy["kind"] == "budget":
        spent = await _spent(connection, subject, policy["hours"])
        if spent + subject.total > policy["limit_minor"]:
            return [hit(f"{policy['title']} of {_money(policy['limit_minor'], policy['currency'])} is used up")]
    return []


async def _spent(connection: Connection, subject: Subject, hours: int) -> int:
    """By id, downwards and bounded: the index has no time, and ten million orders must not be read for a sum."""
    cursor = await connection.execute(
        "SELECT coalesce(sum(total_minor), 0)::bigint AS spent FROM"
        " (SELECT id, status, total_minor, placed_at FROM platform.orders WHERE kitchen_code = %s"
        " ORDER BY id DESC LIMIT 2000) AS newest"
        " WHERE placed_at > now() - %s * interval '1 hour' AND status NOT IN ('rejected', 'cancelled')"
        " AND (%s::bigint IS NULL OR id < %s)", (subject.kitchen, hours, subject.order_id, subject.order_id))
    row = await cursor.fetchone()
    return int(row["spent"]) if row else 0


def _money(minor: int, currency: str) -> str:
    return f"{minor / 100:,.2f} {currency}"
