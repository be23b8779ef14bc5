"""The local platform, when one runs: its configuration, its statistics, and copies of its configuration
that lead elsewhere."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_PORTS = re.compile(r"(?m)^(port\s*=\s*)(\d+)\s*$|(127\.0\.0\.1:)(\d+)")
MARK = "/* benchmark */"


@dataclass(frozen=True)
class Node:
    name: str
    port: int


class LocalPlatform:
    """Made by `find`; nothing here changes the platform."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder, self.text = folder, text
        names = re.findall(r'nodes\]\]\s*\nname\s*=\s*"([^"]+)"[^\[]*?\nport\s*=\s*(\d+)', text)
        self.nodes = [Node(name, int(port)) for name, port in names]
        self.redis_port = self._number(r"redis://127\.0\.0\.1:(\d+)")

    @staticmethod
    def find(galley: str) -> LocalPlatform | None:
        told = subprocess.run([galley, "config", "path"], capture_output=True, text=True, timeout=10)
        match = re.search(r"^local platform\s+(\S.*)$", told.stdout, re.M)
        if not match:
            return None
        folder = Path(match.group(1).strip())
        state = subprocess.run([galley, "local", "status"], capture_output=True, text=True, timeout=10)
        try:
            text = (folder / "galley.toml").read_text()
        except OSError:
            return None
        return LocalPlatform(folder, text) if state.returncode == 0 and "is running" in state.stdout else None

    def _number(self, pattern: str) -> int:
        match = re.search(pattern, self.text)
        return int(match.group(1)) if match else 0

    def _setting(self, key: str) -> str:
        match = re.search(rf'(?m)^{key}\s*=\s*"([^"]*)"', self.text)
        return match.group(1) if match else ""

    def ports(self) -> list[int]:
        return sorted({int(match.group(2) or match.group(4)) for match in _PORTS.finditer(self.text)})

    def configuration(self, ports: dict[int, int]) -> str:
        """The same platform under another name, every port replaced."""

        def other(match: re.Match[str]) -> str:
            head, port = match.group(1) or match.group(3), int(match.group(2) or match.group(4))
            return f"{head}{ports.get(port, port)}"

        text = self.text.replace("environments.local", "environments.bench")
        return _PORTS.sub(other, text.replace('default_environment = "local"', 'default_environment = "bench"'))

    def connection(self, node: Node) -> dict[str, str]:
        """libpq's environment variables for a node."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(node.port),
            "PGUSER": self._setting("user"),
            "PGDATABASE": self._setting("database"),
            "PGPASSFILE": self._setting("passfile"),
            "PGSSLMODE": "disable",
        }

    def redis_names(self) -> str:
        """What AUTH takes, for a program's standard input."""
        try:
            return f"{self._setting('username')} {Path(self._setting('password_file')).read_text().strip()}\n"
        except OSError:
            return "\n"

    def query(self, node: Node, sql: str) -> list[list[str]]:
        """Rows as texts; none when the node does not answer or psql is not installed."""
        try:
            done = subprocess.run(
                ["psql", "-X", "-A", "-t", "-q", "-F", "\t", "-c", sql],
                env=os.environ | self.connection(node),
                capture_output=True,
                text=True,
                timeout=10,
            )
        except (OSError, subprocess.TimeoutExpired):
            return []
        return [line.split("\t") for line in done.stdout.splitlines() if line]

    def primary(self) -> Node | None:
        for node in self.nodes:
            if self.query(node, f"SELECT pg_is_in_recovery() {MARK}") == [["f"]]:
                return node
        return None


class Relays:
    """One relay for each port; see relay.py."""

    def __init__(self, ports: list[int], silent: bool = False) -> None:
        targets = ["0" if silent else str(port) for port in ports]
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("relay.py")), *targets],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        given = [int(text) for text in self._process.stdout.readline().split()]
        self.ports = dict(zip(ports, given))

    def hang(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("hang\n")
        self._process.stdin.flush()

    def __enter__(self) -> Relays:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()


class ClosedPorts:
    """Ports that refuse: bound, so that nobody else takes them, and not listened on."""

    def __init__(self, ports: list[int]) -> None:
        self._sockets = [socket.socket() for _ in ports]
        for one in self._sockets:
            one.bind(("127.0.0.1", 0))
        self.ports = {port: one.getsockname()[1] for port, one in zip(ports, self._sockets)}

    def __enter__(self) -> ClosedPorts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._sockets:
            one.close()


# A platform to point nowhere when no local platform runs.
NOWHERE = """default_environment = "local"
[environments.local]
kind = "local"
title = "nowhere"
[environments.local.postgres]
database = "platform"
user = "galley_reader"
sslmode = "disable"
[[environments.local.postgres.nodes]]
name = "one"
host = "127.0.0.1"
port = 5432
region = "here"
[[environments.local.postgres.nodes]]
name = "two"
host = "127.0.0.1"
port = 5433
region = "there"
[environments.local.redis]
url = "redis://127.0.0.1:6379/0"
[[environments.local.services]]
name = "api"
url = "http://127.0.0.1:3000"
"""


def nowhere() -> LocalPlatform:
    return LocalPlatform(Path("/nonexistent"), NOWHERE)
