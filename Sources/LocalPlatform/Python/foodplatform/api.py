"""The API: GraphQL over HTTP, the only way by which orders come into being."""

from __future__ import annotations

from aiohttp import web

from . import graph_schema, queues, service, tokens
from .database import Connection
from .graph_http import Endpoint
from .graph_roots import Roots
from .settings import Settings


async def main(settings: Settings) -> None:
    """Serve until told to end."""
    here = service.Service(settings)
    database = here.use_postgres(size=6)
    here.use_redis(needed=False)
    jobs = queues.Queues(settings)
    here.on_close(jobs.close)

    def identify(header: str) -> tokens.Identity:
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise tokens.BadToken("send Authorization: Bearer TOKEN")
        return tokens.verify(settings.token_key, token.strip())
    endpoint = Endpoint(graph_schema.make(), identify, lambda who: Roots(database, jobs, here.metrics, who))
    here.app.router.add_route("*", "/graphql", endpoint.handle)

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
