"""Shops: made whole, found quickly, changed carefully."""

from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from actions import accounts, keys, tenants
from errors import Conflict, Invalid, NotFound


@pytest.fixture
def owner(servers):
    name = f"u{uuid4().hex[:12]}"
    return accounts.create(email=f"{name}@example.com", username=name, password="correct horse battery")


def test_a_new_shop_has_an_administrator_and_a_write_key(owner):
    shop = tenants.create("Blue  Door ", owner=owner, timezone="Europe/Paris", currency="EUR")

    assert (shop.name, shop.timezone, shop.currency, shop.tier, shop.retention_days) == (
        "Blue Door",
        "Europe/Paris",
        "EUR",
        "standard",
        None,
    )
    assert accounts.memberships(owner) == [accounts.Membership(shop.id, "Blue Door", "admin")]
    key = keys.find(keys.write_key(shop.id))
    assert (key.tenant, key.kind, key.scopes, key.created_by) == (shop.id, "write", ("write:events",), owner)


def test_shops_of_one_name_get_ids_of_their_own(owner):
    word = f"muller{uuid4().hex[:8]}"
    made = [tenants.create(f"Müller{word[6:]}", owner=owner).id for _ in range(3)]
    assert made == [word, f"{word}-2", f"{word}-3"]


def test_a_name_without_letters_still_gets_an_id(owner):
    assert tenants.create("日本", owner=owner).id.startswith("shop")


def test_an_id_that_is_taken_is_a_conflict_and_leaves_the_shop_alone(owner, tenant):
    with pytest.raises(Conflict):
        tenants.create("Usurper", owner=owner, id=tenant)
    assert accounts.memberships(owner) == []


def test_everything_wrong_with_a_shop_is_named(owner):
    with pytest.raises(Invalid) as refused:
        tenants.create(" ", owner=owner, timezone="Mars/Olympus", currency="euro")
    assert sorted(refused.value.fields) == ["currency", "name", "timezone"]


def test_every_zone_that_is_accepted_is_one_that_can_be_used(owner):
    for zone in ("UTC", "Asia/Kathmandu", "America/Argentina/Ushuaia"):
        assert ZoneInfo(tenants.create("Zones", owner=owner, timezone=zone).timezone)


def test_an_unknown_shop_is_not_found(servers):
    with pytest.raises(NotFound):
        tenants.load("no-such-shop")


def test_a_change_is_seen_at_once_and_leaves_the_rest(owner):
    shop = tenants.create("Old", owner=owner, currency="USD")
    rules = [{"page_type": "cart", "pattern": "/basket*"}]

    tenants.change(shop.id, name="New", page_rules=rules, retention_days=90)

    now = tenants.load(shop.id)
    assert (now.name, now.currency, now.page_rules, now.retention_days) == ("New", "USD", tuple(rules), 90)
    with pytest.raises(Invalid):
        tenants.change(shop.id, timezone="nowhere")


def test_the_demo_shop_is_made_once(servers):
    first, second = tenants.demo(), tenants.demo()
    assert first == second
    assert (first.id, first.name, first.timezone, first.currency, first.tier) == (
        "demo_tenant",
        "Linden & Oak",
        "Europe/Berlin",
        "EUR",
        "unlimited",
    )
    assert tenants.ids() == sorted(tenants.ids())
    assert "demo_tenant" in tenants.ids()
