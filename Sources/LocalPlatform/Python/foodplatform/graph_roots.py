"""Resolvers: the names of the schema, tied to what they read and to what they change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from graphql import GraphQLError
from redis.exceptions import RedisError

from . import graph_queries as queries
from . import graph_rows as rows
from . import agent_threads, log, moves, placing, queues
from .database import Connection, Database, Unavailable
from .health import Metrics
from .refusals import Refusal
from .tokens import Identity

Result = TypeVar("Result")


class Roots:
    """One request's view of the platform: who asks, and with what it is answered."""

    def __init__(self, database: Database, jobs: queues.Queues, metrics: Metrics, who: Identity) -> None:
        self._database = database
        self._jobs = jobs
        self._metrics = metrics
        self._who = who

    async def _run(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        try:
            return await self._database.run(work)
        except Refusal as refusal:
            raise GraphQLError(str(refusal), extensions={"code": refusal.code, **refusal.details}) from None
        except Unavailable:
            # With a mutation the outcome is unknown now; the key or the version makes asking again safe.
            raise GraphQLError("the order database is not available, try again",
                               extensions={"code": "SERVICE_UNAVAILABLE", "retryable": True}) from None

    async def _enqueue(self, queue: str, name: str, order_id: int, job_id: str) -> None:
        """After the commit. If Redis is away the order is safe, and the worker's sweep will find it."""
        try:
            await self._jobs.add(queue, name, {"orderId": order_id}, job_id=job_id)
        except (RedisError, OSError) as error:
            self._metrics.count("jobs_not_added")
            log.event("job_not_added", queue=queue, order=order_id, error=log.reason(error))

    def _order(self, row: dict[str, Any]) -> dict[str, Any]:
        order_id = int(row["id"])
        return {**row,
                "lines": lambda _: self._run(lambda c: queries.lines(c, order_id)),
                "events": lambda _: self._run(lambda c: queries.events(c, order_id)),
                "allowedMoves": lambda _: self._run(
                    lambda c: queries.allowed_moves(c, row["status"], self._who.role))}

    async def viewer(self, _: Any) -> dict[str, Any]:
        """Who the token says one is."""
        return {"subject": self._who.subject, "role": self._who.role, "kitchens": sorted(self._who.kitchens)}

    async def kitchens(self, _: Any) -> list[dict[str, Any]]:
        """Query.kitchens"""
        return await self._run(lambda c: queries.kitchens(c, self._who))

    async def suppliers(self, _: Any) -> list[dict[str, Any]]:
        """Query.suppliers"""
        return await self._run(lambda c: queries.suppliers(c, self._who))

    async def catalogue(self, _: Any, **given: Any) -> dict[str, Any]:
        """Query.catalogue"""
        return await self._run(lambda c: queries.catalogue(c, self._who, **given))

    async def order(self, _: Any, id: str) -> dict[str, Any] | None:  # noqa: A002 - the schema's name
        """Query.order"""
        async def work(connection: Connection) -> dict[str, Any] | None:
            return await queries.order(connection, self._who, rows.order_id(id))
        found = await self._run(work)
        return self._order(found) if found else None

    async def orders(self, _: Any, filter: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:  # noqa: A002
        """Query.orders"""
        found = await self._run(lambda c: queries.orders(c, self._who, filter or {}, **given))
        for edge in found["edges"]:
            edge["node"] = self._order(edge["node"])
        return found

    async def placeOrder(self, _: Any, input: dict[str, Any], idempotencyKey: str) -> dict[str, Any]:  # noqa: A002, N802, N803
        """Mutation.placeOrder"""
        wanted = placing.Wanted(
            input["kitchen"], input["supplier"],
            tuple(placing.WantedLine(line["item"], line["quantity"], line.get("expectedPriceMinor"))
                  for line in input["lines"]), input.get("note") or "")
        row, replayed = await self._run(lambda c: placing.place(c, self._who, wanted, idempotencyKey))
        self._metrics.count("orders_replayed" if replayed else "orders_placed")
        if row["status"] == "submitted":
            await self._enqueue(queues.ORDERS, "validate", row["id"], f"order-{row['id']}-validate")
        return {"order": self._order(rows.order(row)), "replayed": replayed}

    async def _move(self, name: str, id: str, version: int, reason: str = "") -> dict[str, Any]:  # noqa: A002
        async def work(connection: Connection) -> dict[str, Any]:
            return await moves.move(connection, self._who, rows.order_id(id), name, version=version,
                                    detail=reason[:500])
        row = await self._run(work)
        self._metrics.count("orders_moved")
        if row["status"] == "approved":
            await self._enqueue(queues.ORDERS, "send", row["id"], f"order-{row['id']}-send-v{row['version']}")
        if name == "resend":
            await self._enqueue(queues.SUPPLIERS, "place", row["id"], f"order-{row['id']}-place-v{row['version']}")
        if row["status"] in ("cancelled", "held"):
            await self._enqueue(queues.NOTIFICATIONS, f"order-{row['status']}", row["id"],
                                f"order-{row['id']}-{row['status']}-v{row['version']}")
        if name in ("release", "cancel"):
            await self._answer_approver(row, "approve" if name == "release" else "reject")
        return self._order(rows.order(row))

    async def _answer_approver(self, row: dict[str, Any], decision: str) -> None:
        """The person has acted on the order itself: a run that waits for this word need wait no longer."""
        try:
            await agent_threads.resume(self._jobs, agent_threads.thread("approver", int(row["id"])), decision,
                                       self._who.subject, f"v{row['version']}", moved=True)
        except (RedisError, OSError) as error:
            self._metrics.count("jobs_not_added")
            log.event("job_not_added", queue=queues.AGENTS, order=int(row["id"]), error=log.reason(error))

    async def approve(self, _: Any, id: str, expectedVersion: int, reason: str) -> dict[str, Any]:  # noqa: A002, N803
        """Mutation.approve"""
        return await self._move("approve", id, expectedVersion, reason)

    async def hold(self, _: Any, id: str, expectedVersion: int, reason: str) -> dict[str, Any]:  # noqa: A002, N803
        """Mutation.hold"""
        return await self._move("hold", id, expectedVersion, reason)

    async def release(self, _: Any, id: str, expectedVersion: int, reason: str) -> dict[str, Any]:  # noqa: A002, N803
        """Mutation.release"""
        return await self._move("release", id, expectedVersion, reason)

    async def resend(self, _: Any, id: str, expectedVersion: int) -> dict[str, Any]:  # noqa: A002, N803
        """Mutation.resend"""
        return await self._move("resend", id, expectedVersion)

    async def cancel(self, _: Any, id: str, expectedVersion: int, reason: str) -> dict[str, Any]:  # noqa: A002, N803
        """Mutation.cancel"""
        return await self._move("cancel", id, expectedVersion, reason)

    async def receive(self, _: Any, id: str, expectedVersion: int, final: bool,  # noqa: A002, N803
                      lines: list[dict[str, int]] | None = None) -> dict[str, Any]:
        """Mutation.receive"""
        arrived = None if lines is None else {line["line"]: (line["received"], line["damaged"]) for line in lines}

        async def work(connection: Connection) -> dict[str, Any]:
            return await moves.receive(connection, self._who, rows.order_id(id), version=expectedVersion,
                                       arrived=arrived, final=final)
        return self._order(rows.order(await self._run(work)))

    async def addNote(self, _: Any, id: str, expectedVersion: int, text: str) -> dict[str, Any]:  # noqa: A002, N802, N803
        """Mutation.addNote"""
        async def work(connection: Connection) -> dict[str, Any]:
            return await moves.add_note(connection, self._who, rows.order_id(id), expectedVersion, text)
        return self._order(rows.order(await self._run(work)))

    async def resumeRun(self, _: Any, thread: str, decision: str, reason: str) -> dict[str, Any]:  # noqa: N802
        """Mutation.resumeRun"""
        number, graph = agent_threads.parse(thread)
        if not number:
            raise GraphQLError(f"{thread!r} is no thread of an agent", extensions={"code": "BAD_USER_INPUT"})
        if self._who.role not in ("operator", "lead", "service"):
            raise GraphQLError(f"role {self._who.role} may not answer for the {graph}", extensions={"code": "FORBIDDEN"})
        order = await self._run(lambda c: queries.order(c, self._who, number))
        if order is None:
            raise GraphQLError(f"order {number} does not exist", extensions={"code": "NOT_FOUND"})
        try:
            job = await agent_threads.resume(self._jobs, thread, decision, self._who.subject,
                                             f"v{order['version']}-{decision}")
        except (RedisError, OSError):
            raise GraphQLError("the queues are not available, try again",
                               extensions={"code": "SERVICE_UNAVAILABLE", "retryable": True}) from None
        self._metrics.count("runs_resumed")
        log.event("run_resumed", thread=thread, decision=decision, by=self._who.subject, reason=reason[:200])
        return {"queue": queues.AGENTS, "id": job}
