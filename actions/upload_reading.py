"""The rows of a CSV file of unknown make, from front to back, in bounded memory whatever the file holds."""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from errors import Invalid

MAX_COLUMNS = 1_000
MAX_LINE = 1 << 20  # characters
MAX_RECORD_LINES = 1_000  # a record may hold line breaks inside quotes, but not the rest of the file
MAX_RAW = 300  # characters of a bad row that are kept to show it
MAX_RATIO = 100  # a packed file that unpacks further than this was made to fill a disk
RATIO_FREE = 16 << 20  # bytes that any packed file may unpack to


@dataclass(frozen=True)
class Dialect:
    """How the bytes become cells."""

    encoding: str  # utf-8-sig, cp1252 or utf-16
    delimiter: str
    packed: bool  # gzip
    skip: int = 0  # lines before the header: Excel's "sep=;"


@dataclass(frozen=True)
class RowError:
    """One row that cannot be stored, and what to correct in it."""

    line: int  # in the file, from 1; the header is line 1 as a rule
    reason: str
    field: str  # the column's name, or ''
    raw: str  # what stands there


class Table:
    """One CSV file: `header`, then an iterator over (line, cells). Rows that cannot be read are collected in `errors`."""

    def __init__(self, handle: BinaryIO, dialect: Dialect, *, max_bytes: int):
        self._handle = handle
        self._lines = _Lines(_text(handle, dialect, max_bytes))
        self._reader = csv.reader(self._lines, delimiter=dialect.delimiter)
        self.errors: list[RowError] = []  # the caller empties it
        for _ in range(dialect.skip):
            self._lines.drop()
        self.header = _names(self._first())

    def bytes_read(self) -> int:
        """How far the file itself has been read, packed or not."""
        return self._handle.tell()

    def take_errors(self) -> list[RowError]:
        """The rows refused since the last call."""
        taken, self.errors = self.errors, []
        return taken

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        width = len(self.header)
        lines = self._lines
        while True:
            lines.mark()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except (EOFError, zlib.error, gzip.BadGzipFile):
                self._refuse("The packed file is damaged from here on")
                return
            except csv.Error as problem:
                self._refuse(str(problem) if isinstance(problem, _TooLong) else "A cell is longer than 131,072 characters")
                lines.back_to_second()
                continue
            if lines.ended and lines.quotes_are_odd():
                self._refuse("A quote is not closed")
                lines.back_to_second()
                continue
            if len(cells) != width and not (cells := self._mended(cells, width)):
                continue
            yield lines.first, cells

    def _mended(self, cells: list[str], width: int) -> list[str]:
        """The row with empty cells too many cut off; nothing for an empty line and for a row that cannot be mended."""
        if not any(cells):
            return []
        if len(cells) > width and not any(cells[width:]):
            return cells[:width]
        if self._lines.taken > 1:
            self._refuse("A quote is not closed")
            self._lines.back_to_second()
        else:
            self._refuse("Row ends too early" if len(cells) < width else "Row has too many columns", f"{len(cells)} of {width} columns")
        return []

    def _refuse(self, reason: str, raw: str | None = None) -> None:
        shown = self._lines.shown() if raw is None else raw
        self.errors.append(RowError(self._lines.first, reason, "", shown))

    def _first(self) -> list[str]:
        try:
            for cells in self._reader:
                self._lines.mark()
                if any(cell.strip() for cell in cells):
                    return cells
        except csv.Error as problem:
            raise Invalid(f"The first line cannot be read as column names: {problem}.") from None
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise Invalid("The packed file is damaged. Pack it again, or send it unpacked.") from None
        raise Invalid("The file is empty. It needs a line with the names of its columns, and rows below it.")


class _TooLong(csv.Error):
    """A line or a record that is longer than we hold in memory."""


class _Lines:
    """The file's lines for csv.reader, with a way back to the second line of a record that turned out to be none."""

    def __init__(self, text: io.TextIOBase):
        self._text = text
        self._pushed: deque[str] = deque()
        self._held: list[str] = []
        self._size = 0
        self._line = 0  # the last line given out
        self.first = 1  # the line on which the present record begins
        self.ended = False

    @property
    def taken(self) -> int:
        return len(self._held)

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = self._pushed.popleft() if self._pushed else self._text.readline(MAX_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        self._line += 1
        self._held.append(line)
        self._size += len(line)
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            self._drop_rest()
            raise _TooLong("The line is longer than 1,048,576 characters")
        if len(self._held) > MAX_RECORD_LINES or self._size > 2 * MAX_LINE:
            raise _TooLong("A quote is not closed")
        return line

    def mark(self) -> None:
        """A new record begins."""
        self._held.clear()
        self._size = 0
        self.first = self._line + 1

    def back_to_second(self) -> None:
        """Give out again all lines of this record but its first: only that one is lost."""
        again = self._held[1:]
        self._pushed.extendleft(reversed(again))
        self._line -= len(again)
        if again:
            self.ended = False

    def quotes_are_odd(self) -> bool:
        return sum(line.count('"') for line in self._held) % 2 == 1

    def shown(self) -> str:
        return self._held[0][:MAX_RAW].rstrip("\r\n") if self._held else ""

    def drop(self) -> None:
        self._line += bool(self._text.readline(MAX_LINE))

    def _drop_rest(self) -> None:
        while (rest := self._text.readline(MAX_LINE)) and not rest.endswith(("\n", "\r")):
            pass


class Plain(io.RawIOBase):
    """A file's bytes as they are. The file stays its opener's: a wrapper closes what it wraps."""

    def __init__(self, handle: BinaryIO):
        self._handle = handle

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self._handle.readinto(buffer)


class Unpacked(io.RawIOBase):
    """A gzip file's content. Raises Invalid where it unpacks to more than `max_bytes`, or suspiciously far."""

    def __init__(self, handle: BinaryIO, max_bytes: int):
        self._packed = handle
        self._content = gzip.GzipFile(fileobj=handle)
        self._max = max_bytes
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self._content.read(len(buffer))
        self._size += len(data)
        if self._size > self._max:
            raise Invalid(f"The file unpacks to more than {self._max >> 20:,} MiB.")
        if self._size > RATIO_FREE and self._size > MAX_RATIO * self._packed.tell():
            raise Invalid(f"The file unpacks to more than {MAX_RATIO} times its size. Send it unpacked.")
        buffer[: len(data)] = data
        return len(data)


def content(handle: BinaryIO, packed: bool, max_bytes: int) -> BinaryIO:
    """The file's bytes, unpacked."""
    return io.BufferedReader(Unpacked(handle, max_bytes) if packed else Plain(handle), 1 << 18)


def _text(handle: BinaryIO, dialect: Dialect, max_bytes: int) -> io.TextIOBase:
    # surrogateescape: a byte that is no character must cost its own row, not the file. upload_rows refuses such rows.
    raw = content(handle, dialect.packed, max_bytes)
    return io.TextIOWrapper(raw, dialect.encoding, errors="surrogateescape", newline="")


def _names(cells: list[str]) -> list[str]:
    """The column names, each present and different from the others; raises Invalid where there are too many."""
    while len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise Invalid(f"The file has {len(cells):,} columns; {MAX_COLUMNS:,} can be read.")
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = _clean(cell) or f"Column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


def _clean(cell: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in cell)
    return " ".join(printable.split())[:100]
