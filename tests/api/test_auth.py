"""Who calls, and may they: over every door, with every kind of credential."""

import base64
import json
import time
from dataclasses import replace
from datetime import timedelta
from random import randrange
from uuid import uuid4

import jwt
import pytest
from flask import Flask, g

import errors
from actions import accounts, keys, tenants
from api import auth
from api.auth import Access
from settings import DEVELOPMENT_SECRET, Settings

OURS = "/api/v1/tenants/{}"
EXCEPT = ("/app", "/static/", "/login", "/logout")  # the dashboard guards its own; static files hold no data


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error_code"]


def methods(app: Flask):
    """(method, rule, view) of every route that the API has."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(EXCEPT):
            continue
        view = app.view_functions[rule.endpoint]
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, rule, getattr(getattr(view, "view_class", None), method.lower(), view)


def address_of(app: Flask, rule) -> str:
    """An address that the rule takes, with ids that nobody has."""
    samples = {"UUIDConverter": uuid4(), "IntegerConverter": 1}
    values = {name: samples.get(type(kind).__name__, "nobody") for name, kind in rule._converters.items()}
    values |= {name: min(kind.items) for name, kind in rule._converters.items() if type(kind).__name__ == "AnyConverter"}
    return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods)))


def test_every_route_declares_who_may_use_it(app):
    assert [(method, rule.rule) for method, rule, view in methods(app) if not isinstance(getattr(view, "access", None), Access)] == []


def test_only_what_must_be_is_public(app):
    public = {rule.rule for _, rule, view in methods(app) if view.access.permission == auth.PUBLIC}
    assert public - {"/tracker.js"} == {
        "/",
        "/health",
        "/health/live",
        "/health/ready",
        "/api/health",
        "/favicon.ico",
        "/api/v1/auth/login",
        "/auth/refresh",
    }


def test_in_production_every_other_route_is_closed(production):
    client = production.test_client()
    for method, rule, view in methods(production):
        if view.access.permission == auth.PUBLIC:
            continue
        somebody = {"REMOTE_ADDR": f"10.0.{randrange(250)}.{randrange(250)}"}  # one address may ask only 100 times
        answer = client.open(address_of(production, rule), method=method, environ_base=somebody)
        assert answer.status_code == 401, (method, rule.rule, answer.status_code)


def test_a_token_lets_its_account_into_its_shop(client, bearer, tenant):
    answer = client.get(OURS.format(tenant), headers=bearer(tenant, "viewer"))
    assert (answer.status_code, answer.get_json()["id"]) == (200, tenant)


def test_another_shop_is_not_found_and_a_missing_permission_is_refused(client, bearer, tenant, other_tenant):
    headers = bearer(tenant, "viewer")
    assert code_of(client.get(OURS.format(other_tenant), headers=headers)) == (404, "NOT_FOUND")
    assert code_of(client.patch(OURS.format(tenant), json={"name": "Mine"}, headers=headers)) == (403, "PERMISSION_DENIED")
    assert code_of(client.get(OURS.format(tenant), headers=bearer(tenant, "customer"))) == (403, "PERMISSION_DENIED")


def token(app, shop: str, /, **claims) -> str:
    """A token with some of its claims changed, signed with the right key unless `key` says otherwise."""
    name = f"u{uuid4().hex[:12]}"
    account = accounts.create(email=f"{name}@example.com", username=name, password="correct horse battery")
    accounts.join(account, shop, "admin")
    with app.app_context():
        real = jwt.decode(auth.issue_token(accounts.identity(account, shop)), options={"verify_signature": False})
    key, algorithm = claims.pop("key", DEVELOPMENT_SECRET), claims.pop("algorithm", "HS256")
    changed = {name: value for name, value in (real | claims).items() if value is not None}
    return jwt.encode(changed, key, algorithm=algorithm)


def test_a_token_made_by_hand_in_the_right_way_is_taken(client, app, tenant):
    assert client.get(OURS.format(tenant), headers={"Authorization": f"Bearer {token(app, tenant)}"}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"aud": "another"},
        {"iss": "another"},
        {"key": "another secret that is long enough for it"},
        {"key": "", "algorithm": "none"},
        {"algorithm": "HS512", "key": DEVELOPMENT_SECRET * 2},
        {"type": "refresh"},
        {"tenant": None},
        {"sid": None},
        {"sub": "1"},
        {"sub": "bffe8a6b-3c28-4527-9b92-51dfbcb0035b"},
        {"tenant": "demo_tenant"},
        {"nbf": 2**40},
        {"exp": None},
    ],
    ids=str,
)
def test_no_other_token_is_taken_not_even_where_development_is_open(client, app, tenant, change):
    headers = {"Authorization": f"Bearer {token(app, tenant, **change)}"}
    assert client.get(OURS.format(tenant), headers=headers).status_code == 401
    assert client.get("/metrics", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Bearer x.y.z", "Token abc", "Bearer ecap_live_unknown", "Basic Zm9vOmJhcg==", "Basic !", "x"]
)
def test_a_header_that_is_no_credential_of_ours_is_401(client, header):
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 401


def test_an_expired_token_says_that_it_is_expired(client, app, tenant):
    answer = client.get(OURS.format(tenant), headers={"Authorization": f"Bearer {token(app, tenant, exp=int(time.time()) - 5)}"})
    assert code_of(answer) == (401, "TOKEN_EXPIRED")


def test_a_role_in_the_token_gives_nothing_the_membership_decides(client, app, tenant):
    name = f"u{uuid4().hex[:12]}"
    account = accounts.create(email=f"{name}@example.com", username=name, password="correct horse battery")
    accounts.join(account, tenant, "viewer")
    with app.app_context():
        text = auth.issue_token(replace(accounts.identity(account, tenant), role="admin"))
    assert client.patch(OURS.format(tenant), json={"name": "x"}, headers={"Authorization": f"Bearer {text}"}).status_code == 403


@pytest.fixture
def write_key(tenant) -> str:
    return keys.replace_write_key(tenant)


@pytest.fixture
def guarded(app):
    """Views behind rules, without HTTP around them: what the caller is let in as."""

    def admitted(permission: str, *, open_in_development: bool = False, **request):
        with app.test_request_context("/x", **request):
            auth.admit(Access(permission, open_in_development))
            return g.identity

    return admitted


def test_a_write_key_is_taken_from_every_documented_place_and_may_send_events_only(guarded, write_key, tenant):
    basic = base64.b64encode(f"{write_key}:".encode()).decode()
    places = [
        {"headers": {"Authorization": f"Bearer {write_key}"}},
        {"headers": {"X-API-Key": write_key}},
        {"headers": {"Authorization": f"Basic {basic}"}},
        {"query_string": {"writeKey": write_key}},
    ]
    for place in places:
        identity = guarded("write:events", **place)
        assert (identity.tenant, identity.role, identity.account_id, identity.permissions) == (tenant, "api_user", None, {"write:events"})
        for permission in ("write:analytics", "read:analytics", auth.SIGNED_IN):
            with pytest.raises(errors.NotPermitted):
                guarded(permission, **place)


def test_a_key_may_be_bound_to_sites(guarded, write_key, monkeypatch):
    key = replace(keys.find(write_key), origins=("https://shop.example",))
    monkeypatch.setattr(keys, "find", lambda _: key)
    assert guarded("write:events", headers={"X-API-Key": "k", "Origin": "https://shop.example"})
    assert guarded("write:events", headers={"X-API-Key": "k"})
    with pytest.raises(errors.NotPermitted):
        guarded("write:events", headers={"X-API-Key": "k", "Origin": "https://evil.example"})


def test_development_lets_nobody_in_particular_act_in_the_demo_shop_and_only_there(guarded):
    identity = guarded("read:analytics", open_in_development=True)
    assert (identity.tenant, identity.account_id, identity.permissions) == (tenants.DEMO, None, {"read:analytics", "analytics.view"})
    with pytest.raises(errors.NotAuthenticated):
        guarded("read:analytics")
    with pytest.raises(errors.NotAuthenticated):
        guarded("write:events", open_in_development=True, headers={"X-API-Key": "ecap_write_unknown"})


def test_a_request_may_repeat_its_own_shop_and_name_no_other(app, guarded, write_key, tenant, other_tenant):
    with app.test_request_context("/x", headers={"X-API-Key": write_key}):
        auth.admit(Access("write:events"))
        auth.own_tenant(tenant)
        auth.own_tenant(None)
        with pytest.raises(errors.NotPermitted):
            auth.own_tenant(other_tenant)


# Signing in.


@pytest.fixture
def person(tenant):
    name = f"u{uuid4().hex[:12]}"
    account = accounts.create(
        email=f"{name}@example.com", username=name, password="correct horse battery", first_name="Ann", last_name="Lee"
    )
    accounts.join(account, tenant, "analyst")
    return account, name


def test_login_answers_as_both_documents_say_by_json_and_by_form(client, person, tenant):
    account, name = person
    user = {
        "id": str(account),
        "email": f"{name}@example.com",
        "username": name,
        "first_name": "Ann",
        "last_name": "Lee",
        "role": "analyst",
        "permissions": ["analytics.view", "read:analytics", "read:business_intelligence", "read:customers", "read:fraud"],
        "tenant": tenant,
    }
    for body in (
        {"json": {"username": name, "password": "correct horse battery"}},
        {"data": {"username": f"{name}@example.com", "password": "correct horse battery", "grant_type": "password", "scope": ""}},
    ):
        answer = client.post("/api/v1/auth/login", **body)
        given = answer.get_json()
        assert (answer.status_code, given["token_type"], given["expires_in"], given["user"]) == (200, "bearer", 1800, user)
        assert client.get(OURS.format(tenant), headers={"Authorization": f"Bearer {given['access_token']}"}).status_code == 200


def test_a_wrong_password_and_an_unknown_account_answer_alike(client, person):
    answers = [client.post("/api/v1/auth/login", json={"username": who, "password": "wrong"}) for who in (person[1], "nobody")]
    assert [code_of(answer) for answer in answers] == [(401, "AUTHENTICATION_FAILED")] * 2
    assert answers[0].get_json() == answers[1].get_json()


def test_a_login_needs_both_fields(client):
    answer = client.post("/api/v1/auth/login", json={"username": ""})
    assert code_of(answer) == (422, "VALIDATION_ERROR")
    assert sorted(error["field"] for error in answer.get_json()["field_errors"]) == ["password", "username"]


@pytest.mark.parametrize("username", ["a\x00", "\ud800", "' OR 1=1 --", "x" * 321, ["a"], {"a": 1}, 7, True, None])
def test_no_login_makes_the_server_stumble(client, username):
    answer = client.post("/api/v1/auth/login", json={"username": username, "password": "p"})
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize("body", ["[]", "null", "3", '"x"', "", "{", b"\xff"])
def test_a_login_that_is_no_object_is_refused_with_a_reason(client, body):
    answer = client.post("/api/v1/auth/login", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.get_json()["field_errors"]


def test_an_algorithm_without_a_shared_secret_is_refused_at_the_start():
    for algorithm in ("none", "RS256"):
        with pytest.raises(errors.Invalid, match="JWT_ALGORITHM"):
            auth.init_app(Flask("x"), Settings(jwt_algorithm=algorithm))


def test_switching_gives_a_token_for_another_shop_of_ones_own(client, person, bearer, tenant, other_tenant):
    account, name = person
    given = client.post("/api/v1/auth/login", json={"username": name, "password": "correct horse battery"}).get_json()
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    assert code_of(client.post("/api/v1/auth/switch", json={"tenant": other_tenant}, headers=headers)) == (403, "PERMISSION_DENIED")

    accounts.join(account, other_tenant, "manager")
    answer = client.post("/api/v1/auth/switch", json={"tenant": other_tenant}, headers=headers).get_json()
    assert (answer["user"]["tenant"], answer["user"]["role"]) == (other_tenant, "manager")
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert [client.get(OURS.format(shop), headers=headers).status_code for shop in (other_tenant, tenant)] == [200, 404]


# Browsers.


@pytest.fixture
def browser(app, client, person, tenant):
    """A client with the cookies of a signed-in browser."""
    with app.test_request_context():
        response = app.response_class()
        auth.issue_cookies(response, accounts.identity(person[0], tenant))
    for line in response.headers.getlist("Set-Cookie"):
        name, value = line.split(";")[0].split("=", 1)
        path = next(part.split("=")[1] for part in line.split("; ") if part.lower().startswith("path="))
        client.set_cookie(name, value, path=path)
    return client


def csrf(browser, kind: str = "access") -> dict[str, str]:
    return {"X-CSRF-TOKEN": browser.get_cookie(f"csrf_{kind}_token").value}


def test_a_browser_reads_with_its_cookie_and_changes_with_its_csrf_token(browser, tenant):
    assert browser.get("/api/v1/tenants/").status_code == 200
    change = {"json": {"tenant": tenant}}
    assert code_of(browser.post("/api/v1/auth/switch", **change)) == (403, "CSRF_FAILED")
    assert code_of(browser.post("/api/v1/auth/switch", **change, headers={"X-CSRF-TOKEN": "x"})) == (403, "CSRF_FAILED")
    assert browser.post("/api/v1/auth/switch", **change, headers=csrf(browser)).status_code == 200


def test_cookies_are_hidden_from_scripts_and_from_other_sites(app, person, tenant):
    with app.test_request_context():
        response = app.response_class()
        auth.issue_cookies(response, accounts.identity(person[0], tenant))
    lines = {line.split("=")[0]: line for line in response.headers.getlist("Set-Cookie")}
    assert sorted(lines) == ["access_token_cookie", "csrf_access_token", "csrf_refresh_token", "refresh_token_cookie"]
    assert all("SameSite=Lax" in line for line in lines.values())
    assert [name for name, line in sorted(lines.items()) if "HttpOnly" in line] == ["access_token_cookie", "refresh_token_cookie"]
    assert "Path=/auth/refresh" in lines["refresh_token_cookie"]


def test_production_cookies_travel_over_https_only(production, person, tenant):
    with production.test_request_context():
        response = production.response_class()
        auth.issue_cookies(response, accounts.identity(person[0], tenant))
    assert all("Secure" in line for line in response.headers.getlist("Set-Cookie"))


def test_the_refresh_cookie_renews_the_access_cookie_and_opens_nothing_else(browser, tenant):
    browser.delete_cookie("access_token_cookie")
    assert browser.get("/api/v1/tenants/").status_code == 401
    assert code_of(browser.post("/auth/refresh")) == (403, "CSRF_FAILED")

    answer = browser.post("/auth/refresh", headers=csrf(browser, "refresh"))
    assert (answer.status_code, answer.get_json()) == (200, {"refreshed": True})
    assert browser.get("/api/v1/tenants/").status_code == 200


def test_without_a_refresh_cookie_nothing_is_renewed(client):
    assert code_of(client.post("/auth/refresh")) == (401, "AUTHENTICATION_FAILED")


def test_a_token_of_a_former_member_is_worth_nothing(client, person, tenant, monkeypatch):
    _, name = person
    given = client.post("/api/v1/auth/login", json={"username": name, "password": "correct horse battery"}).get_json()

    def gone(*_):
        raise errors.NotPermitted("You are not a member of this shop.")

    monkeypatch.setattr(accounts, "identity", gone)
    assert client.get(OURS.format(tenant), headers={"Authorization": f"Bearer {given['access_token']}"}).status_code == 401


def test_tokens_last_as_long_as_the_settings_say(client, person):
    given = client.post("/api/v1/auth/login", json={"username": person[1], "password": "correct horse battery"}).get_json()
    claims = json.loads(base64.urlsafe_b64decode(given["access_token"].split(".")[1] + "=="))
    assert timedelta(seconds=claims["exp"] - claims["iat"]) == timedelta(minutes=30)
    assert {"tenant", "role", "sid", "aud", "iss", "sub", "jti"} <= set(claims)
