"""Live events come at their time, and guests come as many as the day allows."""

from datetime import UTC, datetime, timedelta

import pytest

from demo import marks, simulate, trickle
from demo.plan import Plan, shop_day
from jobs import ingest
from stores import clickhouse

NOW = datetime.now(UTC)
TODAY = shop_day(NOW)


@pytest.fixture
def stream(tenant) -> trickle.Stream:
    """The live events of a shop that has everything up to an hour ago."""
    marks.set_anchor(tenant, TODAY)
    marks.set_until(tenant, NOW - timedelta(hours=1))
    return trickle.Stream(tenant)


COUNT_SQL = """
SELECT count() AS n, max(timestamp) AS last, max(received_at) AS received, max(dateDiff('millisecond', timestamp, received_at)) AS delay_ms
FROM events_raw WHERE customer_id = {tenant:String} AND timestamp > now() - 3000"""
ALL_SQL = "SELECT count() AS n FROM events_raw WHERE customer_id = {tenant:String}"


def test_the_first_tick_closes_the_gap_and_shows_who_is_in_the_shop(stream):
    planned = [event for day in simulate.events(Plan(TODAY), NOW - timedelta(hours=1), NOW) for event in day]
    sent = stream.tick(NOW, 1.0)
    assert sent > len(planned) + 10  # the guests of the last ten minutes
    ingest.drain()
    [stored] = clickhouse.query(COUNT_SQL, {"tenant": stream.tenant})
    assert clickhouse.query(ALL_SQL, {"tenant": stream.tenant})[0]["n"] == sent
    assert stored["last"] <= stored["received"] <= NOW
    assert stored["delay_ms"] < 5_000


def test_events_are_sent_once_and_in_time(stream):
    total = sum(stream.tick(NOW + timedelta(seconds=second), 1.0) for second in range(0, 600, 20))
    assert stream.waiting
    assert min(waiting[0] for waiting in stream.waiting) >= (NOW + timedelta(seconds=580)).timestamp() * 1000
    ingest.drain()
    assert clickhouse.query(ALL_SQL, {"tenant": stream.tenant})[0]["n"] == total
    assert marks.read(stream.tenant).until > NOW + timedelta(seconds=500)


def test_a_showing_has_the_rate_that_was_asked_for(tenant):
    marks.set_anchor(tenant, TODAY)
    marks.set_until(tenant, NOW)
    stream = trickle.Stream(tenant, rate=20)
    sent = sum(stream.tick(NOW + timedelta(seconds=second), 10.0) for second in range(0, 600, 10))
    assert 20 * 600 * 0.6 < sent < 20 * 600 * 2.2  # those who were there at the opening are sent at once


def test_guests_get_fewer_as_the_days_allowance_is_used_up():
    evening = datetime(2026, 6, 30, 19, tzinfo=UTC)
    full, half, none = (trickle.guest_rate(sent, evening) for sent in (0, trickle.GUEST_EVENTS_A_DAY // 2, trickle.GUEST_EVENTS_A_DAY))
    assert 0.4 < full < 1
    assert half == full / 2
    assert none == 0
    assert trickle.guest_rate(0, datetime(2026, 6, 30, 2, tzinfo=UTC)) < full / 2


def test_a_new_day_has_a_new_allowance(stream):
    stream.guests = trickle.GUEST_EVENTS_A_DAY
    stream.tick(NOW + timedelta(days=1), 1.0)
    assert stream.day == TODAY + timedelta(days=1)
    assert stream.guests < trickle.GUEST_EVENTS_A_DAY / 2


def test_a_restart_does_not_forget_how_many_guests_came_today(stream):
    assert trickle.Stream(stream.tenant).guests > stream.guests > 100
