"""Faults on purpose: a small JSON file per service or link, and deleting it heals."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any


class Faults:
    """Reads `<name>.json` in the faults folder, at most every 200 ms."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self._path = folder / f"{name}.json" if folder else None
        self._read_at = 0.0
        self._found: dict[str, Any] = {}

    def current(self) -> dict[str, Any]:
        """What is wrong now; empty when nothing is. A half-written file counts as the last whole one."""
        if self._path is None or time.monotonic() - self._read_at < 0.2:
            return self._found
        self._read_at = time.monotonic()
        try:
            found = json.loads(self._path.read_text("utf-8"))
            self._found = found if isinstance(found, dict) else {}
        except FileNotFoundError:
            self._found = {}
        except (OSError, ValueError):
            pass
        return self._found

    def number(self, key: str) -> int:
        """A fault's amount; 0 when it is absent or no number. Bounded: a fault is no way to hang for good."""
        value = self.current().get(key, 0)
        return max(0, min(int(value), 600_000)) if isinstance(value, (int, float)) else 0

    def text(self, key: str) -> str:
        """A fault that names something; empty when it is absent."""
        value = self.current().get(key)
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        """A fault that is on or off."""
        return self.current().get(key) is True
