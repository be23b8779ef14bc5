"""An estimate of the fewest bytes that bring one screen to the next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from .screen import Cell

# Skipping fewer cells than this costs more than writing them again in the style that is set already.
_SHORTEST_SKIP = 4
# `CSI n b` repeats a character, `CSI n X` erases: neither is shorter than this.
_REPEAT = 4


@dataclass(frozen=True)
class Pen:
    """Where the cursor stands and which style is set when a frame begins."""

    row: int
    column: int
    style: str


def smallest_encoding(before: list[list[Cell]], after: list[list[Cell]], pen: Pen) -> int:
    """Moves, styles and text of every run of changed cells. Scrolling is not considered, and of a style only
    what is added is counted: less than this is hard to reach without a scroll."""
    total = 0
    last_row, column, style = pen.row, pen.column, pen.style
    for row, (old, new) in enumerate(zip(before, after)):
        for first, last in _runs(old, new):
            total += _move(last_row, column, row, first)
            for cell, equal in groupby(new[first:last]):
                char, cell_style = cell
                total += _restyle(style, cell_style)
                style = cell_style
                size, count = len(char.encode()), len(list(equal))
                total += min(size * count, size + _REPEAT)
            last_row, column = row, last
    return total


def _move(last_row: int, column: int, row: int, first: int) -> int:
    """The cheapest way from where the last run ended: an address, steps on the line, a new line and steps."""
    choices = [len(f"\x1b[{row + 1};{first + 1}H")]
    if row == last_row:
        choices.append(len(f"\x1b[{first - column}C") if first > column else column - first)
    elif row > last_row >= 0:
        down = row - last_row
        choices.append(1 + down + (len(f"\x1b[{first}C") if first else 0))
        if first <= column:
            choices.append(down + column - first)
    return min(choices)


def _restyle(old: str, new: str) -> int:
    if old == new:
        return 0
    was = old.split(";")
    return len("\x1b[m") + len(";".join(part for part in new.split(";") if part not in was))


def _runs(old: list[Cell], new: list[Cell]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column, (one, other) in enumerate(zip(old, new)):
        if one == other:
            continue
        if runs and _is_cheap_to_cross(new, runs[-1][1], column):
            runs[-1] = (runs[-1][0], column + 1)
        else:
            runs.append((column, column + 1))
    return runs


def _is_cheap_to_cross(cells: list[Cell], first: int, last: int) -> bool:
    return last - first < _SHORTEST_SKIP and all(cell[1] == cells[first - 1][1] for cell in cells[first:last])
