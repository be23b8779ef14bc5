"""What the supervisor tells a process through its environment, read in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


def _number(name: str, default: int) -> int:
    """A whole number from the environment; nonsense is an error at start, not a surprise later."""
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise SystemExit(f"{name} must be a whole number") from None


def _file(name: str) -> bytes:
    """A secret lives in a file, so that no process listing ever shows it."""
    path = os.environ.get(name, "")
    if not path:
        return b""
    try:
        return Path(path).read_bytes().strip()
    except OSError as error:
        raise SystemExit(f"{name}: cannot read the file: {error.strerror}") from None


@dataclass(frozen=True)
class Settings:
    """The whole configuration of one process."""

    service: str
    port: int
    redis_host: str
    redis_port: int
    redis_username: str | None
    redis_password: str | None
    bull_prefix: str
    faults_folder: Path | None
    api_url: str
    webhook_url: str
    rate: int
    supplier_seed: int
    links: str
    token_key: bytes
    webhook_secret: bytes

    @staticmethod
    def read(service: str) -> Settings:
        """Read the environment; the secrets are read too, and must not be logged."""
        env = os.environ
        folder = env.get("FAULTS_FOLDER", "")
        return Settings(
            service=env.get("SERVICE") or service,
            port=_number("PORT", 0),
            redis_host=env.get("REDIS_HOST") or "127.0.0.1",
            redis_port=_number("REDIS_PORT", 6379),
            redis_username=env.get("REDIS_USERNAME") or None,
            redis_password=_file("REDIS_PASSWORD_FILE").decode() or None,
            bull_prefix=env.get("BULL_PREFIX") or "bull",
            faults_folder=Path(folder) if folder else None,
            api_url=(env.get("API_URL") or "http://127.0.0.1:3000").rstrip("/"),
            webhook_url=(env.get("WEBHOOK_URL") or "http://127.0.0.1:3002").rstrip("/"),
            rate=_number("RATE", 30),
            supplier_seed=_number("SUPPLIER_SEED", 1),
            links=env.get("LINKS", ""),
            token_key=_file("TOKEN_KEY_FILE"),
            webhook_secret=_file("WEBHOOK_SECRET_FILE"),
        )
