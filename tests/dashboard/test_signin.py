"""Signing in and out by the form."""

import pytest

from actions import accounts
from tests.dashboard.conftest import PASSWORD


@pytest.fixture
def email(tenant):
    account = accounts.create(email=f"{tenant}@example.com", username=tenant, password=PASSWORD)
    accounts.join(account, tenant, "analyst")
    return f"{tenant}@example.com"


def test_the_form_works_without_a_script_and_names_the_development_administrator(client):
    page = client.get("/login")
    assert page.status_code == 200
    assert "admin@ecommerce.com" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'; script-src 'self'; ")
    assert page.headers["Cache-Control"] == "no-store"


def test_production_names_nobody(app, client, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(app.config, "ECAP", replace(app.config["ECAP"], environment="production"))
    assert "admin@ecommerce.com" not in client.get("/login").text


@pytest.mark.parametrize("by", ["email", "username"])
def test_the_right_password_leads_to_where_one_wanted_to_go(client, email, tenant, by):
    login = email if by == "email" else tenant
    answer = client.post("/login", data={"login": f" {login} ", "password": PASSWORD, "next": "/app/funnel?period=7d"})
    assert (answer.status_code, answer.location) == (303, "/app/funnel?period=7d")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(c.startswith("access_token_cookie=") and "HttpOnly" in c and "SameSite=Lax" in c for c in cookies)
    assert client.get("/app/").status_code == 200


def test_unknown_and_wrong_get_the_same_words(client, email):
    wrong = client.post("/login", data={"login": email, "password": "not this one"})
    unknown = client.post("/login", data={"login": "nobody@example.com", "password": "not this one"})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert "Email or password is not right." in wrong.text
    assert wrong.text.replace(email, "") == unknown.text.replace("nobody@example.com", "")


def test_what_was_typed_is_kept_and_escaped(client):
    page = client.post("/login", data={"login": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_nobody_is_led_to_another_site(client, email, target):
    assert client.post("/login", data={"login": email, "password": PASSWORD, "next": target}).location == "/app/"


def test_signing_out_forgets_the_cookies(browser):
    answer = browser.post("/logout")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert browser.client.get("/app/").status_code == 302


def test_after_ten_wrong_passwords_the_right_one_has_to_wait(client, email):
    form = {"login": email, "password": "not this one"}
    assert {client.post("/login", data=form).status_code for _ in range(10)} == {401}
    answer = client.post("/login", data=form | {"password": PASSWORD})
    assert answer.status_code == 429
    assert "Too many wrong passwords. Try again in 1" in answer.text  # 15 min, or 14 min and some seconds


def test_a_store_that_is_away_is_told_in_words(client, monkeypatch):
    from actions import attempts
    from errors import Unavailable

    def down(_login, _address):
        raise Unavailable("Redis does not answer.")

    monkeypatch.setattr(attempts, "check", down)
    answer = client.post("/login", data={"login": "maria", "password": "x"})
    assert (answer.status_code, "Signing in is not possible at the moment." in answer.text) == (503, True)
