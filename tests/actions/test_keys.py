"""A key is good until it is revoked or expires, and a published one can only send events."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

import models
import settings
from actions import keys, tenants
from errors import NotAuthenticated, NotFound
from models import permissions
from stores import postgres


@pytest.fixture
def key(tenant) -> str:
    return keys.replace_write_key(tenant)


def test_a_key_is_found_by_its_text_and_only_its_hash_is_searched(key, tenant):
    found = keys.find(key)
    assert (found.tenant, found.kind, found.scopes) == (tenant, "write", ("write:events",))
    assert key.startswith("ecap_write_")
    assert permissions.expand(found.scopes) == {"write:events"}


@pytest.mark.parametrize("text", ["", "ecap_write_", "ecap_write_" + "0" * 32, "é\x00"])
def test_an_unknown_key_is_refused(servers, text):
    with pytest.raises(NotAuthenticated):
        keys.find(text)


def test_a_replaced_key_stops_and_the_new_one_works(key, tenant):
    keys.find(key)
    new = keys.replace_write_key(tenant)

    assert keys.write_key(tenant) == new
    assert keys.find(new).tenant == tenant
    with pytest.raises(NotAuthenticated):
        keys.find(key)


def test_an_expired_key_is_refused(key, tenant, monkeypatch):
    monkeypatch.setattr(keys, "CACHE_S", 0)
    for expires, is_good in ((datetime.now(UTC) + timedelta(hours=1), True), (datetime.now(UTC) - timedelta(seconds=1), False)):
        with postgres.session(tenant) as db:
            db.execute(update(models.ApiKey).values(expires_at=expires))
        if is_good:
            keys.find(key)
        else:
            with pytest.raises(NotAuthenticated):
                keys.find(key)


def test_the_last_use_is_noted(key, tenant):
    keys.find(key)
    with postgres.session(tenant) as db:
        used = db.scalar(select(models.ApiKey.last_used_at).where(models.ApiKey.key_text == key))
    assert datetime.now(UTC) - used < timedelta(seconds=30)


def test_a_shop_without_a_key_says_so(tenant):
    with pytest.raises(NotFound):
        keys.write_key(tenant)


def test_another_shops_key_is_not_shown(key, other_tenant):
    with pytest.raises(NotFound):
        keys.write_key(other_tenant)


def test_events_are_still_taken_while_the_database_is_away(key, monkeypatch, tmp_path):
    """A write key that was good a moment ago stays good: a shop's events are worth more than a quick revocation."""
    keys.find(key)
    monkeypatch.setattr(keys, "CACHE_S", 0)
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://ecap@/ecap?host={tmp_path}")
    settings.current.cache_clear()
    try:
        assert keys.find(key).kind == "write"
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


def test_a_shop_that_was_loaded_is_still_known_while_the_database_is_away(tenant, monkeypatch, tmp_path):
    tenants.load(tenant)
    monkeypatch.setattr(tenants, "CACHE_S", 0)
    monkeypatch.setenv("DATABASE_URL", f"postgresql+psycopg://ecap@/ecap?host={tmp_path}")
    settings.current.cache_clear()
    try:
        assert tenants.load(tenant).id == tenant
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


def test_guessing_keys_does_not_grow_the_memory(servers, monkeypatch):
    monkeypatch.setattr(keys, "CACHE_SIZE", 10)
    for _ in range(50):
        with pytest.raises(NotAuthenticated):
            keys.find(uuid4().hex)
    assert len(keys._cache) <= 10
