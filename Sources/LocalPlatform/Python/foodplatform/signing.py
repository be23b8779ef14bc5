"""How a partner's webhook proves where it comes from: an HMAC over the time and the exact bytes."""

from __future__ import annotations

import hashlib
import hmac
import time

TIMESTAMP = "X-Webhook-Timestamp"
SIGNATURE = "X-Webhook-Signature"
SKEW_SECONDS = 300


def _partner_key(secret: bytes, partner: str) -> bytes:
    """Each partner has a key of its own, derived, so that one partner cannot speak for another."""
    return hmac.digest(secret, b"partner:" + partner.encode(), hashlib.sha256)


def headers(secret: bytes, partner: str, body: bytes) -> dict[str, str]:
    """What the partner sends beside the body."""
    at = str(int(time.time()))
    return {TIMESTAMP: at, SIGNATURE: "v1=" + _signature(secret, partner, at, body)}


def wrong(secret: bytes, partner: str, body: bytes, given: dict[str, str]) -> str | None:
    """None when the signature holds, else what is wrong with it."""
    at = given.get(TIMESTAMP, "")
    if not secret:
        return "this service has no webhook secret"
    if not at.isascii() or not at.isdigit() or abs(time.time() - int(at)) > SKEW_SECONDS:
        return f"{TIMESTAMP} must be within {SKEW_SECONDS} s of now"
    wanted = "v1=" + _signature(secret, partner, at, body)
    return None if hmac.compare_digest(wanted.encode(), given.get(SIGNATURE, "").encode()) else f"{SIGNATURE} does not match"


def _signature(secret: bytes, partner: str, at: str, body: bytes) -> str:
    return hmac.new(_partner_key(secret, partner), at.encode() + b"." + body, hashlib.sha256).hexdigest()
