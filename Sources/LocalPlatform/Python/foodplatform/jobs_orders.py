"""Queue `orders`: validate -> approved or held by policy -> released -> sent to the supplier.

Every handler looks at the order first and may run any number of times: a job that was repeated finds
its move made and only makes sure that the next job exists.
"""

from __future__ import annotations

import random

from bullmq import Job  # type: ignore[import-untyped]

from . import agent_threads, policies, queues
from .work import Work, effort, order_id

# of so many orders one has its supplier checked against the others
MATCHED = 3


async def handle(work: Work, job: Job) -> str:
    """One job of the queue."""
    number = order_id(job)
    order = await work.order(number)
    if order is None:
        return "no such order"
    if job.name == "validate":
        await agent_threads.start(work.jobs, "normaliser", number)
        await effort(job, 0.05, 0.3, what="the normalising model did not answer in time")
        if order["status"] == "submitted":
            holds = await work.database.run(lambda c: policies.of_order(c, order))
            order |= await work.move(number, "hold" if holds else "approve", version=order["version"],
                                     detail=policies.words(holds))
    elif job.name == "release":
        await effort(job, 0.02, 0.1, failing=0)
        # what a person has held, perhaps after this job was made, a person releases
        if order["status"] == "held" and order["held_by_role"] == "service":
            order |= await work.move(number, "release", version=order["version"], detail="reviewed")
            # the approver's graph waits for this word
            await agent_threads.resume(work.jobs, agent_threads.thread("approver", number), "approve",
                                       "duty manager", f"v{order['version']}", moved=True)
    elif job.name == "reject":
        if order["status"] == "held":
            order |= await work.move(number, "reject", version=order["version"], detail="the approver's answer")
    elif job.name == "send":
        await effort(job, 0.03, 0.2, what="the supplier's mailbox did not answer in time")
        if order["status"] == "approved":
            order |= await work.move(number, "send", version=order["version"])
        if number % MATCHED == 0:
            await agent_threads.start(work.jobs, "matcher", number)
    else:
        return f"ignored: no work is called {job.name}"
    await then(work, number, order["status"])
    return str(order["status"])


async def then(work: Work, number: int, status: str) -> None:
    """The job that an order in this status needs next."""
    data = {"orderId": number}
    if status == "held":
        # the duty manager looks at it within a few minutes
        await work.jobs.add(queues.ORDERS, "release", data, job_id=f"order-{number}-release",
                            delay_ms=random.randint(45_000, 120_000))
        await work.notify("order-held", number)
        await agent_threads.start(work.jobs, "approver", number)
    elif status == "approved":
        await work.jobs.add(queues.ORDERS, "send", data, job_id=f"order-{number}-send")
    elif status == "sent":
        await work.jobs.add(queues.SUPPLIERS, "place", data, job_id=f"order-{number}-place")
