"""The API: GraphQL over HTTP, the only way by which orders come into being."""

from __future__ import annotations

import math

from aiohttp import web

from . import graph_http, graph_schema, queues, service, tokens
from .catalogue import Bulk
from .database import Connection
from .graph_changes import Roots
from .graph_http import Endpoint
from .graph_session import Session
from .pace import Pace
from .refusals import Refusal
from .settings import Settings


async def main(settings: Settings) -> None:
    """Serve until told to end."""
    here = service.Service(settings, most_bytes=graph_http.MOST_BYTES)
    database = here.use_postgres(size=6)
    here.use_redis(needed=False)
    jobs = queues.Queues(settings)
    here.on_close(jobs.close)

    pace = Pace()

    def identify(request: web.Request) -> tokens.Identity | web.Response:
        """Who asks, or the answer to somebody who proves nothing or comes too often."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            if kind.lower() != "bearer" or not token:
                raise tokens.BadToken("send Authorization: Bearer TOKEN")
            who = tokens.verify(settings.token_key, token.strip())
        except tokens.BadToken as error:
            answer = graph_http.errors(401, "application/json", "UNAUTHENTICATED", str(error))
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        if pause := pace.wait(who.subject):
            return graph_http.errors(429, "application/json", "RATE_LIMITED", "too many requests at once",
                                     retryAfterSeconds=math.ceil(pause))
        return who

    def refused(refusal: Refusal) -> web.Response:
        status = {"WRONG_KITCHEN": 403, "NOT_FOUND": 404, "SERVICE_UNAVAILABLE": 503}.get(refusal.code, 400)
        return graph_http.errors(status, "application/json", refusal.code, str(refusal), **refusal.details)
    endpoint = Endpoint(graph_schema.make(), identify, lambda who: Roots(Session(database, jobs, here.metrics, who)))
    here.app.router.add_route("*", "/graphql", endpoint.handle)
    here.app.router.add_get("/catalogue", Bulk(database, identify, refused).handle)

    async def root(_: web.Request) -> web.Response:
        return web.Response(text="food platform API: POST /graphql\n")
    here.app.router.add_get("/", root)

    async def tidy() -> None:
        async def work(connection: Connection) -> None:
            await connection.execute("DELETE FROM platform.idempotency_keys WHERE at < now() - interval '14 days'")
        await database.run(work)
    tidying = service.background(service.every(3600, tidy))
    folding = service.background(service.every(15, service.folding(database)))
    await here.serve()
    tidying.cancel()
    folding.cancel()


if __name__ == "__main__":
    service.run("api", main)
