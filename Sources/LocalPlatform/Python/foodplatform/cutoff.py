"""Until when a supplier takes orders for the next delivery."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo


def following(supplier: dict[str, Any], now: datetime | None = None) -> datetime:
    """The next cut-off, in UTC: the wall clock where the supplier is, through changes of summer time too."""
    zone = ZoneInfo(supplier["time_zone"])
    here = (now or datetime.now(timezone.utc)).astimezone(zone)
    at: time = supplier["cut_off"]
    today = datetime.combine(here.date(), at, zone)
    if here.astimezone(timezone.utc) < today.astimezone(timezone.utc):
        return today.astimezone(timezone.utc)
    return datetime.combine(here.date() + timedelta(days=1), at, zone).astimezone(timezone.utc)
