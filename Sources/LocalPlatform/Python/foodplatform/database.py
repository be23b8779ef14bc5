"""PostgreSQL, expected to go away: a few connections, made when needed, thrown away when doubted.

A pool that retries in the background recovers on its own clock. This one connects when somebody asks,
so that the first request after a failover finds the new primary, and a short pause after each failed
attempt keeps a dead server from being hammered.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import psycopg
from psycopg.rows import DictRow, dict_row

from . import log

Connection = psycopg.AsyncConnection[DictRow]
Result = TypeVar("Result")

# libpq reads hosts, user and passfile from the PG* variables by itself.
_CONNINFO = ("connect_timeout=2 keepalives_idle=10 keepalives_interval=3 keepalives_count=3"
             " tcp_user_timeout=6000 options='-c statement_timeout=5000 -c lock_timeout=3000'")


class Unavailable(Exception):
    """The database cannot be used just now; the caller may try again later."""


class Database:
    """At most `size` connections, shared by the whole process."""

    def __init__(self, name: str, size: int = 4) -> None:
        self._name = name
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._failures = 0
        self._retry_at = 0.0
        self._why = ""
        self._leaving: set[asyncio.Task[Any]] = set()

    async def run(self, work: Callable[[Connection], Awaitable[Result]], deadline: float = 5.0) -> Result:
        """Do `work` in one transaction. Raises Unavailable when the server is away, hung or read-only.

        A transaction that was cut off while committing may have happened: callers either carry an
        idempotency key or re-read before they act again.
        """
        task = asyncio.ensure_future(self._work(work))
        done, _ = await self._wait(task, deadline)
        if not done:
            # A frozen server never answers the cancellation either: leave the task to die behind us.
            self._leave(task)
            raise Unavailable(f"no answer within {deadline:g} s")
        return task.result()

    async def _wait(self, task: asyncio.Future[Result], deadline: float) -> tuple[bool, None]:
        try:
            finished, _ = await asyncio.wait({task}, timeout=deadline)
        except asyncio.CancelledError:
            self._leave(task)
            raise
        return bool(finished), None

    def _leave(self, task: asyncio.Future[Any]) -> None:
        async def bury() -> None:
            for _ in range(3):
                task.cancel()
                finished, _pending = await asyncio.wait({task}, timeout=1.0)
                if finished:
                    if not task.cancelled():
                        task.exception()
                    return
        burial = asyncio.ensure_future(bury())
        self._leaving.add(burial)
        burial.add_done_callback(self._leaving.discard)

    async def _work(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        async with self._slots:
            for attempt in (1, 2):
                reused = bool(self._idle)
                connection = self._idle.pop() if reused else await self._connect()
                entered = False
                try:
                    async with connection.transaction():
                        entered = True
                        result = await work(connection)
                except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction,
                        psycopg.errors.AdminShutdown) as error:
                    _drop(connection)
                    # A kept connection that turns out dead before anything was sent costs one fresh try.
                    if reused and not entered and attempt == 1:
                        self._drop_idle()
                        continue
                    self._drop_idle()
                    raise Unavailable(log.reason(error)) from error
                except BaseException:
                    _drop_unless_clean(connection, self._idle)
                    raise
                self._idle.append(connection)
                return result
        raise Unavailable("unreachable")

    async def _connect(self) -> Connection:
        if time.monotonic() < self._retry_at:
            raise Unavailable(self._why)
        try:
            connection = await psycopg.AsyncConnection.connect(
                # no named statements: they would outlive a change of the schema and fail then
                _CONNINFO, application_name=self._name, autocommit=True, row_factory=dict_row, prepare_threshold=None)
        except psycopg.Error as error:
            self._failures += 1
            pause = min(2.0, 0.1 * 2 ** min(self._failures, 6)) * random.uniform(0.7, 1.0)
            self._retry_at = time.monotonic() + pause
            self._why = log.reason(error)
            if self._failures in (1, 10, 100):
                log.event("postgres_away", error=self._why, failures=self._failures)
            raise Unavailable(self._why) from error
        if self._failures:
            log.event("postgres_back", failures=self._failures)
        self._failures = 0
        return connection

    def _drop_idle(self) -> None:
        while self._idle:
            _drop(self._idle.pop())

    async def close(self) -> None:
        """Let every connection go."""
        self._drop_idle()


def _drop(connection: Connection) -> None:
    """Close the socket without a word: a polite goodbye could block."""
    connection.pgconn.finish()


def _drop_unless_clean(connection: Connection, idle: list[Connection]) -> None:
    if not connection.closed and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
        idle.append(connection)
    else:
        _drop(connection)
