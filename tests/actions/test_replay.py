"""A dead letter that is mended is counted once."""

import json

import pytest

from actions import dead_letters, replay
from actions.dead_letters import Refused
from errors import Conflict, Invalid
from jobs import ingest as consumer
from stores import clickhouse

WHOLE = {"event_type": "page_view", "visitor_id": "v1", "session_id": "s1"}


def letter(tenant, raw: bytes, origin="browser"):
    dead_letters.put(tenant, [Refused(raw, "was refused")], origin=origin)
    return dead_letters.newest(tenant, limit=1).rows[0]


def stored(tenant) -> list[tuple]:
    consumer.drain()
    rows = clickhouse.query(
        "SELECT event_type, visitor_id, received_at FROM events_raw FINAL WHERE customer_id = {t:String}", {"t": tenant}
    )
    return [(row["event_type"], row["visitor_id"]) for row in rows]


def test_a_mended_letter_is_stored_and_noted(tenant):
    found = letter(tenant, b'{"visitor_id": "v1"}')
    assert replay.replay(tenant, found.id, mended=WHOLE).replayed_at is not None
    assert stored(tenant) == [("page_view", "v1")]
    with pytest.raises(Conflict):
        replay.replay(tenant, found.id, mended=WHOLE)


def test_an_attempt_that_broke_off_is_counted_once(tenant, monkeypatch):
    found = letter(tenant, json.dumps(WHOLE).encode())
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(dead_letters, "note_replayed", lambda *_: 1 / 0)
        replay.replay(tenant, found.id)
    replay.replay(tenant, found.id)
    assert stored(tenant) == [("page_view", "v1")]


def test_what_is_still_wrong_is_said(tenant):
    found = letter(tenant, b'{"visitor_id": "v1"}')
    with pytest.raises(Invalid) as refusal:
        replay.replay(tenant, found.id)
    assert (refusal.value.message, refusal.value.fields) == ("event_type is missing.", {"event_type": ["event_type is missing."]})
    assert dead_letters.load(tenant, found.id).replayed_at is None


def test_a_message_of_segment_is_read_as_one(tenant):
    replay.replay(tenant, letter(tenant, b'{"type": "track", "event": "x", "userId": "u"}', origin="segment").id)
    assert stored(tenant) == [("x", "user:u")]
