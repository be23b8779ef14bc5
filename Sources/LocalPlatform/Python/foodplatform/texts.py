"""Texts from outside: bounded, and without what would forge a line on somebody's terminal or in a log."""

from __future__ import annotations

import unicodedata

from .refusals import invalid

# Line and paragraph separators, and the overrides of the writing direction, move text as control characters do.
_MOVING = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str, allowed: str = "") -> bool:
    """No control characters but the allowed ones, no half of a surrogate pair, nothing that moves text."""
    return all(one in allowed or (one not in _MOVING and unicodedata.category(one) not in ("Cc", "Cs")) for one in text)


def storable(text: str) -> bool:
    """What PostgreSQL's text can hold at all."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def line(text: str, field: str, most: int, least: int = 0) -> str:
    """One line, without white space at its ends."""
    return _checked(text.strip(), field, most, least, "")


def paragraphs(text: str, field: str, most: int, least: int = 0) -> str:
    """Several lines; tabs too."""
    return _checked(text.replace("\r\n", "\n").strip(), field, most, least, "\n\t")


def _checked(text: str, field: str, most: int, least: int, allowed: str) -> str:
    if not least <= len(text) <= most:
        raise invalid(field, f"{field} must have {least} to {most} characters, not {len(text)}")
    if not printable(text, allowed):
        raise invalid(field, f"{field} must not hold control characters")
    return text
