"""Resolvers of the queries: the names of the schema, tied to what they read."""

from __future__ import annotations

from typing import Any

from . import catalogue, graph_rows as rows
from . import graph_queries as queries
from . import habits, preview
from .database import Connection
from .graph_session import Session
from .refusals import wrong_kitchen


class Queries:
    """Type Query."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def _own(self, kitchen: str | None) -> None:
        if kitchen is not None and not self.session.who.may_see(kitchen):
            raise wrong_kitchen(kitchen)

    async def viewer(self, _: Any) -> dict[str, Any]:
        """Who the token says one is."""
        who = self.session.who
        return {"subject": who.subject, "role": who.role, "kitchens": sorted(who.kitchens)}

    async def kitchens(self, _: Any) -> list[dict[str, Any]]:
        """Query.kitchens"""
        return await self.session.run(lambda c: queries.kitchens(c, self.session.who))

    async def suppliers(self, _: Any) -> list[dict[str, Any]]:
        """Query.suppliers"""
        return await self.session.run(queries.suppliers)

    async def policies(self, _: Any, kitchen: str | None = None) -> list[dict[str, Any]]:
        """Query.policies"""
        return await self.session.run(lambda c: queries.policies(c, self.session.who, kitchen))

    async def orderMoves(self, _: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Query.orderMoves"""
        return await self.session.run(queries.order_moves)

    async def catalogue(self, _: Any, **given: Any) -> dict[str, Any]:
        """Query.catalogue"""
        return await self.session.run(lambda c: queries.catalogue(c, **given))

    async def catalogueVersion(self, _: Any, kitchen: str) -> dict[str, Any]:  # noqa: N802
        """Query.catalogueVersion"""
        return await self.session.run(lambda c: catalogue.version(c, kitchen))

    async def usualOrder(self, _: Any, kitchen: str, weekday: int | None = None) -> dict[str, Any]:  # noqa: N802
        """Query.usualOrder"""
        async def work(connection: Connection) -> dict[str, Any]:
            self._own(kitchen)
            return await habits.usual(connection, kitchen, weekday)
        return await self.session.run(work)

    async def favourites(self, _: Any, kitchen: str, first: int) -> list[dict[str, Any]]:
        """Query.favourites"""
        async def work(connection: Connection) -> list[dict[str, Any]]:
            self._own(kitchen)
            return await habits.favourites(connection, kitchen, first)
        return await self.session.run(work)

    async def order(self, _: Any, id: str) -> dict[str, Any] | None:  # noqa: A002 - the schema's name
        """Query.order"""
        async def work(connection: Connection) -> dict[str, Any] | None:
            return await queries.order(connection, self.session.who, rows.order_id(id))
        found = await self.session.run(work)
        return self.session.order(found) if found else None

    async def orders(self, _: Any, filter: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:  # noqa: A002
        """Query.orders"""
        found = await self.session.run(lambda c: queries.orders(c, self.session.who, filter or {}, **given))
        for edge in found["edges"]:
            edge["node"] = self.session.order(edge["node"])
        return found

    async def previewOrder(self, _: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Query.previewOrder"""
        return await self.session.run(lambda c: preview.preview(c, self.session.who, input))
