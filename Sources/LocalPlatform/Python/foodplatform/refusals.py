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
    """Also said of an order that the asker may not see: that it exists is already information."""
    return Refusal("NOT_FOUND", f"{what} {key} does not exist")


def role_forbidden(role: str, what: str, **details: Any) -> Refusal:
    """The asker is known and may not."""
    return Refusal("NOT_ALLOWED", f"role {role} may not {what}", because="ROLE", **details)


def wrong_kitchen(kitchen: str) -> Refusal:
    """The asker named a kitchen that the token is not for."""
    return Refusal("WRONG_KITCHEN", f"this token is not for kitchen {kitchen}", kitchen=kitchen)


def problem(code: str, message: str, *, line: int | None = None, field: str | None = None,
            **details: Any) -> dict[str, Any]:
    """One thing that is wrong with a request, beside the line and the field that it is wrong in."""
    return {"line": line, "field": field, "code": code, "message": message, **details}


def refuse(problems: list[dict[str, Any]]) -> Refusal:
    """Everything that is wrong, at once: a person at a form wants to fix it in one go."""
    first = problems[0]
    return Refusal(first["code"], first["message"], problems=problems)


def invalid(field: str, message: str, line: int | None = None) -> Refusal:
    """A value that no order can have."""
    return refuse([problem("INVALID", message, line=line, field=field)])
