"""The webhook service: partners tell what became of an order; kept first, queued second."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from psycopg.types.json import Jsonb
from redis.exceptions import RedisError

from . import log, queues, service, signing
from .database import Connection, Database, Unavailable
from .settings import Settings

KINDS = ("order.confirmed", "order.delayed", "order.cut", "order.rejected", "order.delivered")


class Inbox:
    """POST /webhooks/{partner}"""

    def __init__(self, here: service.Service, database: Database, jobs: queues.Queues) -> None:
        self._here = here
        self._database = database
        self._jobs = jobs

    async def handle(self, request: web.Request) -> web.Response:
        """202 for a new delivery, 200 for one that is known, 4xx for one that will never be taken."""
        partner = request.match_info["partner"]
        raw = await request.read()
        problem = signing.wrong(self._here.settings.webhook_secret, partner, raw,
                                {name: request.headers.get(name, "") for name in (signing.TIMESTAMP, signing.SIGNATURE)})
        if problem:
            self._here.metrics.count("signatures_refused")
            return web.json_response({"error": problem}, status=401)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("id"), str) or not 1 <= len(body["id"]) <= 100 \
                or body.get("kind") not in KINDS or not isinstance(body.get("order_id"), int) \
                or not 0 < body["order_id"] < 2**63:
            return web.json_response({"error": "needs id (text), kind (one of " + ", ".join(KINDS)
                                               + "), order_id (number)"}, status=400)
        try:
            delivery, fresh = await self._keep(partner, body)
        except Unavailable as error:
            return web.json_response({"error": str(error)}, status=503, headers={"Retry-After": "2"})
        self._here.metrics.count("deliveries" if fresh else "duplicates")
        if fresh:
            await self._enqueue(delivery)
        return web.json_response({"delivery": delivery, "duplicate": not fresh}, status=202 if fresh else 200)

    async def _keep(self, partner: str, body: dict[str, Any]) -> tuple[int, bool]:
        async def work(connection: Connection) -> tuple[int, bool]:
            key = f"{partner}/{body['id']}"
            cursor = await connection.execute(
                "INSERT INTO platform.webhook_deliveries (partner, delivery_key, kind, order_id, body)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (delivery_key) DO NOTHING RETURNING id",
                (partner, key, body["kind"], body["order_id"], Jsonb(body)))
            if (row := await cursor.fetchone()) is not None:
                return int(row["id"]), True
            cursor = await connection.execute(
                "SELECT id FROM platform.webhook_deliveries WHERE delivery_key = %s", (key,))
            known = await cursor.fetchone()
            assert known is not None
            return int(known["id"]), False
        return await self._database.run(work)

    async def _enqueue(self, delivery: int) -> None:
        """The delivery is safe already: if Redis is away, the worker's sweep queues it later."""
        try:
            await self._jobs.add(queues.WEBHOOKS, "apply", {"deliveryId": delivery}, job_id=f"delivery-{delivery}")
        except (RedisError, OSError) as error:
            self._here.metrics.count("jobs_not_added")
            log.event("job_not_added", queue=queues.WEBHOOKS, delivery=delivery, error=log.reason(error))


async def main(settings: Settings) -> None:
    """Serve until told to end."""
    here = service.Service(settings)
    database = here.use_postgres(size=3)
    here.use_redis(needed=False)
    jobs = queues.Queues(settings)
    here.on_close(jobs.close)
    here.app.router.add_post("/webhooks/{partner:[A-Za-z0-9-]{1,32}}", Inbox(here, database, jobs).handle)
    await here.serve()


if __name__ == "__main__":
    service.run("webhook", main)
