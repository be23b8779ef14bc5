"""Medians, percentiles and how they are written."""

from __future__ import annotations


def percentile(values: list[float], part: float) -> float:
    """Between the two nearest values; not a number when there is none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: list[float]) -> float:
    return percentile(values, 0.5)


def figures(value: float) -> str:
    """Three figures, no more."""
    if value != value:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def milliseconds(seconds: float) -> str:
    return f"{figures(seconds * 1000)} ms" if seconds == seconds else "-"


def short_time(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} us" if seconds < 0.001 else milliseconds(seconds)
