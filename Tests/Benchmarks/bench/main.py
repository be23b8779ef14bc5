"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import os
import platform as host
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Any

from .budgets import MEASURES, Bench
from .floor import Floor
from .local import LocalPlatform
from .processes import load_average
from .program import galley, peers
from .report import Row, as_json, table

_LONGEST = 900
_ROOT = Path(__file__).resolve().parents[3]


class TakesTooLong(Exception):
    pass


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run", description="Measures the budgets of the console.")
    parser.add_argument("--galley", metavar="PATH", default=str(_ROOT / ".build/release/galley"))
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements, about two minutes")
    parser.add_argument("--only", metavar="NAME", action="append", choices=sorted(MEASURES), help="one budget; may be repeated")
    parser.add_argument("--json", metavar="FILE", help="also write the figures to a file")
    parser.add_argument("--no-peers", action="store_true", help="leave out htop and the like")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """0: measured, whatever the figures say; 1: the console drew no screen; 2: usage."""
    options = _arguments(words)
    if not os.access(options.galley, os.X_OK):
        print(f"{options.galley} is not there: swift build -c release --product galley", file=sys.stderr)
        return 2
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGTERM, _too_long)
    signal.alarm(_LONGEST)
    folder = Path(tempfile.mkdtemp(prefix="galley-bench-"))
    try:
        return _measure(options, folder)
    except (TakesTooLong, KeyboardInterrupt):
        print("ended before all was measured", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TakesTooLong


def _measure(options: argparse.Namespace, folder: Path) -> int:
    found = LocalPlatform.find(options.galley)
    floor = Floor(folder)
    connection = found.connection(found.nodes[0]) if found and found.nodes else {}
    others = [] if options.no_peers else peers(folder, connection)
    bench = Bench(galley(options.galley), others, found, floor, folder, options.quick)
    names = [name for name in MEASURES if not options.only or name in options.only]
    begun, rows = time.monotonic(), []
    busy = [load_average()]
    for name in names:
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        start = time.monotonic()
        rows += MEASURES[name](bench)
        busy.append(load_average())
        print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    machine = _machine(options, busy, time.monotonic() - begun)
    print(_heading(machine, found is not None))
    print(table(rows))
    print(_summary(rows))
    if options.json:
        Path(options.json).write_text(as_json(rows, machine) + "\n")
    judged = [row for row in rows if row.name != "floor"]
    return 1 if judged and all(row.verdict == "not measured" for row in judged) else 0


def _machine(options: argparse.Namespace, busy: list[float], seconds: float) -> dict[str, Any]:
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "galley": options.galley,
        "quick": options.quick,
        "processors": os.cpu_count(),
        "kernel": host.release(),
        "load_average": busy,
        "seconds": round(seconds, 1),
    }


def _heading(machine: dict[str, Any], has_platform: bool) -> str:
    busiest = max(machine["load_average"])
    text = f"{machine['galley']} on {machine['processors']} processors, {machine['at']}, "
    text += f"load {min(machine['load_average']):.1f} to {busiest:.1f}"
    text += "" if has_platform else ", no local platform runs (galley local up)"
    if busiest > (machine["processors"] or 1):
        text += "\nThe machine was busy: times, above all p99, say little; bytes and counts hold."
    return text + "\n"


def _summary(rows: list[Row]) -> str:
    counts = {word: sum(1 for row in rows if row.verdict == word) for word in ("pass", "over", "not measured")}
    return "\n" + ", ".join(f"{count} {word}" for word, count in counts.items())
