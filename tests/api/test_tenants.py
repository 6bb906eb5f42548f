"""Shops over the API."""

from dataclasses import replace

import pytest

from actions import keys, tenants


def test_an_account_sees_its_own_shops(client, bearer, tenant):
    assert client.get("/api/v1/tenants/", headers=bearer(tenant, "viewer")).get_json() == [
        {"tenant": tenant, "name": tenant, "role": "viewer"}
    ]


def test_a_new_shop_is_made_by_who_may_write_and_belongs_to_its_maker(client, bearer, tenant):
    headers = bearer(tenant, "manager")
    made = client.post("/api/v1/tenants/", json={"name": "Blue Door", "timezone": "Europe/Paris"}, headers=headers)
    shop = made.get_json()
    assert made.status_code == 201
    assert shop | {"id": "", "created_at": ""} == {
        "id": "",
        "name": "Blue Door",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "tier": "standard",
        "hosts": [],
        "retention_days": None,
        "created_at": "",
    }
    roles = {one["tenant"]: one["role"] for one in client.get("/api/v1/tenants/", headers=headers).get_json()}
    assert roles == {tenant: "manager", shop["id"]: "admin"}

    assert client.post("/api/v1/tenants/", json={"name": "No"}, headers=bearer(tenant, "viewer")).status_code == 403
    refused = client.post("/api/v1/tenants/", json={"name": "Bad", "timezone": "Mars", "tier": "unlimited"}, headers=headers)
    assert (refused.status_code, [error["field"] for error in refused.get_json()["field_errors"]]) == (422, ["tier"])


def test_a_key_makes_no_shop_since_nobody_would_own_it(client, tenant, monkeypatch):
    key = replace(keys.find(keys.replace_write_key(tenant)), kind="api", scopes=("write:analytics",))
    monkeypatch.setattr(keys, "find", lambda _: key)
    assert client.post("/api/v1/tenants/", json={"name": "Orphan"}, headers={"X-API-Key": "k"}).status_code == 403


def test_settings_are_changed_by_an_administrator_and_only_those_named(client, bearer, tenant):
    headers = bearer(tenant)
    changed = client.patch(f"/api/v1/tenants/{tenant}", json={"currency": "USD", "hosts": ["shop.example"]}, headers=headers)
    assert changed.status_code == 200
    shop = tenants.load(tenant)
    assert (shop.currency, shop.hosts, shop.timezone) == ("USD", ("shop.example",), "UTC")
    assert client.patch(f"/api/v1/tenants/{tenant}", json={"timezone": "Mars"}, headers=headers).status_code == 422


@pytest.mark.parametrize("field", ["id", "tier", "created_at", "page_rules"])
def test_what_is_not_offered_cannot_be_set(client, bearer, tenant, field):
    assert client.patch(f"/api/v1/tenants/{tenant}", json={field: "x"}, headers=bearer(tenant)).status_code == 422


def test_the_write_key_is_shown_and_replaced(client, bearer, tenant):
    headers, path = bearer(tenant), f"/api/v1/tenants/{tenant}/write-key"
    assert client.get(path, headers=headers).status_code == 404
    new = client.post(path, headers=headers)
    assert (new.status_code, new.get_json()) == (201, {"key": keys.write_key(tenant)})
    assert client.get(path, headers=headers).get_json() == new.get_json()
    assert client.post(path, headers=bearer(tenant, "manager")).status_code == 403
