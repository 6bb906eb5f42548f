"""Refused events are kept as they came, a bearable number of them."""

from uuid import uuid4

import pytest

from actions import dead_letters
from actions.dead_letters import Refused
from errors import Conflict, NotFound


def put(tenant, *reasons):
    return dead_letters.put(tenant, [Refused(b"\x00\xff", reason, "field") for reason in reasons], origin="browser", request_id="r")


def test_the_newest_stand_first_page_by_page(tenant, other_tenant):
    for reason in "abc":
        put(tenant, reason)
    put(other_tenant, "not ours")
    first, second = dead_letters.newest(tenant, limit=2), dead_letters.newest(tenant, limit=2, offset=2)
    assert ([letter.reason for letter in first.rows], [letter.reason for letter in second.rows], first.total) == (["c", "b"], ["a"], 3)
    assert (first.rows[0].raw, first.rows[0].field, first.rows[0].request_id, first.rows[0].replayed_at) == (
        b"\x00\xff",
        "field",
        "r",
        None,
    )


def test_a_sender_gone_mad_does_not_fill_the_database(tenant, monkeypatch):
    monkeypatch.setattr(dead_letters, "MOST_A_MINUTE", 3)
    assert (put(tenant, "a", "b"), put(tenant, "c", "d"), put(tenant, "e")) == (2, 1, 0)
    assert dead_letters.newest(tenant).total == 3


def test_what_was_sent_again_can_be_left_out_and_not_sent_twice(tenant):
    put(tenant, "a", "b")
    letter = dead_letters.newest(tenant).rows[0]
    dead_letters.note_replayed(tenant, letter.id)
    assert dead_letters.newest(tenant, waiting_only=True).total == 1
    with pytest.raises(Conflict):
        dead_letters.note_replayed(tenant, letter.id)


def test_a_letter_is_thrown_away_once_and_another_shops_is_not_there(tenant, other_tenant):
    put(tenant, "a")
    (letter,) = dead_letters.newest(tenant).rows
    for attempt in (dead_letters.load, dead_letters.discard):
        with pytest.raises(NotFound):
            attempt(other_tenant, letter.id)
    dead_letters.discard(tenant, letter.id)
    with pytest.raises(NotFound):
        dead_letters.load(tenant, letter.id)
    with pytest.raises(NotFound):
        dead_letters.load(tenant, uuid4())


def test_a_huge_event_is_cut(tenant):
    dead_letters.put(tenant, [Refused(b"x" * 100_000, "too large")], origin="browser")
    assert len(dead_letters.newest(tenant).rows[0].raw) == dead_letters.MAX_RAW
