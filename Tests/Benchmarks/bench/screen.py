"""What a terminal would show: just enough of a VT to see frames, changes and flicker."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, field

Cell = tuple[str, str]
BLANK: Cell = (" ", "")

_CSI = re.compile(r"\x1b\[([<=>?]?)([0-9:;]*)([ -/]*)([@-~])")
_OSC = re.compile(r"\x1b[\]PX^_].*?(?:\x07|\x1b\\)", re.S)
_ESC = re.compile(r"\x1b([ -/]*)([0-~])")
_TEXT = re.compile(r"[^\x00-\x1f\x7f\x1b]+")


def _width(char: str) -> int:
    if char < "\u0300":
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


@dataclass
class Frame:
    """What happened between two quiet moments."""

    flickered: set[tuple[int, int]] = field(default_factory=set)
    blanked: set[tuple[int, int]] = field(default_factory=set)
    bytes: int = 0


class Screen:
    """A grid of cells that takes bytes; `replies` holds what a terminal would answer to queries."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.cells: list[list[Cell]] = [[BLANK] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.top, self.bottom = 0, rows - 1
        self.saved = (0, 0)
        self.style: dict[str, str] = {}
        self.style_text = ""
        self.replies: list[bytes] = []
        self.frame = Frame()
        self.changes = 0
        # Whether arrow keys are to be sent as ESC O A (else as ESC [ A).
        self.application_keys = False
        self._wraps = False
        self._last = " "
        self._pending = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")

    def lines(self) -> list[str]:
        return ["".join(cell[0] for cell in row).rstrip() for row in self.cells]

    def text(self) -> str:
        return "\n".join(self.lines())

    def filled(self) -> int:
        return sum(1 for row in self.cells for cell in row if cell[0] != " ")

    def snapshot(self) -> list[list[Cell]]:
        return [list(row) for row in self.cells]

    def end_frame(self) -> Frame:
        frame, self.frame = self.frame, Frame()
        return frame

    def feed(self, data: bytes) -> bool:
        """Takes bytes; tells whether any cell changed."""
        before = self.changes
        self.frame.bytes += len(data)
        text = self._pending + self._decode.decode(data)
        self._pending = ""
        at = 0
        while at < len(text):
            char = text[at]
            if char == "\x1b":
                at = self._escape(text, at)
                if at < 0:
                    break
            elif match := _TEXT.match(text, at):
                for char in match.group():
                    self._put(char)
                at = match.end()
            else:
                self._control(char)
                at += 1
        return self.changes != before

    def _escape(self, text: str, at: int) -> int:
        """Where to go on; -1 when the sequence is not complete yet."""
        for pattern in (_CSI, _OSC, _ESC):
            match = pattern.match(text, at)
            if not match:
                continue
            if pattern is _ESC and match.group(2) in "[]PX^_" and not match.group(1):
                continue
            if pattern is _CSI:
                self._csi(*match.groups())
            elif pattern is _ESC:
                self._plain_escape(match.group(1), match.group(2))
            return match.end()
        if len(text) - at > 4096:
            return at + 1
        self._pending = text[at:]
        return -1

    def _set(self, row: int, column: int, cell: Cell) -> None:
        old = self.cells[row][column]
        if old == cell:
            return
        self.cells[row][column] = cell
        self.changes += 1
        place = (row, column)
        if cell[0] == " " and old[0] != " ":
            self.frame.blanked.add(place)
        elif cell[0] != " " and place in self.frame.blanked:
            self.frame.blanked.discard(place)
            self.frame.flickered.add(place)

    def _put(self, char: str) -> None:
        width = _width(char)
        if width == 0:
            return
        if self._wraps or self.column + width > self.columns:
            self.column = 0
            self._line_feed()
        self._wraps = False
        self._last = char
        self._set(self.row, self.column, (char, self.style_text))
        if width == 2:
            self._set(self.row, self.column + 1, ("", self.style_text))
        self.column += width
        if self.column >= self.columns:
            self.column = self.columns - 1
            self._wraps = True

    def _control(self, char: str) -> None:
        self._wraps = False
        if char == "\r":
            self.column = 0
        elif char in "\n\x0b\x0c":
            self._line_feed()
        elif char == "\b":
            self.column = max(0, self.column - 1)
        elif char == "\t":
            self.column = min(self.columns - 1, (self.column // 8 + 1) * 8)

    def _line_feed(self) -> None:
        if self.row == self.bottom:
            self._scroll(self.top, self.bottom, 1)
        elif self.row < self.rows - 1:
            self.row += 1

    def _scroll(self, top: int, bottom: int, lines: int) -> None:
        """Moves lines up (down when negative). A line that comes in empty is not counted as blanked."""
        height = bottom - top + 1
        count = min(abs(lines), height)
        if count == 0:
            return
        part = self.cells[top : bottom + 1]
        empty = [[(" ", self._background())] * self.columns for _ in range(count)]
        self.cells[top : bottom + 1] = part[count:] + empty if lines > 0 else empty + part[: height - count]
        self.changes += 1
        self.frame.blanked = {place for place in self.frame.blanked if not top <= place[0] <= bottom}

    def _background(self) -> str:
        return self.style.get("bg", "")

    def _erase(self, row: int, first: int, last: int) -> None:
        cell = (" ", self._background())
        for column in range(max(0, first), min(self.columns, last)):
            self._set(row, column, cell)

    def _plain_escape(self, between: str, final: str) -> None:
        if between:
            return
        if final == "7":
            self.saved = (self.row, self.column)
        elif final == "8":
            self.row, self.column = self.saved
        elif final == "M":
            if self.row == self.top:
                self._scroll(self.top, self.bottom, -1)
            else:
                self.row = max(0, self.row - 1)
        elif final in "DE":
            if final == "E":
                self.column = 0
            self._line_feed()
        elif final == "c":
            self._clear_all()

    def _clear_all(self) -> None:
        for row in range(self.rows):
            self._erase(row, 0, self.columns)

    def _csi(self, private: str, parameters: str, between: str, final: str) -> None:
        numbers = [int(part) if part.isdigit() else 0 for part in parameters.split(";")]
        n = max(1, numbers[0])
        if final not in "mb":
            self._wraps = False
        if private or between:
            self._private(private, numbers, between, final)
        elif final in "Hf":
            self._move(n - 1, max(1, numbers[1] if len(numbers) > 1 else 1) - 1)
        elif final == "A":
            self._move(self.row - n, self.column)
        elif final in "Be":
            self._move(self.row + n, self.column)
        elif final in "Ca":
            self._move(self.row, self.column + n)
        elif final == "D":
            self._move(self.row, self.column - n)
        elif final in "EF":
            self._move(self.row + (n if final == "E" else -n), 0)
        elif final in "G`":
            self._move(self.row, n - 1)
        elif final == "d":
            self._move(n - 1, self.column)
        elif final == "m":
            self._style(parameters)
        elif final == "b":
            for _ in range(n):
                self._put(self._last)
        elif final == "X":
            self._erase(self.row, self.column, self.column + n)
        elif final == "K":
            self._erase_line(numbers[0])
        elif final == "J":
            self._erase_screen(numbers[0])
        elif final in "P@":
            self._shift(n if final == "@" else -n)
        elif final in "LM" and self.top <= self.row <= self.bottom:
            self._scroll(self.row, self.bottom, n if final == "M" else -n)
        elif final in "ST":
            self._scroll(self.top, self.bottom, n if final == "S" else -n)
        elif final == "r":
            last = numbers[1] if len(numbers) > 1 and numbers[1] else self.rows
            self.top, self.bottom = min(n, self.rows) - 1, min(last, self.rows) - 1
            self._move(0, 0)
        elif final == "n" and numbers[0] == 6:
            self.replies.append(b"\x1b[%d;%dR" % (self.row + 1, self.column + 1))
        elif final == "n" and numbers[0] == 5:
            self.replies.append(b"\x1b[0n")
        elif final == "c":
            self.replies.append(b"\x1b[?62;22c")

    def _private(self, private: str, numbers: list[int], between: str, final: str) -> None:
        if private == "?" and final in "hl":
            if 1 in numbers:
                self.application_keys = final == "h"
            if any(number in (47, 1047, 1049) for number in numbers):
                self._clear_all()
        elif private == "?" and between == "$" and final == "p":
            self.replies.append(b"\x1b[?%d;0$y" % numbers[0])
        elif private == "?" and final == "n" and numbers[0] == 6:
            self.replies.append(b"\x1b[?%d;%d;1R" % (self.row + 1, self.column + 1))
        elif private == ">" and final == "c":
            self.replies.append(b"\x1b[>0;0;0c")

    def _move(self, row: int, column: int) -> None:
        self.row = max(0, min(self.rows - 1, row))
        self.column = max(0, min(self.columns - 1, column))

    def _erase_line(self, how: int) -> None:
        first = self.column if how == 0 else 0
        self._erase(self.row, first, self.column + 1 if how == 1 else self.columns)

    def _erase_screen(self, how: int) -> None:
        if how >= 2:
            self._clear_all()
            return
        self._erase_line(how)
        for row in range(self.row + 1, self.rows) if how == 0 else range(self.row):
            self._erase(row, 0, self.columns)

    def _shift(self, count: int) -> None:
        row = self.cells[self.row]
        tail = row[self.column :]
        empty: list[Cell] = [(" ", self._background())] * min(abs(count), len(tail))
        moved = empty + tail[: len(tail) - len(empty)] if count > 0 else tail[len(empty) :] + empty
        for offset, cell in enumerate(moved):
            self._set(self.row, self.column + offset, cell)

    def _style(self, parameters: str) -> None:
        parts = parameters.replace(":", ";").split(";")
        at = 0
        while at < len(parts):
            code = int(parts[at]) if parts[at].isdigit() else 0
            if code in (38, 48) and at + 1 < len(parts):
                length = 5 if parts[at + 1] == "2" else 3
                self.style["fg" if code == 38 else "bg"] = ";".join(parts[at : at + length])
                at += length
                continue
            self._plain_style(code)
            at += 1
        self.style_text = ";".join(self.style[key] for key in sorted(self.style))

    def _plain_style(self, code: int) -> None:
        if code == 0:
            self.style.clear()
        elif code in range(1, 10):
            self.style[f"x{code}"] = str(code)
        elif code == 22:
            self.style.pop("x1", None)
            self.style.pop("x2", None)
        elif code in range(21, 30):
            self.style.pop(f"x{code - 20}", None)
        elif code in (39, 49):
            self.style.pop("fg" if code == 39 else "bg", None)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            self.style["fg"] = str(code)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            self.style["bg"] = str(code)
