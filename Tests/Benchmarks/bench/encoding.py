"""An estimate of the fewest bytes that bring one screen to the next."""

from __future__ import annotations

from .screen import Cell

# Skipping fewer cells than this costs more than writing them again.
_SHORTEST_SKIP = 4


def smallest_encoding(before: list[list[Cell]], after: list[list[Cell]]) -> int:
    """Moves, styles and text of every run of changed cells. Scrolling and erasing are not considered."""
    total = 0
    last_row = -1
    style = ""
    for row, (old, new) in enumerate(zip(before, after)):
        column = 0
        for first, last in _runs(old, new):
            move = 4 if row == last_row else len(f"\x1b[{row + 1};{first + 1}H")
            total += min(move, first - column + 1) if row == last_row and first - column < 4 else move
            for char, cell_style in new[first:last]:
                if cell_style != style:
                    total += len(cell_style) + 3 if cell_style else 3
                    style = cell_style
                total += len(char.encode())
            last_row, column = row, last
    return total


def _runs(old: list[Cell], new: list[Cell]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column, (one, other) in enumerate(zip(old, new)):
        if one == other:
            continue
        if runs and column - runs[-1][1] < _SHORTEST_SKIP:
            runs[-1] = (runs[-1][0], column + 1)
        else:
            runs.append((column, column + 1))
    return runs
