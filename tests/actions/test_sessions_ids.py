"""Thirty minutes without an event end a session."""

import redis

from actions import sessions_ids
from stores import redis as store

MINUTE = 60_000


def test_events_within_thirty_minutes_are_one_session(tenant):
    first, second = sessions_ids.assign(tenant, [("v", 0), ("v", 29 * MINUTE)])
    (third,) = sessions_ids.assign(tenant, [("v", 58 * MINUTE)])
    (fourth,) = sessions_ids.assign(tenant, [("v", 88 * MINUTE)])
    assert first == second == third != fourth


def test_a_pause_inside_a_request_begins_another(tenant):
    first, second, third = sessions_ids.assign(tenant, [("v", 0), ("v", 40 * MINUTE), ("v", 41 * MINUTE)])
    assert first != second == third


def test_visitors_and_shops_have_sessions_of_their_own(tenant, other_tenant):
    found = sessions_ids.assign(tenant, [("v", 0), ("w", 0)]) + sessions_ids.assign(other_tenant, [("v", 0)])
    assert len(set(found)) == 3


def test_a_latecomer_does_not_end_what_goes_on(tenant):
    (now,) = sessions_ids.assign(tenant, [("v", 100 * MINUTE)])
    (late,) = sessions_ids.assign(tenant, [("v", 0)])
    (just_before,) = sessions_ids.assign(tenant, [("v", 80 * MINUTE)])
    (after,) = sessions_ids.assign(tenant, [("v", 101 * MINUTE)])
    assert (late != now, just_before, after) == (True, now, now)


def test_nothing_asked_is_nothing_answered(tenant):
    assert sessions_ids.assign(tenant, []) == []


def test_a_lost_store_begins_a_new_session(tenant):
    (before,) = sessions_ids.assign(tenant, [("v", 0)])
    for key in store.connection().scan_iter(f"session:{tenant}:*"):
        store.connection().delete(key)
    assert sessions_ids.assign(tenant, [("v", MINUTE)]) != [before]


def test_without_the_store_a_visitor_has_one_session_in_the_request(tenant, monkeypatch, tmp_path):
    nowhere = redis.Redis.from_url(f"unix://{tmp_path}/nobody.sock")
    monkeypatch.setattr(store, "connection", lambda: nowhere)
    first, second, other = sessions_ids.assign(tenant, [("v", 0), ("v", MINUTE), ("w", 0)])
    assert first == second != other
