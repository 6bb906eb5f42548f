"""Events that were refused, kept as they came: to be read, and sent again once the cause is mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

import models
from errors import Conflict, NotFound
from stores import postgres

MOST_A_MINUTE = 1000  # of one shop; a sender gone mad must not fill the database, and the reasons repeat
MAX_RAW = 65_536


@dataclass(frozen=True)
class Refused:
    """An event that could not be taken: its bytes, a sentence why, and the field where it can be said."""

    raw: bytes
    reason: str
    field: str | None = None


@dataclass(frozen=True)
class Letter:
    """A dead letter as it is shown."""

    id: UUID
    received_at: datetime
    origin: str
    raw: bytes
    reason: str
    field: str | None
    request_id: str | None
    replayed_at: datetime | None


@dataclass(frozen=True)
class Letters:
    """One page of them, and how many there are in all."""

    rows: list[Letter]
    total: int


def put(tenant: str, refused: Sequence[Refused], *, origin: str, request_id: str | None = None) -> int:
    """How many of `refused` were kept: at most MOST_A_MINUTE of a shop."""
    table = models.DeadLetter
    a_minute_ago = func.now() - func.make_interval(0, 0, 0, 0, 0, 1)
    with postgres.session(tenant) as db:
        recent = db.scalar(select(func.count()).where(table.tenant == tenant, table.received_at > a_minute_ago))
        kept = refused[: max(0, MOST_A_MINUTE - recent)]
        if kept:
            db.execute(insert(table).values([_row(tenant, letter, origin, request_id) for letter in kept]))
    return len(kept)


def newest(tenant: str, *, limit: int = 50, offset: int = 0, waiting_only: bool = False) -> Letters:
    """A page of the shop's dead letters, the newest first; with `waiting_only` without those that were sent again."""
    table = models.DeadLetter
    chosen = [table.tenant == tenant] + ([table.replayed_at.is_(None)] if waiting_only else [])
    page = select(table).where(*chosen).order_by(table.received_at.desc(), table.id.desc()).limit(limit).offset(offset)
    with postgres.session(tenant) as db:
        total = db.scalar(select(func.count()).select_from(table).where(*chosen))
        return Letters([_letter(row) for row in db.scalars(page)], total)


def load(tenant: str, id: UUID) -> Letter:
    """The dead letter; raises NotFound."""
    with postgres.session(tenant) as db:
        row = db.get(models.DeadLetter, (tenant, id))
    if row is None:
        raise NotFound("There is no such dead letter.")
    return _letter(row)


def note_replayed(tenant: str, id: UUID) -> None:
    """Remember that the letter was sent again; raises Conflict when it was before."""
    table = models.DeadLetter
    with postgres.session(tenant) as db:
        change = (
            update(table).where(table.tenant == tenant, table.id == id, table.replayed_at.is_(None)).values(replayed_at=datetime.now(UTC))
        )
        if db.execute(change).rowcount == 0:
            raise Conflict("This dead letter was sent again already.")


def discard(tenant: str, id: UUID) -> None:
    """Throw the letter away; raises NotFound."""
    with postgres.session(tenant) as db:
        if db.execute(delete(models.DeadLetter).where(models.DeadLetter.tenant == tenant, models.DeadLetter.id == id)).rowcount == 0:
            raise NotFound("There is no such dead letter.")


def _row(tenant: str, letter: Refused, origin: str, request_id: str | None) -> dict:
    return {
        "tenant": tenant,
        "origin": origin,
        "raw": letter.raw[:MAX_RAW],
        "reason": letter.reason,
        "field": letter.field,
        "request_id": request_id,
    }


def _letter(row: models.DeadLetter) -> Letter:
    return Letter(row.id, row.received_at, row.origin, row.raw, row.reason, row.field, row.request_id, row.replayed_at)
