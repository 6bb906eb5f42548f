"""Sessions of events that name none, by time, whatever order they come in and however many there are."""

import random

from actions import upload_sessions
from actions.event_schema import Event
from actions.upload_sessions import GAP_MS, Sessions
from stores import files


def event(visitor: str, at: int, seq: int = 0) -> Event:
    return Event(event_id=bytes(16), event_type="x", visitor_id=visitor, session_id="", seq=seq, timestamp=at)


def made(events: list[Event], times: int = 1) -> list[tuple]:
    with files.scratch() as folder:
        sessions = Sessions("t1", folder)
        for start in range(0, len(events), max(1, len(events) // times)):
            sessions.add(events[start : start + max(1, len(events) // times)])
        return [(found.visitor_id, found.timestamp, found.seq, found.session_id) for found in sessions.sorted()]


def test_thirty_minutes_are_still_the_same_session_and_a_moment_more_is_the_next():
    found = made([event("v1", 0), event("v1", GAP_MS), event("v1", 2 * GAP_MS + 1), event("v2", 0)])

    ids = [session for *_rest, session in found]
    assert [row[:2] for row in found] == [("v1", 0), ("v1", GAP_MS), ("v1", 2 * GAP_MS + 1), ("v2", 0)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_any_order_and_any_number_of_runs_on_disk_gives_the_same(monkeypatch):
    events = [(f"v{n % 7}", n * GAP_MS // 3, n) for n in range(500)]
    expected = made([event(*values) for values in events])
    random.Random(5).shuffle(events)
    monkeypatch.setattr(upload_sessions, "RUN", 40)

    assert made([event(*values) for values in events], times=20) == expected


def test_events_come_back_in_batches():
    with files.scratch() as folder:
        sessions = Sessions("t1", folder)
        sessions.add([event("v1", n) for n in range(5)])

        assert [len(batch) for batch in sessions.batches(2)] == [2, 2, 1]
