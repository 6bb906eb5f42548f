"""After the first start somebody can sign in; after the next nothing has changed."""

import pytest

import settings
from actions import accounts, first_run, keys, tenants


def test_in_development_the_administrator_has_the_demo_shop(servers):
    first_run.prepare()
    first_run.prepare()

    found = accounts.sign_in("admin@ecommerce.com", "admin123")
    assert (found.tenant, found.role) == (tenants.DEMO, "admin")
    assert keys.find(keys.write_key(tenants.DEMO)).tenant == tenants.DEMO


@pytest.fixture
def production(servers, monkeypatch):
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "x" * 48)
    monkeypatch.setenv("ADMIN_EMAIL", "owner@example.com")
    monkeypatch.setenv("ADMIN_PASSWORD", "a password of our own")
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


def test_in_production_the_administrator_gets_one_empty_shop(production):
    first_run.prepare()
    first_run.prepare()

    found = accounts.sign_in("owner@example.com", "a password of our own")
    assert [shop.name for shop in accounts.memberships(found.account_id)] == ["My shop"]
    assert found.tenant != tenants.DEMO
