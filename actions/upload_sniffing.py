"""What kind of file this is: packing, encoding, delimiter, and a sample of rows from all over it."""

import codecs
import csv
import gzip
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from typing import BinaryIO

import msgspec

from actions import upload_reading
from actions.upload_reading import Dialect
from errors import Invalid
from stores import files

LOOK_BYTES = 64 << 20  # so much of a file is looked through while its sender waits
HEAD_BYTES = 1 << 16
SAMPLE_ROWS = 8_000
DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODING_NAMES = {"utf-8-sig": "UTF-8", "cp1252": "Latin-1", "utf-16": "UTF-16", "utf-16-le": "UTF-16"}
REFUSED = {
    b"PK\x03\x04": "This is a zip file or an Excel workbook. Save the sheet as CSV.",
    b"\xd0\xcf\x11\xe0": "This is an Excel workbook. Save the sheet as CSV.",
    b"%PDF": "This is a PDF, not a CSV file.",
    b"PAR1": "This is a Parquet file. Save it as CSV.",
    b"BZh": "This is packed with bzip2. Pack it with gzip, or send it unpacked.",
    b"\xfd7zXZ": "This is packed with xz. Pack it with gzip, or send it unpacked.",
    b"\x28\xb5\x2f\xfd": "This is packed with zstd. Pack it with gzip, or send it unpacked.",
    b"\xff\xfe\x00\x00": "This is UTF-32. Save it as UTF-8.",
    b"\x00\x00\xfe\xff": "This is UTF-32. Save it as UTF-8.",
}


@dataclass(frozen=True)
class Sniffed:
    """A first look at a file."""

    dialect: Dialect
    header: list[str]
    sample: list[list[str]]  # at most SAMPLE_ROWS rows, spread evenly over what was looked through, in the file's order
    rows: int | None  # in the whole file, or None where only its beginning was looked through


def sniff(handle: BinaryIO, *, max_bytes: int) -> Sniffed:
    """The look through `handle`; raises Invalid where it holds no table, with what to do about it."""
    dialect = _dialect(handle, max_bytes)
    handle.seek(0)
    table = upload_reading.Table(handle, dialect, max_bytes=max_bytes)
    sample, stride, rows, characters = [], 1, 0, 0
    whole = True
    for _line, cells in table:
        if rows % stride == 0:
            sample.append(cells)
            if len(sample) >= SAMPLE_ROWS:
                sample, stride = sample[::2], stride * 2
        rows += 1
        if rows % 1024 == 0:
            characters += 1024 * sum(map(len, cells))
            if table.bytes_read() > LOOK_BYTES or characters > 4 * LOOK_BYTES:
                whole = False
                break
        table.errors.clear()
    if not rows:
        raise Invalid("The file has column names but no row that can be read.")
    return Sniffed(dialect, table.header, sample, rows if whole else None)


def look(sniffed: Sniffed) -> dict:
    """What is kept with the upload: enough to open the file again and to speak of it."""
    return asdict(sniffed.dialect) | {"header": sniffed.header, "rows": sniffed.rows}


def dialect_of(look: dict) -> Dialect:
    """How the file of an upload is opened."""
    return Dialect(look["encoding"], look["delimiter"], look["packed"], look["skip"])


def keep_sample(purpose: str, file: str, sniffed: Sniffed) -> None:
    """Keep the sample beside the file, so that a change of the mapping need not open a large file again."""
    files.put(purpose, f"{file}.sample", iter([msgspec.json.encode([[_valid(cell) for cell in row] for row in sniffed.sample])]))


def sniffed_before(purpose: str, file: str, look: dict) -> Sniffed:
    """What `sniff` found, without another look. Raises NotFound where the file is not kept any more."""
    with files.open_file(purpose, f"{file}.sample") as handle:
        sample = msgspec.json.decode(handle.read(), type=list[list[str]])
    return Sniffed(dialect_of(look), look["header"], sample, look["rows"])


def _valid(cell: str) -> str:
    return cell.encode("utf-8", "replace").decode()


def _dialect(handle: BinaryIO, max_bytes: int) -> Dialect:
    handle.seek(0)
    start = handle.read(8)
    for magic, advice in REFUSED.items():
        if start.startswith(magic):
            raise Invalid(advice)
    packed = start.startswith(b"\x1f\x8b")
    handle.seek(0)
    stream = upload_reading.content(handle, packed, max_bytes)
    try:
        head = stream.read(HEAD_BYTES)
        encoding = _encoding(head, stream)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Invalid("The packed file is damaged. Pack it again, or send it unpacked.") from None
    text = head.decode(encoding, errors="ignore")
    lines = text.splitlines(keepends=True)
    if len(head) == HEAD_BYTES and len(lines) > 1:
        lines.pop()  # cut in the middle
    if lines and lines[0].strip().lower()[:4] == "sep=" and len(lines[0].strip()) == 5:
        return Dialect(encoding, lines[0].strip()[4], packed, skip=1)
    return Dialect(encoding, _delimiter(lines), packed)


def _encoding(head: bytes, stream: BinaryIO) -> str:
    """UTF-8 where all bytes looked at are UTF-8, else Windows-1252, which is Latin-1 with more letters."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if not head.strip():
        raise Invalid("The file is empty. It needs a line with the names of its columns, and rows below it.")
    zeros = head.count(0)
    if zeros > len(head) * 0.3 and head[1::2].count(0) > 0.9 * zeros:
        return "utf-16-le"
    if zeros > len(head) * 0.1:
        raise Invalid("This is not a text file. Save the table as CSV.")
    return "utf-8-sig" if _is_utf8(head, stream) else "cp1252"


def _is_utf8(head: bytes, stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    data, seen = head, 0
    try:
        while data and seen < LOOK_BYTES:
            decoder.decode(data)
            seen += len(data)
            data = stream.read(1 << 20)
        decoder.decode(b"", final=not data)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(lines: list[str]) -> str:
    """The one that cuts most lines into the same number of columns, and into more than one."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    try:
        for cells in csv.reader(lines[:400], delimiter=delimiter):
            widths[len(cells)] += bool(cells)
    except csv.Error:
        return 0.0, 0
    if not widths:
        return 0.0, 0
    width, count = widths.most_common(1)[0]
    return (round(count / widths.total(), 1), width) if width > 1 else (0.0, 0)
