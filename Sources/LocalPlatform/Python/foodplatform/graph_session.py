"""One request's way into the platform: who asks, as whom the database is asked, and what is queued after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from graphql import GraphQLError
from redis.exceptions import RedisError

from . import access, agent_threads, log, moves, queues
from . import graph_queries as queries
from .database import Connection, Database, Unavailable
from .health import Metrics
from .refusals import Refusal
from .tokens import Identity

Result = TypeVar("Result")

# Where the jobs of an order may be; CONTRACT.md section 2 has their ids.
_JOBS = {queues.ORDERS: ("validate", "release", "send"),
         queues.SUPPLIERS: ("place", "confirm", "deliver", "deliver-rest"),
         queues.AGENTS: ("agent-normaliser", "agent-matcher", "agent-approver"),
         queues.NOTIFICATIONS: tuple(f"tell-order-{what}" for what in
                                     ("confirmed", "received", "short", "rejected", "held", "cancelled"))}
_VERSIONED = {queues.ORDERS: ("send",), queues.SUPPLIERS: ("place",), queues.NOTIFICATIONS: ("cancelled", "held")}


class Session:
    """Made anew for each request."""

    def __init__(self, database: Database, jobs: queues.Queues, metrics: Metrics, who: Identity) -> None:
        self._database = database
        self._jobs = jobs
        self.metrics = metrics
        self.who = who

    async def attempt(self, work: Callable[[Connection], Awaitable[Result]], deadline: float = 5.0) -> Result:
        """One transaction as the token's role, in `deadline` seconds. Raises Refusal, also for a database that is away."""
        async def as_role(connection: Connection) -> Result:
            await access.become(connection, self.who)
            return await work(connection)
        try:
            return await self._database.run(as_role, deadline)
        except Unavailable:
            # With a mutation the outcome is unknown now; the key or the version makes asking again safe.
            raise Refusal("SERVICE_UNAVAILABLE", "the order database is not available, try again",
                          retryable=True) from None

    async def run(self, work: Callable[[Connection], Awaitable[Result]], deadline: float = 5.0) -> Result:
        """The same for a field of the answer: a refusal becomes an entry of `errors`."""
        try:
            return await self.attempt(work, deadline)
        except Refusal as refusal:
            raise GraphQLError(str(refusal), extensions={"code": refusal.code, **refusal.details}) from None

    async def enqueue(self, queue: str, name: str, order_id: int, job_id: str) -> None:
        """After the commit. If Redis is away the order is safe, and the worker's sweep will find it."""
        try:
            await self._jobs.add(queue, name, {"orderId": order_id}, job_id=job_id)
        except (RedisError, OSError) as error:
            self.metrics.count("jobs_not_added")
            log.event("job_not_added", queue=queue, order=order_id, error=log.reason(error))

    async def follow(self, name: str, row: dict[str, Any]) -> None:
        """The jobs that a move needs next. A second time they are the same jobs."""
        number, version = row["id"], row["version"]
        if row["status"] == "approved":
            await self.enqueue(queues.ORDERS, "send", number, f"order-{number}-send-v{version}")
        if name == "resend":
            await self.enqueue(queues.SUPPLIERS, "place", number, f"order-{number}-place-v{version}")
        if row["status"] in ("cancelled", "held"):
            await self.enqueue(queues.NOTIFICATIONS, f"order-{row['status']}", number,
                               f"order-{number}-{row['status']}-v{version}")

        if name in ("release", "cancel"):
            # the person has acted on the order itself: a run that waits for this word need wait no longer
            try:
                await agent_threads.resume(
                    self._jobs, agent_threads.thread("approver", number), "approve" if name == "release" else "reject",
                    self.who.subject, f"v{version}", moved=True)
            except (RedisError, OSError) as error:
                self.metrics.count("jobs_not_added")
                log.event("job_not_added", queue=queues.AGENTS, order=number, error=log.reason(error))

    async def answer(self, thread: str, decision: str, version: int) -> str:
        """Queue a person's answer to a run that waits; the job's id. Nothing else would bring it, so it must be said
        when the queues are away."""
        try:
            job = await agent_threads.resume(self._jobs, thread, decision, self.who.subject, f"v{version}-{decision}")
        except (RedisError, OSError):
            raise Refusal("SERVICE_UNAVAILABLE", "the queues are not available, try again", retryable=True) from None
        self.metrics.count("runs_answered")
        log.event("run_answered", thread=thread, decision=decision, by=self.who.subject)
        return job

    def order(self, row: dict[str, Any]) -> dict[str, Any]:
        """An Order whose parts are read when they are asked for."""
        number = int(row["id"])
        return {**row,
                "lines": lambda _: self.run(lambda c: queries.lines(c, number)),
                "events": lambda _: self.run(lambda c: queries.events(c, number)),
                "agentRuns": lambda _: self.run(lambda c: queries.agent_runs(c, number)),
                "jobs": lambda _: self._order_jobs(number, row["version"]),
                "allowedMoves": lambda _: self.run(
                    lambda c: queries.allowed_moves(c, row["status"], self.who.role))}

    async def _order_jobs(self, number: int, version: int) -> list[dict[str, Any]]:
        """By their ids, which follow from the order's: no queue is searched. Kitchens see no infrastructure."""
        if self.who.role == "kitchen":
            return []
        wanted = [(queue, f"order-{number}-{name}") for queue, names in _JOBS.items() for name in names]
        wanted += [(queue, f"order-{number}-{name}-v{at}") for queue, names in _VERSIONED.items() for name in names
                   for at in range(max(2, version - 20), version + 1)]
        try:
            states = await self._jobs.states(wanted)
        except (RedisError, OSError):
            raise GraphQLError("the queues are not available, try again",
                               extensions={"code": "SERVICE_UNAVAILABLE", "retryable": True}) from None
        return [{"queue": queue, "id": job, "state": state}
                for (queue, job), state in zip(wanted, states, strict=True) if state]


async def settled(work: Awaitable[dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """A change's order, and whether this request was the one that changed it."""
    try:
        return await work, True
    except moves.Repeated as repeated:
        return repeated.order, False
