"""Resolvers of the mutations: single ones, and batches of which each part is decided for itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from graphql import GraphQLError

from . import graph_rows as rows
from . import agent_threads
from . import graph_queries as queries
from . import habits, moves, placing, policies, pricing, queues, receiving, texts
from .database import Connection
from .graph_roots import Queries
from .graph_session import settled
from .moves import Act
from .placing import Wanted
from .pricing import WantedLine
from .refusals import Refusal, invalid, not_found, refuse, role_forbidden

MOST_ACTS = 100
Change = Callable[[Connection, Act], Awaitable[dict[str, Any]]]


class Roots(Queries):
    """Types Query and Mutation."""

    async def placeOrder(self, _: Any, input: dict[str, Any], idempotencyKey: str) -> dict[str, Any]:  # noqa: A002, N802, N803
        """Mutation.placeOrder"""
        wanted = _wanted(input)
        row, replayed = await self.session.run(lambda c: placing.place(c, self.session.who, wanted, idempotencyKey))
        return await self._placed(row, replayed)

    async def placeOrders(self, _: Any, orders: list[dict[str, Any]], allOrNothing: bool) -> list[dict[str, Any]]:  # noqa: N802, N803
        """Mutation.placeOrders"""
        wanted = [(_wanted(one["input"]), one["idempotencyKey"]) for one in orders]
        who = self.session.who

        async def checked(connection: Connection) -> list[tuple[dict[str, Any], bool]]:
            placing.check_batch(wanted)
            return await placing.place_all(connection, who, wanted) if allOrNothing else []
        # fifty orders of forty lines take two seconds on a small machine
        placed = await self.session.run(checked, deadline=20.0)
        if allOrNothing:
            return [await self._placed(row, replayed) for row, replayed in placed]
        return [await self._place_one(one, key) for one, key in wanted]

    async def _place_one(self, wanted: Wanted, key: str) -> dict[str, Any]:
        try:
            row, replayed = await self.session.attempt(lambda c: placing.place(c, self.session.who, wanted, key))
        except Refusal as refusal:
            return {"order": None, "replayed": False, "error": _said(refusal)}
        return await self._placed(row, replayed)

    async def repeatOrder(self, _: Any, id: str, idempotencyKey: str, expectedVersion: int | None = None,  # noqa: A002, N802, N803
                          note: str = "") -> dict[str, Any]:
        """Mutation.repeatOrder"""
        who = self.session.who

        async def work(connection: Connection) -> tuple[dict[str, Any], bool]:
            if who.role == "viewer":
                raise role_forbidden(who.role, "place orders")
            before = await moves.lock(connection, Act(who, rows.order_id(id), expectedVersion))
            cursor = await connection.execute(
                "SELECT line, item_code, quantity + cut_quantity AS quantity FROM platform.order_lines"
                " WHERE order_id = %s ORDER BY line", (before["id"],))
            lines = tuple(WantedLine(number, row["item_code"], row["quantity"])
                          for number, row in enumerate(await cursor.fetchall(), 1))
            again = Wanted(before["kitchen_code"], before["supplier_code"], lines, note)
            return await placing.place(connection, who, again, idempotencyKey)
        return await self._placed(*await self.session.run(work))

    async def _placed(self, row: dict[str, Any], replayed: bool) -> dict[str, Any]:
        self.session.metrics.count("orders_replayed" if replayed else "orders_placed")
        if row["status"] == "submitted":
            await self.session.enqueue(queues.ORDERS, "validate", row["id"], f"order-{row['id']}-validate")
        return {"order": self.session.order(rows.order(row)), "replayed": replayed}

    async def approveOrder(self, _: Any, **given: Any) -> dict[str, Any]:  # noqa: N802
        """Mutation.approveOrder"""
        return await self._one("approve", _approve, **given)

    async def holdOrder(self, _: Any, **given: Any) -> dict[str, Any]:  # noqa: N802
        """Mutation.holdOrder"""
        return await self._one("hold", _moving("hold", reason=True), **given)

    async def releaseOrder(self, _: Any, **given: Any) -> dict[str, Any]:  # noqa: N802
        """Mutation.releaseOrder"""
        return await self._one("release", _moving("release"), **given)

    async def resendOrder(self, _: Any, **given: Any) -> dict[str, Any]:  # noqa: N802
        """Mutation.resendOrder"""
        return await self._one("resend", _moving("resend"), **given)

    async def cancelOrder(self, _: Any, **given: Any) -> dict[str, Any]:  # noqa: N802
        """Mutation.cancelOrder"""
        return await self._one("cancel", _moving("cancel", reason=True), **given)

    async def addOrderNote(self, _: Any, text: str, **given: Any) -> dict[str, Any]:  # noqa: N802
        """Mutation.addOrderNote"""
        return await self._one("note", lambda c, act: moves.add_note(c, act, text), **given)

    async def receiveOrder(self, _: Any, final: bool, lines: list[dict[str, Any]] | None = None,  # noqa: N802
                           **given: Any) -> dict[str, Any]:
        """Mutation.receiveOrder"""
        arrived = None if lines is None else {
            line["line"]: receiving.Arrived(line["received"], line.get("damaged"), line.get("short")) for line in lines}

        async def change(connection: Connection, act: Act) -> dict[str, Any]:
            if lines is not None and len(lines) != len(arrived or {}):
                raise invalid("line", "a line is named twice")
            return await receiving.receive(connection, act, arrived, final)
        return await self._one("receive", change, **given)

    async def approveOrders(self, _: Any, **given: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Mutation.approveOrders"""
        return await self._many("approve", _approve, **given)

    async def holdOrders(self, _: Any, **given: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Mutation.holdOrders"""
        return await self._many("hold", _moving("hold", reason=True), **given)

    async def releaseOrders(self, _: Any, **given: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Mutation.releaseOrders"""
        return await self._many("release", _moving("release"), **given)

    async def resendOrders(self, _: Any, **given: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Mutation.resendOrders"""
        return await self._many("resend", _moving("resend"), **given)

    async def cancelOrders(self, _: Any, **given: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Mutation.cancelOrders"""
        return await self._many("cancel", _moving("cancel", reason=True), **given)

    async def receiveOrders(self, _: Any, **given: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Mutation.receiveOrders"""
        return await self._many("receive", lambda c, act: receiving.receive(c, act, None), **given)

    async def addOrderNotes(self, _: Any, text: str, **given: Any) -> list[dict[str, Any]]:  # noqa: N802
        """Mutation.addOrderNotes"""
        return await self._many("note", lambda c, act: moves.add_note(c, act, text), **given)

    async def setFavourite(self, _: Any, kitchen: str, item: str, supplier: str, pinned: bool) -> bool:  # noqa: N802
        """Mutation.setFavourite"""
        async def work(connection: Connection) -> bool:
            placing.may_order(self.session.who, kitchen)
            await pricing.kitchen(connection, kitchen)
            return await habits.pin(connection, self.session.who.subject, kitchen, item, supplier, pinned)
        return await self.session.run(work)

    async def resumeRun(self, _: Any, thread: str, decision: str, reason: str) -> dict[str, Any]:  # noqa: N802
        """Mutation.resumeRun"""
        who = self.session.who
        try:
            number, graph = agent_threads.parse(thread)
            if not number:
                raise invalid("thread", f"{thread[:80]!r} is no thread of an agent")
            if who.role not in ("operator", "lead"):
                raise role_forbidden(who.role, f"answer for the {graph}")
            texts.line(reason or "", "reason", 500)
            order = await self.session.attempt(lambda c: queries.order(c, who, number))
            if order is None:
                raise not_found("order", number)
            return {"queue": queues.AGENTS, "id": await self.session.answer(thread, decision, order["version"])}
        except Refusal as refusal:
            raise GraphQLError(str(refusal), extensions={"code": refusal.code, **refusal.details}) from None

    async def _one(self, name: str, change: Change, **given: Any) -> dict[str, Any]:
        try:
            return await self._act(name, change, **given)
        except Refusal as refusal:
            raise GraphQLError(str(refusal), extensions={"code": refusal.code, **refusal.details}) from None

    async def _many(self, name: str, change: Change, orders: list[dict[str, Any]], **given: Any) -> list[dict[str, Any]]:
        """One after the other, each in its own transaction: one refusal keeps no other from being carried out."""
        if not 1 <= len(orders) <= MOST_ACTS:
            refusal = invalid("orders", f"a batch has 1 to {MOST_ACTS} orders, not {len(orders)}")
            raise GraphQLError(str(refusal), extensions={"code": refusal.code, **refusal.details})
        results = []
        for one in orders:
            try:
                results.append({"id": one["id"], "order": await self._act(name, change, **one, **given), "error": None})
            except Refusal as refusal:
                results.append({"id": one["id"], "order": None, "error": _said(refusal)})
        return results

    async def _act(self, name: str, change: Change, id: str, expectedVersion: int, reason: str | None = "",  # noqa: A002, N803
                   requestId: str | None = "") -> dict[str, Any]:  # noqa: N803
        act = Act(self.session.who, rows.order_id(id), expectedVersion, texts.line(requestId or "", "requestId", 100),
                  texts.line(reason or "", "reason", 500))
        row, fresh = await settled(self.session.attempt(lambda c: change(c, act)))
        if fresh:
            self.session.metrics.count("orders_moved")
        await self.session.follow(name, row)
        return self.session.order(rows.order(row))


def _moving(name: str, *, reason: bool = False) -> Change:
    async def change(connection: Connection, act: Act) -> dict[str, Any]:
        if reason and not act.detail:
            raise invalid("reason", "a reason is needed")
        return await moves.move(connection, act, name)
    return change


async def _approve(connection: Connection, act: Act) -> dict[str, Any]:
    """Policies come first: approving what they would hold, before the worker got to it, is a lead's decision."""
    order = await moves.lock(connection, act, "approve")
    await moves.permit(connection, act, order, "approve")
    if act.who.role != "lead" and (holds := await policies.of_order(connection, order)):
        raise refuse(pricing.hold_problems(holds))
    return await moves.move(connection, act, "approve")


def _wanted(given: dict[str, Any]) -> Wanted:
    lines = tuple(WantedLine(number, line["item"], line["quantity"], line.get("expectedPriceMinor"))
                  for number, line in enumerate(given["lines"], 1))
    wanted = Wanted(given["kitchen"], given["supplier"], lines, given.get("note") or "", given.get("expectedCutOffAt"))
    return replace(wanted, accept_hold=given.get("acceptHold") is not False)


def _said(refusal: Refusal) -> dict[str, Any]:
    """A refusal as the type ActionError."""
    return {"code": refusal.code, "message": str(refusal), "problems": [], **refusal.details}
