"""The budgets, each with how it is measured. The limits stand here once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .figures import figures, median, milliseconds, percentile, short_time
from .floor import Floor
from .local import ClosedPorts, LocalPlatform, Relays, nowhere
from .measure_change import changes
from .measure_keys import Presses, press, there_and_back
from .measure_load import load
from .measure_slow import slow_line
from .measure_start import first_frame, plain_start, useful_screen
from .measure_watch import Watch, watch
from .program import DOWN, UP, Program
from .report import Row
from .session import Session


@dataclass
class Bench:
    """What all measurements share."""

    program: Program
    peers: list[Program]
    platform: LocalPlatform | None
    floor: Floor
    folder: Path
    quick: bool

    def count(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    @contextmanager
    def watched(self, program: Program, columns: int = 80, rows: int = 24, keys: bytes = b"") -> Iterator[Session | None]:
        """A session that shows live data (for galley: on the screen that `keys` open), or None."""
        with Session(program.command, program.full_environment(), columns, rows) as session:
            useful = session.wait_for(program.is_useful, 5)
            if useful is None:
                yield None
                return
            session.settle(0.05, 1)
            if keys:
                session.press(keys)
                session.settle(0.2, 1.5)
            yield session

    def elsewhere(self, ports: dict[int, int], name: str) -> Program:
        """The console with a configuration whose ports lead elsewhere."""
        path = self.folder / f"{name}.toml"
        path.write_text((self.platform or nowhere()).configuration(ports))
        return self.program.with_arguments("--config", str(path), "--environment", "bench")


def measure_floor(bench: Bench) -> list[Row]:
    """The machine itself: what no program can be better than."""
    row = Row("floor", "C floor (no budget)", "")
    parts: list[str] = []
    start, echo = bench.floor.program("start"), bench.floor.program("echo")
    if start:
        parts.append(f"start {milliseconds(plain_start([start], bench.count(20, 8)))}")
    many = str(bench.count(3_000, 1_000))
    measured = {"pty round trip": bench.floor.times("pty", [many], {})}
    if echo:
        with Session([echo], {"TERM": "xterm-256color"}) as session:
            session.wait_for(lambda screen: screen.filled() >= 5, 2)
            measured["key to paint through this harness"] = press(session, [b"x"], bench.count(200, 60)).paint
    if bench.platform and (primary := bench.platform.primary()):
        measured["select 1"] = bench.floor.times("select", [many], bench.platform.connection(primary))
        port = [str(bench.platform.redis_port), many]
        measured["Redis PING"] = bench.floor.times("ping", port, {}, bench.platform.redis_names())
    for name, times in measured.items():
        if times:
            parts.append(f"{name} {short_time(median(times))} (p99 {short_time(percentile(times, 0.99))})")
            row.values[name] = {"p50_s": median(times), "p99_s": percentile(times, 0.99)}
    if bench.floor.problem:
        parts.append(bench.floor.problem)
    row.measured, row.verdict = "; ".join(parts), ""
    return [row]


def measure_first_frame(bench: Bench) -> list[Row]:
    row = Row("first-frame", "start to first frame, no network", "20 ms")
    starts = bench.count(20, 6)
    with ClosedPorts((bench.platform or nowhere()).ports()) as closed:
        times = first_frame(bench.elsewhere(closed.ports, "closed"), starts)
    for peer in bench.peers:
        row.beside.append(f"{peer.name} {milliseconds(median(first_frame(peer, starts)))}")
    start = bench.floor.program("start")
    if start:
        row.beside.append(f"C {milliseconds(plain_start([start], starts))}")
    if not times:
        return [row.why_not("no frame within 3 s")]
    row.measured = f"{milliseconds(median(times))}, p99 {milliseconds(percentile(times, 0.99))}"
    row.values = {"seconds": times}
    return [row.judge(median(times) <= 0.020)]


def measure_useful_screen(bench: Bench) -> list[Row]:
    row = Row("useful-screen", "start to useful screen, live data", "100 ms")
    starts = bench.count(15, 5)
    times = useful_screen(bench.program, starts) if bench.platform else []
    for peer in bench.peers:
        row.beside.append(f"{peer.name} {milliseconds(median(useful_screen(peer, bench.count(5, 3))))}")
    if not times:
        return [row.why_not("no local platform" if not bench.platform else "no useful screen within 5 s")]
    row.measured = f"{milliseconds(median(times))}, p99 {milliseconds(percentile(times, 0.99))}"
    row.measured += f", {starts - len(times)} of {starts} never" if len(times) < starts else ""
    row.values = {"seconds": times}
    return [row.judge(median(times) <= 0.100, len(times) == starts)]


def _paint(row: Row, presses: Presses) -> Row:
    if not presses.paint:
        return row.why_not("no key changed the screen")
    row.measured = f"p50 {milliseconds(presses.p50)}, p99 {milliseconds(presses.p99)}"
    row.measured += f", {presses.unanswered} unanswered" if presses.unanswered else ""
    row.values = {"p50_s": presses.p50, "p99_s": presses.p99, "presses": len(presses.paint)}
    row.values["max_s"] = max(presses.paint)
    return row.judge(presses.p50 <= 0.001, presses.p99 <= 0.005, presses.unanswered == 0)


def measure_key(bench: Bench) -> list[Row]:
    row = Row("key", "key press to paint, 80x24", "p50 1 ms, p99 5 ms")
    for peer in bench.peers:
        with bench.watched(peer) as session:
            if session:
                done = press(session, there_and_back(DOWN, UP, 5), bench.count(60, 30))
                row.beside.append(f"{peer.name} {milliseconds(done.p50)} / {milliseconds(done.p99)}")
    if not bench.platform:
        return [row.why_not("no local platform")]
    with bench.watched(bench.program, keys=bench.program.opens_list) as session:
        if not session:
            return [row.why_not("no useful screen")]
        return [_paint(row, press(session, there_and_back(DOWN, UP, 8), bench.count(400, 100)))]


def measure_key_hanging(bench: Bench) -> list[Row]:
    """Two ways to hang: after the orders were read, and from the start."""
    after = Row("key-hanging", "the same, all backends hang with orders shown", "p50 1 ms, p99 5 ms")
    never = Row("key-hanging", "the same, nothing ever answered", "p50 1 ms, p99 5 ms")
    count = bench.count(400, 100)
    with Relays((bench.platform or nowhere()).ports(), silent=True) as relays:
        program = bench.elsewhere(relays.ports, "silent")
        with Session(program.command, program.full_environment()) as session:
            if session.wait_for(lambda screen: screen.filled() > 40, 3) is None:
                never.why_not("no frame within 3 s")
            else:
                session.pump(time.monotonic() + 2)
                session.press(b"4")
                session.settle(0.1, 1)
                _paint(never, press(session, [DOWN, DOWN, UP, UP], count))
                if not never.values:
                    # Nothing in that list to move along: change between two screens instead.
                    _paint(never, press(session, [b"3", b"4"], count))
    if not bench.platform:
        return [after.why_not("no local platform"), never]
    with Relays(bench.platform.ports()) as relays:
        program = bench.elsewhere(relays.ports, "relayed")
        with bench.watched(program, keys=program.opens_list) as session:
            if not session:
                return [after.why_not("no useful screen through a relay"), never]
            relays.hang()
            session.pump(time.monotonic() + bench.count(6, 3))
            _paint(after, press(session, there_and_back(DOWN, UP, 8), count))
    return [after, never]


def measure_key_bytes(bench: Bench) -> list[Row]:
    rows: list[Row] = []
    for columns, lines, limit in ((80, 24, 150), (200, 60, 300)):
        row = Row("key-bytes", f"bytes for one arrow key, {columns}x{lines}", f"{limit}")
        rows.append(row)
        for peer in bench.peers:
            with bench.watched(peer, columns, lines) as session:
                if session:
                    done = press(session, there_and_back(DOWN, UP, 5), 20)
                    row.beside.append(f"{peer.name} {figures(done.median_bytes)}")
        if not bench.platform:
            row.why_not("no local platform")
            continue
        with bench.watched(bench.program, columns, lines, bench.program.opens_list) as session:
            done = press(session, there_and_back(DOWN, UP, 8), bench.count(120, 40)) if session else Presses()
        if not done.bytes:
            row.why_not("no useful screen" if not session else "no key changed the screen")
            continue
        row.measured = f"{figures(done.median_bytes)}, p99 {figures(percentile(done.bytes, 0.99))}"
        row.values = {"median": done.median_bytes, "bytes": done.bytes}
        row.judge(done.median_bytes <= limit)
    return rows


def measure_watch(bench: Bench) -> list[Row]:
    """One session looked at for a while gives four rows."""
    idle = Row("idle", "idle bytes a second, 80x24", "300, and 1.2 x smallest encoding")
    flicker = Row("flicker", "frames that blank cells on the way", "0")
    memory = Row("memory", "memory, steady", "30 MB, flat")
    cpu = Row("cpu", "CPU seconds a minute", "1")
    rows = [idle, flicker, memory, cpu]
    for peer in bench.peers:
        with bench.watched(peer) as session:
            if session:
                seen = watch(session, bench.count(15, 6))
                idle.beside.append(f"{peer.name} {figures(seen.bytes_per_second)}")
                flicker.beside.append(f"{peer.name} {seen.flickering} of {seen.frames}")
                memory.beside.append(f"{peer.name} {figures(seen.memory)} MB")
                cpu.beside.append(f"{peer.name} {figures(seen.cpu_per_minute)}")
    if not bench.platform:
        return [row.why_not("no local platform") for row in rows]
    with bench.watched(bench.program) as session:
        if not session:
            return [row.why_not("no useful screen") for row in rows]
        session.pump(time.monotonic() + bench.count(5, 2))
        _judge_watch(rows, watch(session, bench.count(60, 12)))
    return rows


def _judge_watch(rows: list[Row], seen: Watch) -> None:
    idle, flicker, memory, cpu = rows
    idle.measured = f"{figures(seen.bytes_per_second)}, {figures(seen.ratio)} x an estimate of the smallest encoding"
    idle.values = {"bytes_per_second": seen.bytes_per_second, "smallest_per_second": seen.smallest_per_second}
    idle.judge(seen.bytes_per_second <= 300, not seen.ratio > 1.2)
    flicker.measured = f"{seen.flickering} of {seen.frames}"
    flicker.values = {"flickering": seen.flickering, "frames": seen.frames}
    flicker.judge(seen.flickering == 0)
    memory.measured = f"{figures(seen.memory)} MB, {seen.memory_growth:+.2f} MB in {seen.seconds:.0f} s, "
    memory.measured += f"{seen.threads} threads (8 h are not waited for)"
    memory.values = {"mb": seen.memory, "growth_mb": seen.memory_growth, "seconds": seen.seconds}
    memory.judge(seen.memory <= 30, seen.memory_growth <= 1)
    cpu.measured = figures(seen.cpu_per_minute)
    cpu.values = {"seconds_per_minute": seen.cpu_per_minute}
    cpu.judge(seen.cpu_per_minute <= 1)


def measure_change(bench: Bench) -> list[Row]:
    row = Row("change", "a change in the platform to the screen", "median 0.25 s")
    if not bench.platform:
        return [row.why_not("no local platform")]
    with bench.watched(bench.program, keys=bench.program.opens_list) as session:
        if not session:
            return [row.why_not("no useful screen")]
        delays = changes(session, bench.platform, bench.floor, bench.count(20, 6), bench.count(60, 25))
    if not delays:
        return [row.why_not(bench.floor.problem or "no new order came in time")]
    row.measured = f"{milliseconds(median(delays))}, p99 {milliseconds(percentile(delays, 0.99))}"
    row.measured += f", {len(delays)} new orders"
    row.values = {"seconds": delays}
    return [row.judge(median(delays) <= 0.25)]


def measure_slow(bench: Bench) -> list[Row]:
    row = Row("slow", "9,600 baud, 200 ms: key to settled", "p50 0.45 s, max 1 s, no backlog")
    seconds = bench.count(60, 20)
    for peer in bench.peers[:1]:
        seen = slow_line(peer, min(seconds, 20))
        row.beside.append(
            f"{peer.name} {milliseconds(median(seen.settled))}, backlog {'grows' if seen.grows else 'steady'}"
        )
    if not bench.platform:
        return [row.why_not("no local platform")]
    seen = slow_line(bench.program, seconds)
    if not seen.settled:
        return [row.why_not("no useful screen" if seen.useful != seen.useful else "no key changed the screen")]
    worst = max(seen.settled)
    row.measured = f"p50 {milliseconds(median(seen.settled))}, max {milliseconds(worst)}, backlog at most "
    row.measured += f"{milliseconds(max(seen.backlog))}, {'grows' if seen.grows else 'does not grow'}"
    row.measured += f"; useful after {figures(seen.useful)} s"
    row.measured += f", {seen.unanswered} unanswered" if seen.unanswered else ""
    row.values = {"settled_s": seen.settled, "backlog_s": seen.backlog, "grows": seen.grows, "useful_s": seen.useful}
    return [row.judge(median(seen.settled) <= 0.45, worst <= 1, not seen.grows, seen.unanswered == 0)]


def measure_load(bench: Bench) -> list[Row]:
    row = Row("load", "load on the platform", "10 statements/s, none over 10 ms, 1 CPU s/min")
    if not bench.platform:
        return [row.why_not("no local platform")]
    with bench.watched(bench.program) as session:
        if not session:
            return [row.why_not("no useful screen")]
        session.pump(time.monotonic() + 2)
        seen = load(session, bench.platform, bench.count(60, 15))
    if not seen:
        return [row.why_not("no statistics (psql, pg_stat_statements)")]
    row.measured = f"{figures(seen.statements_per_second)}/s, slowest {figures(seen.slowest)} ms "
    row.measured += f"({seen.slowest_text}), server CPU {figures(seen.cpu_per_minute)} s/min"
    row.measured += f"; {seen.others} sessions of others in this role" if seen.others else ""
    row.values = {
        "statements_per_second": seen.statements_per_second,
        "slowest_ms": seen.slowest,
        "cpu_per_minute": seen.cpu_per_minute,
        "others": seen.others,
    }
    return [row.judge(seen.statements_per_second <= 10, seen.slowest <= 10, seen.cpu_per_minute <= 1)]


# In the order of the report. A name of several rows is measured once.
MEASURES: dict[str, Callable[[Bench], list[Row]]] = {
    "floor": measure_floor,
    "first-frame": measure_first_frame,
    "useful-screen": measure_useful_screen,
    "key": measure_key,
    "key-hanging": measure_key_hanging,
    "key-bytes": measure_key_bytes,
    "watch": measure_watch,
    "change": measure_change,
    "slow": measure_slow,
    "load": measure_load,
}
