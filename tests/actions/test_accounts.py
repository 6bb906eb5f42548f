"""Who signs in, where, and as what."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import update

import models
from actions import accounts
from errors import Conflict, NotAuthenticated, NotPermitted
from models import permissions
from stores import postgres

PASSWORD = "correct horse battery"


@pytest.fixture
def name() -> str:
    return f"u{uuid4().hex[:12]}"


@pytest.fixture
def account(servers, name):
    return accounts.create(email=f"{name}@Example.com", username=name, password=PASSWORD, first_name="Ann", last_name="Lee")


def test_an_account_signs_in_by_e_mail_or_username_whatever_the_case(account, name, tenant):
    accounts.join(account, tenant, "analyst")
    expected = accounts.Identity(
        account_id=account,
        email=f"{name}@Example.com",
        username=name,
        first_name="Ann",
        last_name="Lee",
        tenant=tenant,
        role="analyst",
        permissions=permissions.of_role("analyst"),
    )
    assert [accounts.sign_in(login, PASSWORD) for login in (name.upper(), f"{name}@EXAMPLE.com")] == [expected, expected]


def test_every_refusal_sounds_the_same(account, name, tenant):
    accounts.join(account, tenant, "viewer")
    sentences = set()
    for login, password in ((name, "wrong"), (name, ""), ("nobody", PASSWORD), ("", "")):
        with pytest.raises(NotAuthenticated) as refused:
            accounts.sign_in(login, password)
        sentences.add(refused.value.message)
    with postgres.session(None) as db:
        db.execute(update(models.Account).where(models.Account.id == account).values(is_active=False))
    with pytest.raises(NotAuthenticated) as refused:
        accounts.sign_in(name, PASSWORD)
    assert sentences | {refused.value.message} == {accounts.WRONG}


def test_a_crowd_at_the_door_is_let_in_a_few_at_a_time(account, name, tenant, monkeypatch):
    accounts.join(account, tenant, "admin")
    inside, most, lock = 0, 0, threading.Lock()

    class Hasher:
        def verify(self, *_):
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= 1

    monkeypatch.setattr(accounts, "_hasher", Hasher())
    with ThreadPoolExecutor(12) as pool:
        assert len(list(pool.map(lambda _: accounts.sign_in(name, PASSWORD), range(12)))) == 12
    assert most <= 4


def test_without_a_choice_the_shop_joined_first_is_entered(account, name, tenant, other_tenant):
    accounts.join(account, tenant, "admin")
    accounts.join(account, other_tenant, "viewer")
    accounts.switch(account, other_tenant)

    assert accounts.sign_in(name, PASSWORD).tenant == tenant
    assert accounts.sign_in(name, PASSWORD, other_tenant).role == "viewer"


def test_a_shop_one_does_not_belong_to_is_closed(account, name, tenant, other_tenant):
    with pytest.raises(NotPermitted):
        accounts.sign_in(name, PASSWORD)
    accounts.join(account, tenant, "admin")
    for shop in (other_tenant, "no-such-shop"):
        with pytest.raises(NotPermitted):
            accounts.sign_in(name, PASSWORD, shop)
        with pytest.raises(NotPermitted):
            accounts.switch(account, shop)


def test_signing_in_is_counted(account, name, tenant):
    accounts.join(account, tenant, "admin")
    for _ in range(3):
        accounts.sign_in(name, PASSWORD)
    with postgres.session(None) as db:
        row = db.get(models.Account, account)
        visit = db.get(models.Membership, (account, tenant)).last_seen_at
    assert row.login_count == 3
    assert row.last_login_at is not None
    assert visit is not None


def test_e_mail_and_username_are_unique_whatever_the_case(account, name):
    for email, username in ((f"{name.upper()}@example.COM", "another"), ("another@example.com", name.upper())):
        with pytest.raises(Conflict):
            accounts.create(email=email, username=f"{username}", password=PASSWORD)


def test_a_changed_role_counts_at_once(account, tenant):
    accounts.join(account, tenant, "viewer")
    assert not accounts.identity(account, tenant).may("write:analytics")
    accounts.join(account, tenant, "manager")
    assert accounts.identity(account, tenant).may("write:analytics")


def test_a_deactivated_account_is_out_within_seconds(account, tenant, monkeypatch):
    accounts.join(account, tenant, "admin")
    accounts.identity(account, tenant)
    with postgres.session(None) as db:
        db.execute(update(models.Account).where(models.Account.id == account).values(is_active=False))
    monkeypatch.setattr(accounts, "CACHE_S", 0)
    with pytest.raises(NotAuthenticated):
        accounts.identity(account, tenant)


def test_the_administrator_is_made_once_and_keeps_the_password(servers):
    first = accounts.administrator()
    assert accounts.administrator() == first
    assert accounts.sign_in("admin@ecommerce.com", "admin123").account_id == first


def test_the_documented_roles_have_the_documented_permissions():
    assert permissions.of_role("customer") == {"products.view", "cart.view", "cart.manage", "orders.view", "analytics.view_own"}
    assert permissions.of_role("viewer") == {"read:analytics", "analytics.view", "read:customers"}
    assert permissions.of_role("analyst") == permissions.of_role("viewer") | {"read:fraud", "read:business_intelligence"}
    assert permissions.of_role("admin") == permissions.ALL
    assert permissions.of_role("api_user") == permissions.of_role("emperor") == frozenset()
    manager = permissions.of_role("manager")
    assert {"products.view", "orders.view_all", "users.view", "read:analytics", "write:analytics", "write:events"} <= manager
    assert not manager & {"users.create", "assign_roles", "manage:users", "manage:system", "analytics.view_detailed", "export:data"}


def test_wildcards_and_aliases_are_resolved():
    assert permissions.expand("users.*") == {"users.view", "users.create", "users.update", "users.delete"}
    assert permissions.expand(["analytics.view"]) == permissions.expand(["read:analytics"]) == {"analytics.view", "read:analytics"}
    assert permissions.expand(["write:events"]) == {"write:events"}
    assert permissions.expand(["write:analytics"]) == {"write:analytics", "write:events"}
    assert permissions.expand(["made.up", "users"]) == frozenset()
