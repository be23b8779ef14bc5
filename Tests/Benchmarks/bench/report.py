"""The table, and the same as JSON."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict, dataclass, field
from typing import Any

COLUMNS = ("budget", "limit", "measured", "verdict", "peers and floor")
_WIDEST = (34, 30, 40, 12, 44)


@dataclass
class Row:
    """One budget. `verdict` is "pass", "over" or "not measured"; `values` are for JSON."""

    name: str
    what: str
    limit: str
    measured: str = ""
    verdict: str = "not measured"
    beside: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def judge(self, *within: bool) -> Row:
        self.verdict = "pass" if all(within) else "over"
        return self

    def why_not(self, reason: str) -> Row:
        self.measured = reason
        return self


def table(rows: list[Row]) -> str:
    lines = [_line(list(COLUMNS)), _line(["-" * width for width in _WIDEST])]
    for row in rows:
        texts = [row.what, row.limit, row.measured, row.verdict, "; ".join(row.beside)]
        wrapped = [textwrap.wrap(text, width) or [""] for text, width in zip(texts, _WIDEST)]
        for number in range(max(len(parts) for parts in wrapped)):
            lines.append(_line([parts[number] if number < len(parts) else "" for parts in wrapped]))
    return "\n".join(lines)


def _line(texts: list[str]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, _WIDEST)).rstrip()


def as_json(rows: list[Row], machine: dict[str, Any]) -> str:
    return json.dumps(
        {"schema": "galley-benchmark/1", "machine": machine, "rows": [asdict(row) for row in rows]}, indent=1
    )
