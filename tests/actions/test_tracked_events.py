"""An event as senders write it: what is taken, what is refused and in which words."""

import json

import pytest

from actions import tracked_events
from actions.dead_letters import Refused
from actions.event_schema import Event, event_uuid, is_new

WHOLE = {
    "customer_id": "shop",
    "visitor_id": "visitor_123",
    "user_id": "user_456",
    "session_id": "session_789",
    "event_id": "e-1",
    "event_type": "page_view",
    "event_name": "Homepage View",
    "properties": {"page": "/", "title": "Home"},
    "page_url": "https://example.com/",
    "page_title": "Home",
    "referrer": "https://google.com",
    "timestamp": "2025-01-10T12:00:00Z",
    "time_zone": "Europe/Berlin",
    "something_new": [1, 2],
}


def read(told, *, sent_at=None):
    raw = told if isinstance(told, bytes) else json.dumps(told).encode()
    return tracked_events.read("shop", raw, 7, sent_at)


def reason(told) -> tuple[str, str | None]:
    refused = read(told)
    assert isinstance(refused, Refused), refused
    return refused.reason, refused.field


def test_everything_that_is_told_is_kept():
    assert read(WHOLE, sent_at=5) == Event(
        event_id=event_uuid("shop", "e-1"),
        event_type="page_view",
        visitor_id="visitor_123",
        session_id="session_789",
        seq=7,
        timestamp=1_736_510_400_000,
        sent_at=5,
        user_id="user_456",
        event_name="Homepage View",
        page_url="https://example.com/",
        page_title="Home",
        referrer="https://google.com",
        properties='{"page":"/","title":"Home"}',
        time_zone="Europe/Berlin",
    )


def test_the_least_is_a_type_and_somebody():
    event = read({"event_type": "click", "visitor_id": 12})
    assert (event.visitor_id, event.session_id, event.timestamp, event.properties, is_new(event.event_id)) == ("12", "", None, "{}", True)


def test_without_a_browser_the_user_stands_for_it():
    assert read({"event_type": "click", "user_id": "ann"}).visitor_id == "user:ann"


def test_an_events_own_sent_at_counts_before_the_batchs():
    event = read({"event_type": "a", "visitor_id": "v", "sent_at": 1_736_510_400}, sent_at=5)
    assert event.sent_at == 1_736_510_400_000


def test_a_time_nobody_can_read_is_said_and_the_event_kept():
    event = read({"event_type": "a", "visitor_id": "v", "timestamp": "yesterday"})
    assert (event.timestamp, event.time_flag) == (None, "unreadable")


def test_a_context_fills_what_the_event_does_not_say():
    context = {
        "page": {"url": "https://x.test/a", "title": "A", "referrer": "https://bing.com/"},
        "campaign": {"source": "news", "medium": "email", "name": "may"},
        "userAgent": "Mozilla/5.0",
        "timezone": "Asia/Tokyo",
        "location": {"country": "JP"},
        "device": {"type": "ios"},
        "sessionId": 1234567,
    }
    event = read({"event_type": "a", "visitor_id": "v", "page_title": "mine", "context": context})
    assert (event.page_url, event.page_title, event.source, event.medium, event.campaign) == (
        "https://x.test/a",
        "mine",
        "news",
        "email",
        "may",
    )
    assert (event.user_agent, event.time_zone, event.country, event.device_type, event.session_id) == (
        "Mozilla/5.0",
        "Asia/Tokyo",
        "JP",
        "ios",
        "1234567",
    )


def test_a_context_of_nonsense_does_no_harm():
    assert isinstance(read({"event_type": "a", "visitor_id": "v", "context": {"page": 5, "campaign": ["x"], "userAgent": {}}}), Event)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"visitor_id": "v"}, ("event_type is missing.", "event_type")),
        ({"event_type": "", "visitor_id": "v"}, ("event_type: Expected `str` of length >= 1.", "event_type")),
        ({"event_type": "a" * 201, "visitor_id": "v"}, ("event_type: Expected `str` of length <= 200.", "event_type")),
        ({"event_type": "a"}, ("The event names neither a visitor_id nor a user_id.", "visitor_id")),
        ({"event_type": "a", "visitor_id": True}, ("visitor_id: Expected `int | str | null`, got `bool`.", "visitor_id")),
        ({"event_type": "a", "visitor_id": "v\0"}, ("An id or name contains the character NUL.", "visitor_id")),
        ({"event_type": "a", "visitor_id": "v", "properties": []}, ("properties: Expected `object | null`, got `array`.", "properties")),
        (
            {"event_type": "a", "visitor_id": "v", "customer_id": "other"},
            ("customer_id names another shop than your credentials belong to.", "customer_id"),
        ),
        (b'{"event_type":"a","visitor_id":"v","properties":{"x":NaN}}', ("The event is not JSON: invalid character (byte 53).", None)),
        (
            b'{"event_type":"a","visitor_id":"v","properties":{"x":1e400}}',
            ("properties[...]: Number out of range.", "properties[...]"),
        ),
        (b'{"event_type":"a","visitor_id":"v","properties":{"x":"\\ud800"}}', ("The event is not JSON: Input data was truncated.", None)),
        (b'{"event_type":"a\xff","visitor_id":"v"}', ("The event is not UTF-8.", None)),
        (b'"text"', ("The event: Expected `object`, got `str`.", None)),
        (b"", ("The event is not JSON: Input data was truncated.", None)),
        (
            b'{"event_type":"a","visitor_id":"v","properties":{"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}}",
            ("The event is nested more than 20 deep.", None),
        ),
        (
            b'{"event_type":"a","visitor_id":"v","properties":{"x":' + b"9" * 5_000 + b"}}",
            ("properties[...]: Integer value out of range.", "properties[...]"),
        ),
        (
            {"event_type": "a", "visitor_id": "v", "properties": {f"k{n}": 1 for n in range(1_001)}},
            ("The event has more than 1,000 keys.", "properties"),
        ),
        (
            {"event_type": "a", "visitor_id": "v", "properties": {"x": "y" * 65_536}},
            ("The event has 65,599 bytes; 65,536 are the most.", None),
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(told, expected):
    assert reason(told) == expected


def test_nul_inside_properties_and_keys_given_twice_are_taken():
    raw = b'{"event_type":"a","visitor_id":"v","properties":{"x":"\\u0000","y":1,"y":2}}'
    assert read(raw).properties == '{"x":"\\u0000","y":2}'
