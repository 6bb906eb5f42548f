"""The rows of a file as what is stored: batches of events, order lines or profiles, and the rows that cannot be, with the reason."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from actions import event_schema, upload_events, upload_orders, upload_profiles
from actions.upload_mapping import Mapping
from actions.upload_reading import MAX_RAW, RowError, Table
from actions.upload_repeats import Repeats, hashes
from actions.upload_values import BadRow

BATCH_ROWS = 5_000
MAKERS = {"events": upload_events.maker, "orders": upload_orders.maker, "profiles": upload_profiles.maker}


@dataclass
class Batch:
    """Up to BATCH_ROWS rows of a file."""

    rows: int = 0  # read, good or bad
    records: list = field(default_factory=list)  # Event, OrderLine or Profile, in the file's order
    errors: list[RowError] = field(default_factory=list)
    equal: int = 0  # rows that equal an earlier row of the file
    empty: list[int] = field(default_factory=list)  # empty cells by column
    bytes_read: int = 0  # of the file so far


def batches(table: Table, mapping: Mapping, tenant: str) -> Iterator[Batch]:
    """The whole file. Ids depend on the shop, the row's content and its number among equal rows, so a second reading makes the same."""
    make = MAKERS[mapping.kind](mapping, table.header, tenant)
    identify = _identifier(tenant, mapping.kind)
    repeats = Repeats()
    for chunk in _chunks(table):
        yield _batch(chunk, table, make, identify, repeats)


def _chunks(table: Table) -> Iterator[list[tuple[int, list[str]]]]:
    chunk: list[tuple[int, list[str]]] = []
    for row in table:
        chunk.append(row)
        if len(chunk) >= BATCH_ROWS or len(table.errors) >= BATCH_ROWS:
            yield chunk
            chunk = []
    if chunk or table.errors:
        yield chunk


def _batch(chunk: list, table: Table, make: Callable, identify: Callable, repeats: Repeats) -> Batch:
    batch = Batch(errors=table.take_errors(), bytes_read=table.bytes_read())
    batch.rows = len(chunk) + len(batch.errors)
    contents = ["\x1f".join(cells) for _line, cells in chunk]
    numbers = repeats.number(hashes(contents)).tolist()
    batch.equal = sum(number > 0 for number in numbers)
    batch.empty = [column.count("") for column in zip(*(cells for _line, cells in chunk), strict=True)]
    for (line, cells), content, number in zip(chunk, contents, numbers, strict=True):
        try:
            batch.records.append(make(line, cells, identify(content, number)))
        except BadRow as bad:
            batch.errors.append(RowError(line, bad.reason, bad.field, bad.raw[:MAX_RAW]))
    return batch


def _identifier(tenant: str, kind: str) -> Callable[[str, int], bytes]:
    """A function from a row's content and its number among equal rows to the 16 bytes of its UUIDv5."""
    start = hashlib.sha1(event_schema.SHOP_NAMESPACE.bytes + f"{tenant}\0{kind}\0".encode(), usedforsecurity=False)

    def identify(content: str, number: int) -> bytes:
        if "\0" in content:
            raise BadRow("There is a NUL character in the row", "", content.replace("\0", "␀"))
        digest = start.copy()
        try:
            digest.update(f"{content}\0{number}".encode())
        except UnicodeEncodeError:
            raise BadRow("There is a byte in the row that is no character", "", content.encode("utf-8", "replace").decode()) from None
        return _as_version_5(digest.digest())

    return identify


def _as_version_5(digest: bytes) -> bytes:
    """As uuid.uuid5 does it, without making an object of each of a million rows."""
    return digest[:6] + bytes((digest[6] & 0x0F | 0x50, digest[7], digest[8] & 0x3F | 0x80)) + digest[9:16]
