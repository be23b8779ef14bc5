"""How a thread of an agent is called, and the jobs that start it and bring it an answer.

Apart from the graphs, so that who adds a job need not load LangGraph.
"""

from __future__ import annotations

from typing import Any

from . import queues
from .queues import Queues


def thread(graph: str, order_id: int) -> str:
    """One thread per graph and order."""
    return f"order-{order_id}-{graph}"


def parse(name: Any) -> tuple[int, str]:
    """The order and the graph of a thread; (0, "") for a name that is none."""
    parts = str(name).split("-", 2)
    if len(parts) == 3 and parts[0] == "order" and parts[1].isdigit():
        return int(parts[1]), parts[2]
    return 0, ""


async def start(jobs: Queues, graph: str, order_id: int) -> str:
    """Queue a run; the same one twice is one job."""
    return await jobs.add(queues.AGENTS, "run", {"graph": graph, "orderId": order_id},
                          job_id=f"order-{order_id}-agent-{graph}")


async def resume(jobs: Queues, name: str, decision: str, by: str, key: str, *, moved: bool = False) -> str:
    """Queue a person's answer to a waiting run. `key` tells one answer from the next of the same thread.

    `moved` says that the order follows the answer already; otherwise it is moved when the run has ended.
    """
    return await jobs.add(queues.AGENTS, "resume", {
        "thread": name, "decision": decision, "by": by, "orderId": parse(name)[0], "moved": moved},
        job_id=f"{name}-resume-{key}")
