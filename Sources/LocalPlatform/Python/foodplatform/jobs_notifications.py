"""Queue `notifications`: messages to people. No mail leaves this machine; the work and its failures are real."""

from __future__ import annotations

import random

from bullmq import Job, UnrecoverableError  # type: ignore[import-untyped]

from .work import Work, effort, order_id


async def handle(work: Work, job: Job) -> str:
    """One job of the queue. A few addresses are wrong for good: those jobs end in `failed`."""
    number = order_id(job)
    await effort(job, 0.02, 0.12, failing=0.015, what="the mail server did not answer in time")
    if random.random() < 0.004:
        raise UnrecoverableError(f"550 mailbox of the kitchen of order {number} does not exist")
    work.metrics.count("notifications")
    return f"{job.name} sent"
