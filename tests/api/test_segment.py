"""Segment's API: its own Python library, changed in its host only, and what browsers send."""

import json
import threading

import pytest
from segment.analytics.client import Client as Segment
from werkzeug.serving import make_server

from actions import keys
from jobs import ingest as consumer
from stores import clickhouse

STORED_SQL = """
SELECT event_type, event, event_name, visitor_id, user_id, origin FROM events_raw FINAL WHERE customer_id = {t:String}
ORDER BY timestamp, event_type"""


@pytest.fixture
def key(tenant) -> str:
    return keys.replace_write_key(tenant)


@pytest.fixture
def host(app):
    """The address of the application on a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def stored(tenant) -> list[tuple]:
    consumer.drain()
    return [tuple(row.values()) for row in clickhouse.query(STORED_SQL, {"t": tenant})]


@pytest.mark.parametrize("is_packed", [False, True])
def test_segments_library_works_by_changing_its_host(host, key, tenant, is_packed):
    failed = []
    library = Segment(key, host=host, gzip=is_packed, on_error=lambda *problem: failed.append(problem), max_retries=1)
    library.track(user_id="ann", event="Order Completed", properties={"order_id": "o1", "total": 5})
    library.page(anonymous_id="a1", name="Home", properties={"url": "https://shop.test/"})
    library.screen(user_id="ann", name="Cart")
    library.identify(user_id="ann", anonymous_id="a1", traits={"email": "ann@x.test"})
    library.group(user_id="ann", group_id="g1")
    library.alias(previous_id="a2", user_id="ann")
    library.flush()
    library.shutdown()
    assert failed == []
    assert sorted(stored(tenant)) == [
        ("Order Completed", "purchase", "Order Completed", "user:ann", "ann", "segment"),
        ("alias", "alias", "", "a2", "ann", "segment"),
        ("group", "group", "", "user:ann", "ann", "segment"),
        ("identify", "identify", "", "a1", "ann", "segment"),
        ("page_view", "page_view", "Home", "a1", "", "segment"),
        ("screen_view", "page_view", "Cart", "user:ann", "ann", "segment"),
    ]


@pytest.mark.parametrize("path", ["/v1/t", "/v1/track"])
def test_analytics_js_sends_its_key_in_a_plain_body(client, key, tenant, path):
    body = {"writeKey": key, "type": "track", "event": "Product Added", "anonymousId": "a", "messageId": "m1"}
    answer = client.post(path, data=json.dumps(body), content_type="text/plain", headers={"Origin": "https://shop.test"})
    assert (answer.status_code, answer.json) == (200, {"success": True})
    assert stored(tenant) == [("Product Added", "add_to_cart", "Product Added", "a", "", "segment")]


def test_a_batch_keeps_the_good_ones_and_says_what_was_wrong(client, key, tenant):
    messages = [{"type": "track", "event": "x", "userId": "u"}, {"type": "nope", "userId": "u"}]
    answer = client.post("/v1/batch", json={"batch": messages}, auth=(key, ""))
    assert (answer.status_code, answer.json["events_rejected"], answer.json["results"][1]) == (
        200,
        1,
        {"index": 1, "accepted": False, "reason": "type is one of track, page, screen, identify, group, alias.", "field": "type"},
    )
    assert len(stored(tenant)) == 1


def test_a_single_message_that_is_wrong_is_refused(client, key):
    assert client.post("/v1/track", json={"userId": "u"}, auth=(key, "")).status_code == 400
    assert client.post("/v1/batch", json={"batch": 5}, auth=(key, "")).status_code == 400


def test_a_wrong_write_key_is_refused(client):
    assert client.post("/v1/track", json={"userId": "u", "event": "x"}, auth=("ecap_write_nonsense", "")).status_code == 401
    assert client.post("/v1/t", json={"userId": "u", "event": "x", "writeKey": "nonsense"}).status_code == 401
