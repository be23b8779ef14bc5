"""Where the graphs keep their state: LangGraph's PostgreSQL checkpointer in the schema `agents`."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

import psycopg
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from . import log

KEEP_FINISHED = timedelta(hours=2)
KEEP_ANY = timedelta(days=2)
MOST_AT_ONCE = 500

# what a console may read: not checkpoint_blobs, where the values of the state are
_GRANTS = """
GRANT USAGE ON SCHEMA agents TO galley_agent_views;
GRANT SELECT ON checkpoints, checkpoint_writes, checkpoint_migrations TO galley_agent_views;
"""


class Store:
    """A small pool that follows the primary, and the saver over it."""

    def __init__(self, name: str) -> None:
        self._pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
            # libpq reads hosts, user and passfile from the PG* variables by itself
            "connect_timeout=2 keepalives_idle=10 keepalives_interval=3 keepalives_count=3 tcp_user_timeout=6000",
            kwargs={"autocommit": True, "prepare_threshold": None, "row_factory": dict_row,
                    "application_name": f"foodplatform {name} state",
                    "options": "-c search_path=agents -c statement_timeout=5000 -c lock_timeout=3000"},
            min_size=1, max_size=3, open=False, check=_writable, timeout=4.0, reconnect_timeout=10.0)
        self.saver: Any = AsyncPostgresSaver(self._pool)  # type: ignore[arg-type]

    async def open(self) -> None:
        """Connect, make or migrate the library's tables, and let consoles read them."""
        await self._pool.open()
        await self.saver.setup()
        async with self._pool.connection() as connection:
            for statement in filter(str.strip, _GRANTS.split(";")):
                await connection.execute(statement)  # type: ignore[call-overload]

    async def close(self) -> None:
        """Let the connections go."""
        await self._pool.close(timeout=0.2)

    async def prune(self) -> int:
        """Forget old threads: finished ones after hours, any after days. Returns how many went."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(
                "SELECT t.thread_id FROM (SELECT thread_id, max(checkpoint_id) AS newest FROM checkpoints"
                " WHERE checkpoint_ns = '' GROUP BY thread_id HAVING max(checkpoint_id) < %s) AS t"
                " WHERE t.newest < %s OR NOT EXISTS (SELECT FROM checkpoint_writes AS w WHERE w.thread_id = t.thread_id"
                " AND w.checkpoint_ns = '' AND w.checkpoint_id = t.newest AND w.channel = '__interrupt__')"
                " LIMIT %s", (_oldest(KEEP_FINISHED), _oldest(KEEP_ANY), MOST_AT_ONCE))).fetchall()
        for row in rows:
            await self.saver.adelete_thread(row["thread_id"])
        if rows:
            log.event("threads_forgotten", count=len(rows))
        return len(rows)


async def _writable(connection: Any) -> None:
    """A connection to a server that was demoted is as good as none."""
    row = await (await connection.execute("SELECT pg_is_in_recovery() AS standby")).fetchone()
    if row["standby"]:
        raise psycopg.OperationalError("the server is a standby now")


def _oldest(age: timedelta) -> str:
    """The smallest checkpoint id of that age: UUIDs of version 6 sort by time as texts."""
    ticks = int((datetime.now(timezone.utc) - age).timestamp() * 10_000_000) + 0x01B21DD213814000
    return str(uuid.UUID(int=(ticks >> 12) << 80 | 0x6 << 76 | (ticks & 0xFFF) << 64 | 0x2 << 62))
