"""Becoming, in the database, no more than the token's role is."""

from __future__ import annotations

from .database import Connection
from .tokens import Identity

_ROLES = {"viewer": "platform_api_viewer", "kitchen": "platform_api_kitchen", "operator": "platform_api_operator",
          "lead": "platform_api_lead"}


async def become(connection: Connection, who: Identity) -> None:
    """Until the transaction ends. access.sql holds what each role may do and which kitchens it sees."""
    await connection.execute(
        "SELECT set_config('role', %s, true), set_config('platform.kitchens', %s, true)",
        (_ROLES[who.role], "*" if "*" in who.kitchens else ",".join(sorted(who.kitchens))))
