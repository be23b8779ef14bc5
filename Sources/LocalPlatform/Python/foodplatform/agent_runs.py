"""Queue `agents`: `run` starts a graph about an order or goes on with it, `resume` brings a person's answer.

One thread per graph and order. A job that is repeated, because a tool failed or a worker died, goes on from
the last checkpoint; a run that nobody takes up again stays where it was, for all to see.
"""

from __future__ import annotations

import uuid
from typing import Any

from bullmq import Job, UnrecoverableError  # type: ignore[import-untyped]
from langgraph.types import Command

from . import agent_graphs, agent_threads, queues
from .work import Work, order_id


class Runs:
    """Runs the graphs; used by one consumer."""

    def __init__(self, graphs: dict[str, Any]) -> None:
        self._graphs = graphs

    async def handle(self, work: Work, job: Job) -> str:
        """One job of the queue."""
        if job.name == "run":
            return await self._run(work, job)
        if job.name == "resume":
            return await self._resume(work, job)
        return f"ignored: no work is called {job.name}"

    async def _run(self, work: Work, job: Job) -> str:
        name = job.data.get("graph")
        if name not in self._graphs:
            raise UnrecoverableError(f"there is no graph {name!r}, only {', '.join(agent_graphs.NAMES)}")
        graph, number = self._graphs[name], order_id(job)
        config = _config(name, number, job)
        state = await graph.aget_state(config)
        if state.interrupts:
            return "waits for a person already"
        if state.values and not state.next:
            return "done already"
        given = None if state.values else {"order_id": number}
        return _outcome(work, name, await graph.ainvoke(given, config, durability="sync"))

    async def _resume(self, work: Work, job: Job) -> str:
        number, name = agent_threads.parse(job.data.get("thread"))
        if name not in self._graphs:
            raise UnrecoverableError(f"no thread is called {job.data.get('thread')!r}")
        config = _config(name, number, job)
        state = await self._graphs[name].aget_state(config)
        if not state.interrupts:
            if state.next:
                raise RuntimeError("the run has not asked yet")
            return "nothing waits"
        answer = {"decision": str(job.data.get("decision") or "approve"), "by": str(job.data.get("by") or "somebody")}
        said = _outcome(work, name, await self._graphs[name].ainvoke(Command(resume=answer), config, durability="sync"))
        if not job.data.get("moved"):
            # the order follows the answer; its own queue moves it, and finds it moved if this is done twice
            move = "release" if answer["decision"] == "approve" else "reject"
            await work.jobs.add(queues.ORDERS, move, {"orderId": number}, job_id=f"{job.id}-{move}")
        return said


def _config(name: str, number: int, job: Job) -> dict[str, Any]:
    return {"configurable": {"thread_id": agent_threads.thread(name, number)},
            "metadata": {"graph": name, "order_id": number, "queue": queues.AGENTS, "job_id": str(job.id),
                         "run_id": str(uuid.uuid4())}}


def _outcome(work: Work, name: str, result: dict[str, Any]) -> str:
    work.metrics.count(f"agent_{name}_{'waiting' if '__interrupt__' in result else 'done'}")
    return "waits for a person" if "__interrupt__" in result else str(result.get("decision") or "done")
