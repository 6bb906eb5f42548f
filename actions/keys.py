"""API keys. Every shop has one publishable write key; it can send events and nothing else."""

import hashlib
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, insert, select, update

import models
from errors import NotAuthenticated, NotFound, Unavailable
from stores import postgres

CACHE_S = 5.0  # how long a revoked key may still be taken
CACHE_SIZE = 10_000
TOUCH_EVERY_S = 60.0

_cache: dict[bytes, tuple[float, "Key | None"]] = {}
_touched: dict[UUID, float] = {}


@dataclass(frozen=True)
class Key:
    """A key that may be used now."""

    id: UUID
    tenant: str
    name: str
    kind: str  # write, api
    scopes: tuple[str, ...]
    origins: tuple[str, ...]
    created_by: UUID | None


def find(text: str) -> Key:
    """The key with this text. Raises NotAuthenticated when it is unknown, revoked or expired."""
    key = _remembered(_hash(text))
    if key is None:
        raise NotAuthenticated("This key is not known, or no longer valid.")
    _touch(key.id)
    return key


def write_key(tenant: str) -> str:
    """The text of the shop's newest valid write key. Raises NotFound when it has none."""
    with postgres.session(tenant) as db:
        text = db.scalar(
            select(models.ApiKey.key_text)
            .where(models.ApiKey.kind == "write", models.ApiKey.revoked_at.is_(None))
            .order_by(models.ApiKey.created_at.desc())
            .limit(1)
        )
    if text is None:
        raise NotFound("This shop has no write key.")
    return text


def replace_write_key(tenant: str, *, created_by: UUID | None = None) -> str:
    """The text of a new write key; the old ones stop working within CACHE_S."""
    new = new_write_key(tenant, created_by=created_by)
    with postgres.session(tenant) as db:
        old = models.ApiKey.kind == "write", models.ApiKey.revoked_at.is_(None)
        db.execute(update(models.ApiKey).where(*old).values(revoked_at=func.now()))
        db.execute(insert(models.ApiKey).values(new))
    _cache.clear()
    return new["key_text"]


def new_write_key(tenant: str, *, created_by: UUID | None) -> dict:
    """The row of a new write key. It is published, so its text is kept and can be shown again."""
    text = f"ecap_write_{secrets.token_hex(16)}"
    return {
        "tenant": tenant,
        "name": "Website",
        "kind": "write",
        "key_prefix": text[:16],
        "key_hash": _hash(text),
        "key_text": text,
        "scopes": ["write:events"],
        "created_by": created_by,
    }


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _remembered(key_hash: bytes) -> Key | None:
    known = _cache.get(key_hash)
    if known and time.monotonic() - known[0] < CACHE_S:
        return known[1]
    try:
        key = _look_up(key_hash)
    except Unavailable:
        # A shop's events are worth more than a quick revocation; any other key waits for the database.
        if known and known[1] and known[1].kind == "write":
            return known[1]
        raise
    if len(_cache) >= CACHE_SIZE:  # somebody is guessing: forget all rather than grow
        _cache.clear()
    _cache[key_hash] = time.monotonic(), key
    return key


def _look_up(key_hash: bytes) -> Key | None:
    row = postgres.find_key(key_hash)
    return Key(**row | {"scopes": tuple(row["scopes"]), "origins": tuple(row["origins"])}) if row else None


def _touch(id: UUID) -> None:
    """Note the use, once a minute at most: a write a request would cost more than the request."""
    now = time.monotonic()
    if now - _touched.get(id, -TOUCH_EVERY_S) < TOUCH_EVERY_S:
        return
    _touched[id] = now
    with suppress(Unavailable):
        postgres.touch_keys([id])
