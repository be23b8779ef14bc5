"""What one console costs the platform's databases, by their own count."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .local import MARK, LocalPlatform, Node
from .processes import cpu_seconds_exact, local_ports
from .session import Session

_STATEMENTS = f"""SELECT queryid, calls, total_exec_time, max_exec_time
FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid
WHERE rolname = current_user AND query NOT LIKE '%{MARK}%'"""


@dataclass(frozen=True)
class Load:
    seconds: float
    statements_per_second: float
    # Milliseconds. The statistics keep a maximum for ever: one that did not rise is not of this run, and the
    # mean of the run stands for it.
    slowest: float
    slowest_text: str
    cpu_per_minute: float
    others: int


def load(session: Session, platform: LocalPlatform, seconds: float) -> Load | None:
    nodes = platform.nodes
    before = {node.name: _statements(platform, node) for node in nodes}
    if not any(before.values()):
        return None
    ports = local_ports(session.pid)
    backends, others = _backends(platform, ports)
    cpu = {pid: cpu_seconds_exact(pid) for pid in backends}
    begun = time.monotonic()
    session.pump(begun + seconds)
    passed = time.monotonic() - begun
    spent = sum(_spent(pid, start) for pid, start in cpu.items())
    calls, slowest, text = 0, 0.0, ""
    for node in nodes:
        for identity, (count, total, most) in _statements(platform, node).items():
            old_count, old_total, old_most = before[node.name].get(identity, (0, 0.0, 0.0))
            if count <= old_count:
                continue
            calls += count - old_count
            longest = most if most > old_most else (total - old_total) / (count - old_count)
            if longest > slowest:
                slowest, text = longest, f"{node.name} {_text(platform, node, identity)}"
    return Load(passed, calls / passed, slowest, text, spent / passed * 60, others)


def _statements(platform: LocalPlatform, node: Node) -> dict[str, tuple[int, float, float]]:
    rows = platform.query(node, _STATEMENTS)
    return {row[0]: (int(row[1]), float(row[2]), float(row[3])) for row in rows if len(row) == 4}


def _text(platform: LocalPlatform, node: Node, identity: str) -> str:
    sql = f"""SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), 60) FROM pg_stat_statements
    WHERE queryid = {int(identity)} {MARK} LIMIT 1"""
    return next((row[0] for row in platform.query(node, sql)), "")


def _backends(platform: LocalPlatform, ports: set[int]) -> tuple[list[int], int]:
    """The server processes at the other end of the console's sockets, and how many serve others in its role."""
    own: list[int] = []
    others = 0
    sql = f"SELECT pid, client_port FROM pg_stat_activity {MARK} WHERE usename = current_user AND pid <> pg_backend_pid()"
    for node in platform.nodes:
        for pid, port in (row for row in platform.query(node, sql) if len(row) == 2):
            if port.isdigit() and int(port) in ports:
                own.append(int(pid))
            else:
                others += 1
    return own, others


def _spent(pid: int, start: float) -> float:
    try:
        return cpu_seconds_exact(pid) - start
    except OSError:
        return 0.0
