"""Who gets behind /app/, and who is sent where."""

import pytest

from dashboard import auth


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/app/", "/login?next=/app/"),
        ("/app/funnel?period=7d&country=DE", "/login?next=/app/funnel%3Fperiod%3D7d%26country%3DDE"),
    ],
)
def test_a_page_leads_an_unknown_visitor_to_the_sign_in_and_back(client, path, to):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, to)


@pytest.mark.parametrize("path", ["/app/_dash-layout", "/app/_dash-dependencies", "/app/_reload-hash"])
def test_the_renderer_of_an_unknown_visitor_gets_json_that_makes_it_renew_the_token(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.get_json()) == (401, {"error": "JWT Expired"})


def test_callbacks_and_switches_of_an_unknown_visitor_are_refused(client):
    assert client.post("/app/_dash-update-component", json={}).status_code == 401
    assert client.post("/app/switch", json={"tenant": "x"}).status_code == 401


@pytest.mark.parametrize("path", ["/app/assets/theme.css", "/app/assets/fonts/bootstrap-icons.woff2", "/app/assets/maps/world_110m.json"])
def test_what_holds_no_data_is_open(client, path):
    with client.get(path) as answer:
        assert answer.status_code == 200


def test_a_callback_without_the_csrf_token_is_refused(browser):
    answer = browser.client.post("/app/_dash-update-component", json={})
    assert (answer.status_code, answer.get_json()) == (403, {"error": "The request does not carry this page's CSRF token."})


def test_a_bearer_of_nothing_beside_the_cookies_does_not_matter(browser):
    # dash-renderer adds it after it has renewed the token.
    assert browser.client.get("/app/_dash-dependencies", headers={"Authorization": "Bearer cookie"}).status_code == 200


def test_a_token_renews_through_the_refresh_cookie(browser):
    csrf = browser.client.get_cookie("csrf_refresh_token", path="/").value
    browser.client.delete_cookie("access_token_cookie")
    assert browser.client.get("/app/_dash-dependencies").status_code == 401
    assert browser.client.post("/auth/refresh", headers={"X-CSRF-TOKEN": csrf}).status_code == 200
    assert browser.client.get("/app/_dash-dependencies").status_code == 200


def test_a_page_is_not_for_those_without_its_permission(browser_of, tenant):
    customer = browser_of(tenant, "customer")
    answer = customer.call("overview-numbers-tiles.children", {"scope.data": ""})
    assert "You cannot see this" in answer.text
    assert "€" not in answer.text


@pytest.mark.parametrize("target", ["/app/", "/app/funnel?period=7d"])
def test_paths_of_ours_are_safe(target):
    assert auth.is_safe(target)


@pytest.mark.parametrize(
    "target", [None, "", "//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/app\r\nSet-Cookie: x"]
)
def test_other_targets_are_not(target):
    assert not auth.is_safe(target)
