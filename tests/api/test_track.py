"""Document 002's tracking, through the door in front of Flask and through Flask itself."""

import gzip
import json
import zlib
from dataclasses import replace

import brotli
import pytest
import zstandard
from flask_jwt_extended import create_access_token

import settings
from actions import dead_letters, keys, tenants
from api.app import create_app
from jobs import ingest as consumer
from stores import clickhouse, event_log
from tests.actions.test_tracked_events import WHOLE

EVENT = {name: value for name, value in WHOLE.items() if name not in ("customer_id", "something_new")}


@pytest.fixture
def key(tenant) -> str:
    return keys.replace_write_key(tenant)


@pytest.fixture
def send(client, key):
    """`send(path, body, **headers)` with the shop's write key as a bearer."""

    def post(path, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(path, data=data, headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"} | named)

    return post


STORED_SQL = (
    "SELECT event_type, visitor_id, session_id, origin, device_type FROM events_raw FINAL WHERE customer_id = {t:String} ORDER BY seq"
)


def stored(tenant) -> list[dict]:
    consumer.drain()
    return clickhouse.query(STORED_SQL, {"t": tenant})


def test_one_event_is_accepted_as_documented_and_stored(send, tenant):
    answer = send("/track", EVENT)
    assert (answer.status_code, answer.json) == (
        200,
        {"success": True, "events_accepted": 1, "events_rejected": 0, "message": "Event accepted"},
    )
    assert stored(tenant) == [
        {"event_type": "page_view", "visitor_id": "visitor_123", "session_id": "session_789", "origin": "server", "device_type": ""}
    ]


def test_an_event_without_an_id_is_told_its_own(send):
    told = send("/track", {"event_type": "a", "visitor_id": "v"}).json
    assert len(told.pop("event_id")) == 36
    assert told == {"success": True, "events_accepted": 1, "events_rejected": 0, "message": "Event accepted"}


def test_a_batch_says_what_became_of_each_event(send, tenant):
    answer = send(
        "/track/batch", {"events": [EVENT, {"event_name": "no type"}, EVENT | {"event_id": "e-2", "customer_id": "somebody_else"}]}
    )
    assert (answer.status_code, answer.json) == (
        200,
        {
            "success": True,
            "events_accepted": 1,
            "events_rejected": 2,
            "message": "Processed 3 events, rejected 2",
            "results": [
                {"index": 0, "accepted": True},
                {"index": 1, "accepted": False, "reason": "event_type is missing.", "field": "event_type"},
                {
                    "index": 2,
                    "accepted": False,
                    "reason": "customer_id names another shop than your credentials belong to.",
                    "field": "customer_id",
                },
            ],
        },
    )
    letters = dead_letters.newest(tenant)
    assert (letters.total, sorted(letter.reason for letter in letters.rows)) == (
        2,
        ["customer_id names another shop than your credentials belong to.", "event_type is missing."],
    )


def test_poison_leaves_its_neighbours_alone(send, tenant):
    good = [json.dumps(EVENT | {"event_id": f"e{n}"}).encode() for n in range(97)]
    poison = [b'{"event_type":"a","visitor_id":"v","properties":{"x":NaN}}', b'"\\ud800"', b"[" * 10_000 + b"]" * 10_000]
    body = b'{"events":[' + b",".join([good[0], poison[0], *good[1:50], poison[1], *good[50:], poison[2]]) + b"]}"
    first, again = send("/track/batch", body), send("/track/batch", body)
    for answer in (first, again):
        assert (answer.status_code, answer.json["events_accepted"], answer.json["events_rejected"]) == (200, 97, 3)
    assert len(stored(tenant)) == 97


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/track", {"visitor_id": "v"}, 400),
        ("/track", b'{"customer_id": ', 400),
        ("/track", b"", 400),
        ("/track", b"\xff\xfe{", 400),
        ("/track", EVENT | {"customer_id": "somebody_else"}, 403),
        ("/track/batch", {"events": "none"}, 400),
        ("/track/batch", {}, 400),
        ("/track/batch", b'{"events": [', 400),
        ("/track/batch", {"events": [{}] * 10_001}, 400),
        ("/track/batch", {"events": []}, 200),
    ],
)
def test_what_cannot_be_understood_is_refused_in_the_documented_body(send, path, body, status):
    answer = send(path, body)
    assert answer.status_code == status
    if status >= 400:
        assert set(answer.json) == {"error", "detail", "error_code", "field_errors"}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_packed_bodies_are_unpacked(send, encoding):
    packed = PACKERS[encoding](json.dumps({"events": [EVENT]}).encode())
    assert send("/track/batch", packed, Content_Encoding=encoding).json["events_accepted"] == 1


@pytest.mark.parametrize("encoding", PACKERS)
def test_bombs_and_broken_packings_are_refused(send, encoding):
    bomb = PACKERS[encoding](b"[" + b" " * 50_000_000 + b"]")
    assert send("/track/batch", bomb, Content_Encoding=encoding).status_code == 413
    assert send("/track/batch", PACKERS[encoding](b"{}" * 1000)[:-4], Content_Encoding=encoding).status_code == 400
    assert send("/track/batch", b"no such thing", Content_Encoding=encoding).status_code == 400


def test_bodies_too_large_and_of_unknown_kinds_are_refused(send):
    assert send("/track", b" " * (5 * 1024 * 1024 + 1)).status_code == 413
    assert send("/track", EVENT, Content_Type="application/xml").status_code == 415
    assert send("/track", EVENT, Content_Encoding="compress").status_code == 415
    assert send("/track", EVENT, Content_Type="text/plain").status_code == 200


def test_other_pages_may_send_and_ask_first(client):
    answer = client.options("/track", headers={"Origin": "https://shop.test", "Access-Control-Request-Method": "POST"})
    allowed = {name: answer.headers[f"Access-Control-Allow-{name}"] for name in ("Origin", "Methods", "Headers")}
    assert (answer.status_code, allowed) == (
        204,
        {
            "Origin": "*",
            "Methods": "POST, OPTIONS",
            "Headers": "Authorization, Content-Type, Content-Encoding, X-API-Key, X-Request-ID",
        },
    )


def test_a_browser_tells_its_device_and_the_key_may_stand_in_the_address(client, tenant, key):
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Version/17.1 Mobile/15E148 Safari/604.1"
    body = json.dumps({"events": [EVENT]})
    answer = client.post(f"/track/batch?writeKey={key}", data=body, content_type="text/plain", headers={"User-Agent": agent})
    assert answer.status_code == 200
    assert [(row["origin"], row["device_type"]) for row in stored(tenant)] == [("browser", "mobile")]


def test_nobody_may_send_with_a_wrong_key_and_without_one_only_in_development(client, production):
    assert client.post("/track", json=EVENT, headers={"X-API-Key": "ecap_write_nonsense"}).status_code == 401
    assert client.post("/track", json=EVENT, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert production.test_client().post("/track", json=EVENT).status_code == 401
    tenants.demo()
    assert client.post("/track", json=EVENT).status_code == 200


def test_a_token_of_nobody_is_refused(app, client, servers):
    with app.test_request_context():
        nonsense = create_access_token("not-an-account")
    assert client.post("/track", json=EVENT, headers={"Authorization": f"Bearer {nonsense}"}).status_code == 401


def test_a_shop_beyond_its_minute_is_told_to_wait(tenant, key, monkeypatch):
    monkeypatch.setenv("EVENTS_PER_MINUTE", "150")
    settings.current.cache_clear()
    client = create_app(replace(settings.current())).test_client()
    headers = {"X-API-Key": key}
    statuses = [client.post("/track", json=EVENT | {"event_id": str(n)}, headers=headers).status_code for n in range(150)]
    refused = client.post("/track", json=EVENT, headers=headers)
    assert (set(statuses), refused.status_code, refused.json["error_code"]) == ({200}, 429, "RATE_LIMIT_EXCEEDED")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    monkeypatch.delenv("EVENTS_PER_MINUTE")
    settings.current.cache_clear()


def test_a_full_log_is_said_and_nothing_is_half_accepted(send, tenant, monkeypatch):
    monkeypatch.setattr(event_log.current(), "_cap", 0)
    answer = send("/track", EVENT)
    monkeypatch.undo()
    assert (answer.status_code, answer.headers["Retry-After"], answer.json["error_code"]) == (503, "5", "SERVICE_UNAVAILABLE")
    assert stored(tenant) == []


def test_what_was_accepted_is_counted(send, client, tenant):
    send("/track/batch", {"events": [EVENT | {"event_id": str(n)} for n in range(3)] + [{"no": "type"}]})
    text = client.get("/metrics").text
    assert f'events_received_total{{customer_id="{tenant}",event_type="page_view"}} 3.0' in text
    assert f'events_dropped_total{{customer_id="{tenant}",reason="invalid"}} 1.0' in text
    assert f'ingestion_latency_seconds_count{{customer_id="{tenant}"}} 1.0' in text
