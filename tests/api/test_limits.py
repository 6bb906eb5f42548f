"""How often a caller may ask, told in headers and kept across processes."""

from dataclasses import replace
from uuid import uuid4

import settings
from actions import keys
from api.app import create_app

PATH = "/api/v1/tenants/"


def limit_of(answer) -> tuple[str, int]:
    return answer.headers["X-RateLimit-Limit"], int(answer.headers["X-RateLimit-Remaining"])


def test_each_kind_of_caller_has_its_own_limit(client, bearer, tenant):
    assert limit_of(client.get(PATH)) == ("100", 99)
    assert limit_of(client.get(PATH, headers=bearer(tenant, "viewer"))) == ("1000", 999)
    assert limit_of(client.get(PATH, headers=bearer(tenant, "admin"))) == ("10000", 9999)
    assert limit_of(client.get(PATH, headers={"X-API-Key": keys.replace_write_key(tenant)})) == ("5000", 4999)


def test_wrong_credentials_count_for_the_address(client):
    client.get(PATH)
    assert limit_of(client.get(PATH, headers={"X-API-Key": "ecap_live_wrong"})) == ("100", 98)


def test_an_account_is_counted_wherever_it_calls_from(client, bearer, tenant):
    headers = bearer(tenant, "viewer")
    client.get(PATH, headers=headers)
    client.environ_base["REMOTE_ADDR"] = "127.9.9.9"
    assert limit_of(client.get(PATH, headers=headers)) == ("1000", 998)


def test_who_asks_too_often_is_told_when_to_come_back(client):
    statuses = [client.get(PATH).status_code for _ in range(101)]
    assert statuses == [401] * 100 + [429]

    answer = client.get(PATH)
    assert answer.get_json() == {
        "error": {
            "code": "RATE_LIMIT_EXCEEDED",
            "message": "Too many requests.",
            "details": {"limit": 100, "window": "1 hour", "retry_after": int(answer.headers["Retry-After"])},
        },
        "detail": "Too many requests.",
        "error_code": "RATE_LIMIT_EXCEEDED",
        "field_errors": None,
    }
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_only_the_versioned_api_is_limited(client):
    for path in ("/health", "/metrics", "/docs"):
        assert "X-RateLimit-Limit" not in client.get(path).headers


def test_a_second_process_counts_on(client, app):
    client.get(PATH)
    other = create_app(app.config["ECAP"]).test_client()
    other.environ_base["REMOTE_ADDR"] = client.environ_base["REMOTE_ADDR"]
    assert limit_of(other.get(PATH)) == ("100", 98)


def test_without_redis_each_process_counts_for_itself(servers, tmp_path):
    lonely = create_app(replace(settings.current(), redis_url=f"unix://{tmp_path}/nobody.sock?db=0")).test_client()
    assert [lonely.get(PATH).status_code for _ in range(101)] == [401] * 100 + [429]


def test_a_header_does_not_make_another_caller_unless_a_proxy_is_trusted(client, app):
    client.get(PATH)
    assert limit_of(client.get(PATH, headers={"X-Forwarded-For": "203.0.113.7"})) == ("100", 98)

    behind = create_app(replace(app.config["ECAP"], trusted_proxies=1)).test_client()
    spoofed = f"198.51.100.9, 203.0.113.{uuid4().int % 250}"
    assert limit_of(behind.get(PATH, headers={"X-Forwarded-For": spoofed}))[0] == "100"
