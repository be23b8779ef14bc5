"""Bearer tokens: JSON Web Tokens signed with HMAC-SHA256, by the standard library alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from . import texts

# Those of people. The services act in the database under their own names and need no token.
ROLES = ("viewer", "kitchen", "operator", "lead")
ISSUER = "foodplatform"


class BadToken(Exception):
    """The token proves nothing; the message says why and may be shown."""


@dataclass(frozen=True)
class Identity:
    """Who asks."""

    subject: str
    role: str
    kitchens: frozenset[str]

    def may_see(self, kitchen: str) -> bool:
        """Kitchens see and act on their own; `*` means all."""
        return "*" in self.kitchens or kitchen in self.kitchens


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(key: bytes, subject: str, role: str, kitchens: list[str], seconds: int = 3600) -> str:
    """A token good for `seconds`."""
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": subject, "role": role, "kitchens": kitchens, "iat": now, "exp": now + seconds}
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    body = ".".join(_encode(part) for part in parts)
    return f"{body}.{_encode(hmac.digest(key, body.encode(), hashlib.sha256))}"


def verify(key: bytes, token: str) -> Identity:
    """Check signature, algorithm, times and claims; the algorithm is ours to choose, not the token's."""
    if not key:
        raise BadToken("this service has no token key")
    body, _, signature = token.rpartition(".")
    head, _, payload = body.partition(".")
    try:
        header: Any = json.loads(_decode(head))
        given = _decode(signature)
        if not isinstance(header, dict) or header.get("alg") != "HS256":
            raise BadToken("token is not signed with HS256")
        if not hmac.compare_digest(given, hmac.digest(key, body.encode(), hashlib.sha256)):
            raise BadToken("token signature is wrong")
        claims: Any = json.loads(_decode(payload))
    except (ValueError, UnicodeError):
        raise BadToken("token is malformed") from None
    if not isinstance(claims, dict) or claims.get("iss") != ISSUER:
        raise BadToken("token is from another issuer")
    now = time.time()
    expires, issued = claims.get("exp"), claims.get("iat", 0)
    if not isinstance(expires, (int, float)) or expires < now:
        raise BadToken("token has expired")
    if not isinstance(issued, (int, float)) or issued > now + 60:
        raise BadToken("token is not valid yet")
    subject, role, kitchens = claims.get("sub"), claims.get("role"), claims.get("kitchens")
    if not isinstance(subject, str) or role not in ROLES or not isinstance(kitchens, list):
        raise BadToken("token lacks sub, role or kitchens")
    if len(kitchens) > 1000 or not all(isinstance(one, str) and re.fullmatch(r"\*|[A-Za-z0-9-]{1,20}", one)
                                       for one in kitchens):
        raise BadToken("token names no proper kitchens")
    if not 1 <= len(subject) <= 100 or not texts.printable(subject):
        raise BadToken("token names no proper subject")
    return Identity(subject, str(role), frozenset(kitchens))
