"""The rows of uploads that could not be stored: line by line, by reason, and as a file to correct."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select

import models
from actions import uploads
from actions.upload_reading import RowError
from stores import postgres

MOST = 100_000  # of one upload are kept; more than that is a wrong mapping, not so many mistakes
PAGE = 2_000
EXAMPLES = 3  # lines that are named for a reason
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# What a spreadsheet takes for the beginning of a formula, also behind spaces it does not show.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
HIDDEN = " \u00a0\u3000\ufeff\u200b"


@dataclass(frozen=True)
class Reason:
    """Why some rows were not stored."""

    reason: str
    rows: int
    lines: list[int]  # the first EXAMPLES
    example: str  # what stands in the first of them


def add(tenant: str, id: UUID, errors: list[RowError]) -> None:
    """Remember rows of the upload that could not be stored."""
    if not errors:
        return
    rows = [
        {"tenant": tenant, "upload_id": id, "line": e.line, "reason": e.reason, "field": _plain(e.field) or None, "raw": _plain(e.raw)}
        for e in errors
    ]
    with postgres.session(tenant) as db:
        db.execute(insert(models.UploadError), rows)


def forget(tenant: str, id: UUID) -> None:
    """Forget them, before the file is read again."""
    with postgres.session(tenant) as db:
        db.execute(delete(models.UploadError).where(models.UploadError.tenant == tenant, models.UploadError.upload_id == id))


def of(tenant: str, id: UUID) -> Iterator[RowError]:
    """The rows by line. Raises NotFound where the shop has no such upload."""
    table = models.UploadError
    uploads.load(tenant, id)
    line, number = 0, 0
    while True:
        after = func.row(table.line, table.id) > func.row(line, number)
        with postgres.session(tenant) as db:
            rows = list(db.scalars(select(table).where(table.upload_id == id, after).order_by(table.line, table.id).limit(PAGE)))
        if not rows:
            return
        yield from (RowError(row.line, row.reason, row.field or "", row.raw or "") for row in rows)
        line, number = rows[-1].line, rows[-1].id


def reasons(tenant: str, id: UUID) -> list[Reason]:
    """The reasons with their rows, the most frequent first."""
    table = models.UploadError
    number = func.row_number().over(partition_by=table.reason, order_by=(table.line, table.id)).label("number")
    numbered = select(table.reason, table.line, table.raw, number).where(table.upload_id == id).subquery()
    totals = select(table.reason, func.count().label("rows")).where(table.upload_id == id).group_by(table.reason).subquery()
    first = select(numbered, totals.c.rows).join(totals, totals.c.reason == numbered.c.reason).where(numbered.c.number <= EXAMPLES)
    found: dict[str, Reason] = {}
    with postgres.session(tenant) as db:
        for row in db.execute(first.order_by(totals.c.rows.desc(), numbered.c.reason, numbered.c.number)):
            known = found.setdefault(row.reason, Reason(row.reason, row.rows, [], row.raw or ""))
            known.lines.append(row.line)
    return list(found.values())


def as_csv(tenant: str, id: UUID) -> Iterator[str]:
    """The rows as the lines of a CSV file that is safe to open in a spreadsheet."""
    yield _line(["line", "reason", "column", "value"])
    for error in of(tenant, id):
        yield _line([str(error.line), error.reason, error.field, error.raw])


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return out.getvalue()


def _cell(text: str) -> str:
    """The text with a quote before it where a spreadsheet would run it."""
    return f"'{text}" if text.lstrip(HIDDEN).startswith(FORMULA) and not NUMBER.fullmatch(text) else text


def _plain(text: str) -> str:
    """Text that PostgreSQL can keep: no NUL, no half characters."""
    return text.replace("\0", "␀").encode("utf-8", "replace").decode()
