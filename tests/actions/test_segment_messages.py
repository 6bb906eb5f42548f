"""Segment's messages as events."""

import json

import pytest

from actions import segment_messages
from actions.dead_letters import Refused


def read(message: dict, type: str = ""):
    return segment_messages.read("shop", json.dumps(message).encode(), 0, None, type=type)


def facts(message: dict, type: str = "") -> tuple:
    event = read(message, type)
    return event.event_type, event.event_name, event.visitor_id, event.user_id, json.loads(event.properties)


def test_track_is_an_event_of_its_name():
    message = {"type": "track", "event": "Order Completed", "anonymousId": "a", "userId": "u", "properties": {"total": 5}}
    assert facts(message) == ("Order Completed", "Order Completed", "a", "u", {"total": 5})


def test_page_and_screen_are_views():
    page = {"name": "Home", "anonymousId": "a", "properties": {"url": "https://x.test/", "title": "X", "referrer": "https://y.test/"}}
    event = read(page, "page")
    assert (event.event_type, event.event_name, event.page_url, event.page_title, event.referrer) == (
        "page_view",
        "Home",
        "https://x.test/",
        "X",
        "https://y.test/",
    )
    assert facts({"type": "screen", "name": "Cart", "userId": "u"})[:4] == ("screen_view", "Cart", "user:u", "u")


def test_identify_brings_traits_and_group_its_id():
    assert facts({"type": "identify", "userId": "u", "anonymousId": "a", "traits": {"email": "e"}}) == (
        "identify",
        "",
        "a",
        "u",
        {"email": "e"},
    )
    assert facts({"type": "group", "userId": "u", "groupId": "g", "traits": {"n": 1}}) == (
        "group",
        "",
        "user:u",
        "u",
        {"n": 1, "group_id": "g"},
    )


def test_alias_links_the_earlier_browser_to_the_user():
    assert facts({"type": "alias", "previousId": "a", "userId": "u"}) == ("alias", "", "a", "u", {})


def test_the_context_counts():
    event = read({"type": "track", "event": "x", "anonymousId": "a", "context": {"page": {"url": "https://x.test/p"}, "timezone": "UTC"}})
    assert (event.page_url, event.time_zone) == ("https://x.test/p", "UTC")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"type": "nope", "userId": "u"}, ("type is one of track, page, screen, identify, group, alias.", "type")),
        ({"type": "track", "userId": "u"}, ("event is missing.", "event")),
        ({"type": "page"}, ("The message names neither an anonymousId nor a userId.", "anonymousId")),
        ({"type": "track", "event": "x\0", "userId": "u"}, ("An id or name contains the character NUL.", "anonymousId")),
        ({"type": "track", "event": 5, "userId": "u"}, ("event: Expected `str | null`, got `int`.", "event")),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(message, expected):
    refused = read(message)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.field) == expected
