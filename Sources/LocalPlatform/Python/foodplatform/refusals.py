"""Why the platform says no, in words for people and codes for programs."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """A request that was understood and is not carried out."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.details = details


def not_found(what: str, key: object) -> Refusal:
    """Also said of what the asker may not see: that it exists is already information."""
    return Refusal("NOT_FOUND", f"{what} {key} does not exist")


def forbidden(message: str) -> Refusal:
    """The asker is known and may not."""
    return Refusal("FORBIDDEN", message)
