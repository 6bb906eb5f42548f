"""Shops: made, looked up, changed."""

import itertools
import re
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

import models
from actions import keys
from errors import Conflict, Invalid, NotFound, Unavailable
from stores import postgres

DEMO = "demo_tenant"
CACHE_S = 3.0  # how long a change may take to be seen by another process

_cache: dict[str, tuple[float, "Tenant"]] = {}


@dataclass(frozen=True)
class Tenant:
    """One shop and its settings."""

    id: str
    name: str
    timezone: str
    currency: str
    tier: str
    hosts: tuple[str, ...]
    retention_days: int | None
    page_rules: tuple[dict, ...]
    event_aliases: dict[str, str]
    created_at: datetime


def load(id: str) -> Tenant:
    """The shop, at most CACHE_S old, or older while the database is away. Raises NotFound where there is none."""
    known = _cache.get(id)
    if known and time.monotonic() - known[0] < CACHE_S:
        return known[1]
    try:
        with postgres.session(None) as db:
            row = db.get(models.Tenant, id)
    except Unavailable:
        if known:
            return known[1]
        raise
    if row is None:
        _cache.pop(id, None)
        raise NotFound("There is no such shop.")
    _cache[id] = time.monotonic(), _tenant(row)
    return _cache[id][1]


def create(name: str, *, owner: UUID, timezone: str = "UTC", currency: str = "EUR", id: str | None = None) -> Tenant:
    """A new shop with `owner` as its administrator and a write key of its own.

    Raises Invalid naming what cannot be, Conflict when `id` is taken.
    """
    name = " ".join(name.split())
    _check(name, timezone, currency)
    values = {"name": name, "timezone": timezone, "currency": currency}
    for candidate in [id] if id else _candidates(name):
        if _insert(candidate, values, owner):
            return load(candidate)
    raise Conflict(f"There is a shop with the id {id!r} already.")


def demo() -> Tenant:
    """The demo shop; made when it is not there."""
    _insert(DEMO, {"name": "Linden & Oak", "timezone": "Europe/Berlin", "currency": "EUR", "tier": "unlimited"}, owner=None)
    return load(DEMO)


def change(id: str, **values) -> Tenant:
    """The shop with some of its settings changed: name, timezone, currency, hosts, retention_days, page_rules, event_aliases."""
    now = load(id)
    _check(values.get("name", now.name), values.get("timezone", now.timezone), values.get("currency", now.currency))
    with postgres.session(None) as db:
        db.execute(update(models.Tenant).where(models.Tenant.id == id).values(values))
    _cache.pop(id, None)
    return load(id)


def ids() -> list[str]:
    """The ids of all shops, sorted."""
    with postgres.session(None) as db:
        return list(db.scalars(select(models.Tenant.id).order_by(models.Tenant.id)))


def _check(name: str, timezone: str, currency: str) -> None:
    wrong = {}
    if not 1 <= len(name) <= 80:
        wrong["name"] = ["A shop's name has 1 to 80 characters."]
    if timezone not in available_timezones():
        wrong["timezone"] = [f"{timezone[:60]!r} is not a time zone such as Europe/Berlin."]
    if not re.fullmatch("[A-Z]{3}", currency):
        wrong["currency"] = [f"{currency[:20]!r} is not a currency code such as EUR."]
    if wrong:
        raise Invalid("; ".join(sentence for sentences in wrong.values() for sentence in sentences), fields=wrong)


def _insert(id: str, values: dict, owner: UUID | None) -> bool:
    """Write the shop, its owner's membership and its write key together; False when the id is taken."""
    with postgres.session(id) as db:
        new = upsert(models.Tenant).values(id=id, **values).on_conflict_do_nothing().returning(models.Tenant.id)
        if db.scalar(new) is None:
            return False
        db.execute(insert(models.ApiKey).values(keys.new_write_key(id, created_by=owner)))
        if owner:
            db.execute(insert(models.Membership).values(account_id=owner, tenant=id, role="admin"))
        return True


def _candidates(name: str) -> Iterator[str]:
    """Readable ids that are not taken: the name's letters and digits, and a number where it is needed."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "shop"
    with postgres.session(None) as db:
        taken = set(db.scalars(select(models.Tenant.id).where(func.starts_with(models.Tenant.id, word))))
    return (candidate for candidate in itertools.chain([word], (f"{word}-{n}" for n in itertools.count(2))) if candidate not in taken)


def _tenant(row: models.Tenant) -> Tenant:
    values = {field.name: getattr(row, field.name) for field in fields(Tenant)}
    return Tenant(**values | {"hosts": tuple(row.hosts), "page_rules": tuple(row.page_rules)})
