"""One line of JSON per event on standard error, which the supervisor keeps."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from datetime import datetime, timezone

_service = "foodplatform"


def now() -> str:
    """The time as every answer of the platform writes it: UTC, milliseconds, Z."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def start(service: str) -> None:
    """Name the process in every line, and keep libraries' own chatter in the same form."""
    global _service
    _service = service
    logging.basicConfig(handlers=[_Lines()], level=logging.ERROR)
    warnings.simplefilter("ignore")


def event(name: str, /, **fields: object) -> None:
    """Write one event. Callers pass facts, never secrets, bodies or connection strings."""
    line = {"at": now(), "service": _service, "event": name, **fields}
    sys.stderr.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
    sys.stderr.flush()


def reason(error: BaseException) -> str:
    """An error in one short line: libraries write paragraphs."""
    text = " ".join(str(error).split()).split(" Is the server running")[0]
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__


class _Lines(logging.Handler):
    """Library errors as events of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        event("library", logger=record.name, message=record.getMessage()[:300],
              error=reason(cause) if cause else None)
