"""What every test stands on: a running platform's servers, an API process of the suite's own, and people who ask it.

GALLEY_PLATFORM_FOLDER names the folder of a platform that `galley local up` made; PYTHONPATH has foodplatform.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from foodplatform import tokens
from psycopg.rows import dict_row

FOLDER = Path(os.environ["GALLEY_PLATFORM_FOLDER"])
PORTS: dict[str, int] = json.loads((FOLDER / "platform.json").read_text())["ports"]
NODES = ("eu-west-1a", "eu-west-1b", "eu-central-1a", "us-east-1a")
KEY = (FOLDER / "secrets" / "token.key").read_bytes().strip()

PLACE = """mutation ($input: OrderInput!, $key: ID!) { placeOrder(input: $input, idempotencyKey: $key) {
  replayed order { id version status totalMinor } } }"""

def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

def database(user: str = "postgres") -> psycopg.Connection[dict[str, Any]]:
    """The primary, as its superuser or as a service."""
    if user == "postgres":
        return psycopg.connect(host=str(FOLDER / "run"), port=PORTS[NODES[0]], user=user, dbname="platform",
                               autocommit=True, row_factory=dict_row)
    return psycopg.connect(host="127.0.0.1", port=PORTS[NODES[0]], user=user, dbname="platform", row_factory=dict_row,
                           passfile=str(FOLDER / "secrets" / f"{user}.pgpass"))

def rows(query: str, *values: Any) -> list[dict[str, Any]]:
    """What the database itself says."""
    with database() as connection:
        cursor = connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []

class Service:
    """One process of the platform, started and killed by the tests."""

    def __init__(self, name: str, **environment: str) -> None:
        self.name = name
        self.port = free_port()
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Service:
        """Start it and wait until it says that it is healthy."""
        secrets = FOLDER / "secrets"
        environment = {
            **os.environ, "SERVICE": self.name, "PORT": str(self.port), "PYTHONDONTWRITEBYTECODE": "1",
            "TOKEN_KEY_FILE": str(secrets / "token.key"), "WEBHOOK_SECRET_FILE": str(secrets / "webhook.secret"),
            "REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(PORTS["redis"]), "REDIS_USERNAME": "platform_app",
            "REDIS_PASSWORD_FILE": str(secrets / "redis_platform_app.password"),
            "PGHOST": ",".join("127.0.0.1" for _ in NODES), "PGPORT": ",".join(str(PORTS[node]) for node in NODES),
            "PGTARGETSESSIONATTRS": "read-write", "PGDATABASE": "platform", "PGUSER": f"platform_{self.name}",
            "PGPASSFILE": str(secrets / f"platform_{self.name}.pgpass"), **self._environment}
        self._process = subprocess.Popen([sys.executable, "-m", f"foodplatform.{self.name}"], env=environment)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise AssertionError(f"{self.name} ended with {self._process.returncode}")
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"{self.name} is not healthy after 30 s")

    def kill(self) -> None:
        """As the kernel would: nothing is finished, nothing is said."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
    def hang(self, stopped: bool) -> None:
        """It is there and does nothing, until it goes on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP if stopped else signal.SIGCONT)


_api: Service | None = None

def api() -> Service:
    """The API that all tests share; a test that kills it starts it again."""
    global _api
    if _api is None:
        _api = Service("api").start()

        atexit.register(_api.kill)
    return _api

class Asker:
    """Somebody with a token."""

    def __init__(self, http: aiohttp.ClientSession, role: str, kitchens: tuple[str, ...] = ("*",),
                 subject: str | None = None) -> None:
        self._http = http
        # a name of its own, so that one test's pace is not another's
        self.subject = subject or f"{role}-{uuid.uuid4().hex[:8]}"
        self.token = tokens.sign(KEY, self.subject, role, list(kitchens))

    async def send(self, body: Any = None, data: bytes | None = None, timeout: float = 20.0,
                   headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """One request and its answer, whatever it is."""
        payload = json.dumps(body).encode() if data is None else data
        given = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **(headers or {})}
        async with self._http.post(f"{api().url}/graphql", data=payload, headers=given,
                                   timeout=aiohttp.ClientTimeout(total=timeout)) as answer:
            return answer.status, await answer.json(content_type=None)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer of one operation."""
        _, answer = await self.send({"query": query, "variables": variables})
        return dict(answer)

    async def data(self, query: str, **variables: Any) -> dict[str, Any]:
        """What was asked for; an error fails the test."""
        answer = await self.ask(query, **variables)
        if "errors" in answer:
            raise AssertionError(answer["errors"])
        return dict(answer["data"])

    async def refused(self, query: str, **variables: Any) -> dict[str, Any]:
        """The extensions of the first error; an answer without one fails the test."""
        answer = await self.ask(query, **variables)
        if not answer.get("errors"):
            raise AssertionError(f"not refused: {answer}")
        return dict(answer["errors"][0]["extensions"])

    async def place(self, key: str | None = None, **changes: Any) -> dict[str, Any]:
        """An order that nothing holds, unless the changes say otherwise."""
        found = await self.data(PLACE, input=order(**changes), key=key or str(uuid.uuid4()))
        return dict(found["placeOrder"]["order"])

def order(**changes: Any) -> dict[str, Any]:
    """An order that every rule lets pass: tomatoes and onions for Munich."""
    return {"kitchen": "MUC-01", "supplier": "GRUENTAL", "note": "",
            "lines": [{"item": "PRO-0101", "quantity": 10}, {"item": "PRO-0105", "quantity": 3}], **changes}

def put(order_id: str, status: str) -> int:
    """Move an order by hand, as its superuser; returns the new version."""
    return int(rows("UPDATE platform.orders SET status = %s WHERE id = %s RETURNING version", status, order_id)[0]["version"])

class Case(unittest.IsolatedAsyncioTestCase):
    """A test with people of every role."""

    async def asyncSetUp(self) -> None:
        api()
        # the loop's own complaints about slowness say nothing here
        asyncio.get_running_loop().slow_callback_duration = 60
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.addAsyncCleanup(self.http.close)
        self.viewer, self.operator, self.lead = (self.person(role) for role in ("viewer", "operator", "lead"))
        self.kitchen = self.person("kitchen", "MUC-01")
        self.berlin = self.person("kitchen", "BER-01")

    def person(self, role: str, *kitchens: str) -> Asker:
        """Somebody new."""
        return Asker(self.http, role, kitchens or ("*",))

    async def until(self, what: Any, within: float = 20.0) -> Any:
        """Waits until the condition gives something; fails the test when it does not."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if found := await what():
                return found
            await asyncio.sleep(0.05)
        raise self.failureException(f"did not come true within {within:g} s")
