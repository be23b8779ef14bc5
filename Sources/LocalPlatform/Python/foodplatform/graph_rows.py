"""Rows of the database as the GraphQL types name them."""

from __future__ import annotations

import base64
from datetime import datetime, timezone
from typing import Any

from . import cutoff, texts
from .refusals import invalid


def moment(at: datetime) -> str:
    """UTC, milliseconds, Z."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def kitchen(row: dict[str, Any]) -> dict[str, Any]:
    """A Kitchen."""
    return {**{key: row[key] for key in ("code", "name", "city", "country", "region", "currency")},
            "timeZone": row["time_zone"], "holdAboveMinor": row["hold_above_minor"]}


def supplier(row: dict[str, Any]) -> dict[str, Any]:
    """A Supplier."""
    return {**{key: row[key] for key in ("code", "name", "country", "currency", "categories")},
            "leadTimeHours": row["lead_time_hours"], "cutOff": row["cut_off"].strftime("%H:%M"),
            "timeZone": row["time_zone"], "minimumOrderMinor": row["minimum_order_minor"],
            "nextCutOffAt": moment(cutoff.following(row))}


def item(row: dict[str, Any]) -> dict[str, Any]:
    """An Item, from a row that was joined with platform.items."""
    return {"code": row["item_code"], "name": row["name"], "category": row["category"], "unit": row["unit"],
            "packSize": row["pack_size"], "allergens": row["allergens"]}


def offer(row: dict[str, Any]) -> dict[str, Any]:
    """An Offer."""
    return {"item": item(row), "supplier": row["supplier_code"], "supplierSku": row["supplier_sku"],
            "currency": row["currency"], "priceMinor": row["price_minor"], "inStock": row["in_stock"]}


def line(row: dict[str, Any]) -> dict[str, Any]:
    """An OrderLine."""
    return {"line": row["line"], "item": item(row), "quantity": row["quantity"],
            "receivedQuantity": row["received_quantity"], "damagedQuantity": row["damaged_quantity"],
            "shortQuantity": row["short_quantity"], "cutQuantity": row["cut_quantity"],
            "priceMinor": row["price_minor"], "totalMinor": row["total_minor"]}


def event(row: dict[str, Any]) -> dict[str, Any]:
    """An OrderEvent."""
    return {"id": str(row["id"]), "at": moment(row["at"]), "move": row["move"], "fromStatus": row["from_status"],
            "toStatus": row["to_status"], "version": row["version"], "actor": row["actor"],
            "actorRole": row["actor_role"], "detail": row["detail"], "fields": row["fields"],
            "requestId": row["request_id"]}


def order(row: dict[str, Any]) -> dict[str, Any]:
    """An Order without its lines and events, which are fetched when asked for."""
    return {"id": str(row["id"]), "kitchen": row["kitchen_code"], "supplier": row["supplier_code"],
            "status": row["status"], "currency": row["currency"], "totalMinor": row["total_minor"],
            "lineCount": row["line_count"], "version": row["version"], "placedAt": moment(row["placed_at"]),
            "dueAt": moment(row["due_at"]), "updatedAt": moment(row["updated_at"]), "placedBy": row["placed_by"],
            "note": row["note"], "isOpen": row["is_open"]}


def page(rows: list[dict[str, Any]], cursors: list[str], first: int, after: str | None) -> dict[str, Any]:
    """A Relay connection from up to `first` + 1 nodes: the one too many says that there is more."""
    edges = [{"cursor": cursor(at), "node": node} for node, at in zip(rows[:first], cursors, strict=False)]
    return {"edges": edges, "pageInfo": {
        "hasNextPage": len(rows) > first, "hasPreviousPage": after is not None,
        "startCursor": edges[0]["cursor"] if edges else None, "endCursor": edges[-1]["cursor"] if edges else None}}


def cursor(position: str) -> str:
    """Opaque to clients, and it stays valid while rows come and go: it is a position, not a count."""
    return base64.urlsafe_b64encode(position.encode()).decode()


def position(after: str) -> str:
    """What a cursor stands for."""
    try:
        found = base64.urlsafe_b64decode(after[:400].encode()).decode()
    except ValueError:
        found = ""
    if not found or not texts.printable(found):
        raise invalid("after", "after is not a cursor of this list")
    return found


def order_id(text: str) -> int:
    """The number behind an order's ID."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise invalid("id", f"order id must be a whole number, not {text[:40]!r}")
    return int(text)
