"""The programs that are measured: how each is started and how one sees that its screen is useful."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .screen import Screen

_NOT_YET = re.compile(r"\bloading\b|\bReading\b|\bnot read yet\b|\bconnecting\b")
DOWN, UP = b"\x1bOB", b"\x1bOA"


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    is_useful: Callable[[Screen], bool]
    # Pressed before arrow keys are measured: opens a list.
    opens_list: bytes = b""
    environment: dict[str, str] = field(default_factory=dict)

    def full_environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLORTERM", "TMUX", "STY")}
        return kept | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"} | self.environment

    def with_arguments(self, *arguments: str) -> Program:
        return Program(self.name, self.command + list(arguments), self.is_useful, self.opens_list, self.environment)


def _galley_is_useful(screen: Screen) -> bool:
    lines = screen.lines()
    return bool(re.search(r"\blive\b", lines[0])) and not any(_NOT_YET.search(line) for line in lines)


def galley(path: str) -> Program:
    return Program("galley", [os.path.abspath(path)], _galley_is_useful, opens_list=b"2")


def _has_rows(least: int) -> Callable[[Screen], bool]:
    row = re.compile(r"^\s*\d+ +[\w+-]+ +")
    return lambda screen: sum(1 for line in screen.lines() if row.match(line)) >= least


def peers(folder: Path, postgres: dict[str, str]) -> list[Program]:
    """Those that are installed. Their settings are kept out of the user's home."""
    home = {"XDG_CONFIG_HOME": str(folder), "HTOPRC": str(folder / "htoprc")}
    found: list[Program] = []
    for name, useful in (
        ("htop", _has_rows(5)),
        ("btop", lambda screen: screen.filled() > 400 and "proc" in screen.text()),
        ("pg_activity", lambda screen: "PID" in screen.text()),
    ):
        path = shutil.which(name)
        if not path or (name == "pg_activity" and not postgres):
            continue
        extra = home | (postgres if name == "pg_activity" else {})
        found.append(Program(name, [path], useful, environment=extra))
    return found
