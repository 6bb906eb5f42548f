"""The shop's customers as rows: listed, and brought by a small file."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select

import models
from actions import upload_guessing, upload_profiles, upload_rows, upload_sniffing
from actions.upload_profiles import Profile
from actions.upload_reading import Table
from errors import Invalid
from stores import postgres

COLUMNS = ("user_id", "name", "email")
MAX_BYTES = 64 << 20  # unpacked
MAX_NAMED = 20  # bad lines that are named


@dataclass(frozen=True)
class Customer:
    """One customer."""

    number: int
    customer_id: str
    name: str | None
    email: str | None
    created_at: datetime


def newest(tenant: str, limit: int = 10_000, offset: int = 0) -> list[Customer]:
    """The shop's customers, the newest first."""
    table = models.Customer
    with postgres.session(tenant) as db:
        rows = db.scalars(select(table).where(table.tenant == tenant).order_by(table.number.desc()).limit(limit).offset(offset))
        return [Customer(**{field.name: getattr(row, field.name) for field in fields(Customer)}) for row in rows]


def bring(tenant: str, file: BinaryIO) -> tuple[int, int]:
    """How many customers of a CSV file with COLUMNS were new, and how many there are. Raises Invalid, and stores none, for a bad line."""
    found = {profile.customer_id: profile for profile in _profiles(tenant, file)}
    made, _changed = upload_profiles.upsert(tenant, list(found.values()))
    return made, len(found)


def _profiles(tenant: str, file: BinaryIO) -> list[Profile]:
    sniffed = upload_sniffing.sniff(file, max_bytes=MAX_BYTES)
    missing = [name for name in COLUMNS if name not in sniffed.header]
    if missing:
        raise Invalid(f"The file lacks the column {', '.join(missing)}.", fields={"file": [f"Columns: {', '.join(COLUMNS)}"]})
    mapping = upload_guessing.guess(sniffed, zone="UTC", kind="profiles").mapping
    file.seek(0)
    batches = list(upload_rows.batches(Table(file, sniffed.dialect, max_bytes=MAX_BYTES), mapping, tenant))
    bad = [f"line {error.line}: {error.reason}" for batch in batches for error in batch.errors]
    if bad:
        raise Invalid(f"Nothing was stored. {bad[0].capitalize()}.", fields={"file": bad[:MAX_NAMED]})
    return [profile for batch in batches for profile in batch.records]
