"""The newest arrivals, stored and rejected, and how each was read."""

import json
from uuid import uuid4

import pytest

from analytics import debugger
from errors import NotFound
from tests import recorded
from tests.recorded import AT, MINUTE


def test_stored_and_rejected_stand_together_newest_first(tenant, other_tenant):
    stored = recorded.session(tenant, "page_view", ("purchase", {"event_type": "Order Completed"}))
    refused = recorded.rejected(tenant, b'{"event_type": "x"}', "No visitor and no user", at=AT + MINUTE / 2)
    recorded.session(other_tenant, "theirs")
    recorded.rejected(other_tenant, b"{}", "theirs")

    def keys(kind):
        return [(arrival.key, arrival.verdict, arrival.note) for arrival in debugger.newest(tenant, kind)]

    purchase, view = (f"event:{stored[1]}", "warning", "no_amount"), (f"event:{stored[0]}", "accepted", None)
    letter = (f"rejected:{refused}", "rejected", "No visitor and no user")
    assert keys("all") == [purchase, letter, view]
    assert keys("warning") == [purchase]
    assert keys("rejected") == [letter]
    assert [arrival.key for arrival in debugger.newest(tenant, limit=1)] == [purchase[0]]


def test_an_arrival_says_how_it_was_read_and_who_it_is(tenant):
    recorded.customer(tenant, "u1", "Ada Berg")
    first, _ = recorded.session(
        tenant,
        ("view_item", {"event_type": "Product Viewed", "page_url": "https://shop.example/p/1?a=b", "properties": '{"price": 5}'}),
        ("login", {"user_id": "u1"}),
    )
    found = debugger.one(tenant, f"event:{first}")
    assert (found.sent, found.event, found.page_path, found.origin) == ("Product Viewed", "view_item", "/p/1", "browser")
    assert (found.user_id, found.person, found.person_name) == (None, "u1", "Ada Berg")
    assert json.loads(found.raw) == {
        "event_id": first,
        "event_type": "Product Viewed",
        "visitor_id": "v1",
        "session_id": "s1",
        "page_url": "https://shop.example/p/1?a=b",
        "timestamp": "2025-01-10T10:00:00+00:00",
        "properties": {"price": 5},
    }


def test_a_rejected_one_shows_what_came_even_if_it_is_no_json(tenant):
    key = recorded.rejected(tenant, b"\xff{broken", "This is not JSON", field="body")
    found = debugger.one(tenant, f"rejected:{key}")
    assert (found.raw, found.sent, found.field, found.note) == ("\ufffd{broken", None, "body", "This is not JSON")


def test_what_is_gone_unknown_or_of_another_shop_is_not_found(tenant, other_tenant):
    [theirs] = recorded.session(other_tenant, "page_view")
    letter = recorded.rejected(other_tenant, b"{}", "theirs")
    for key in (f"event:{theirs}", f"rejected:{letter}", f"event:{uuid4()}", "event:nothing", "rejected:nothing", ""):
        with pytest.raises(NotFound):
            debugger.one(tenant, key)
