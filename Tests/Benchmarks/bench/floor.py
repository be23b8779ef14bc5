"""The C floor: the least that the same work costs on this machine, at this moment."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "floor"

_LIBRARIES = {
    "start": ["-lpq", "-lhiredis", "-lcurl", "-lncursesw"],
    "pty": ["-lutil"],
    "echo": [],
    "select": ["-lpq"],
    "ping": [],
    "listen": ["-lpq"],
}


class Floor:
    """Compiles the small programs into a folder, each when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problem = ""
        self._compiler = shutil.which("cc") or shutil.which("clang")

    def program(self, name: str) -> str | None:
        target = self.folder / name
        if target.exists():
            return str(target)
        if not self._compiler:
            self.problem = "no C compiler"
            return None
        command = [self._compiler, "-O2", "-o", str(target), str(SOURCES / f"{name}.c"), "-Wno-unused-result"]
        built = subprocess.run(
            command + self._postgres_flags(name) + _LIBRARIES[name], capture_output=True, text=True, timeout=60
        )
        if built.returncode != 0:
            self.problem = f"{name}.c does not compile: {built.stderr.strip().splitlines()[-1:]}"
            return None
        return str(target)

    def times(self, name: str, arguments: list[str], extra: dict[str, str], given: str = "") -> list[float]:
        """Seconds of each round, as the program measured them."""
        path = self.program(name)
        if not path:
            return []
        try:
            done = subprocess.run(
                [path, *arguments], env=os.environ | extra, input=given, capture_output=True, text=True, timeout=30
            )
        except subprocess.TimeoutExpired:
            return []
        return [int(line) / 1e9 for line in done.stdout.split()] if done.returncode == 0 else []

    def _postgres_flags(self, name: str) -> list[str]:
        if "-lpq" not in _LIBRARIES[name]:
            return []
        found = shutil.which("pkg-config")
        if not found:
            return ["-I/usr/include/postgresql"]
        asked = subprocess.run([found, "--cflags", "libpq"], capture_output=True, text=True, timeout=10)
        return shlex.split(asked.stdout)
