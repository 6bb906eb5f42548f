"""Does everything arrive: today against the usual, rejected, delay, hour by hour."""

from datetime import timedelta

from analytics import arrivals
from analytics.arrivals import Hour
from analytics.scope import Scope
from tests import recorded
from tests.recorded import AT

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
NOW = AT + timedelta(minutes=30)  # Friday, 10:30


def ask(tenant, now=NOW, tz="UTC"):
    return arrivals.run(Scope(tenant, now - 24 * HOUR, now, tz))


def test_an_empty_shop_knows_nothing_and_says_so(tenant):
    answer = ask(tenant)
    assert (answer.today, answer.usual, answer.rejected, answer.rejected_share, answer.delay_s) == (0, None, 0, None, None)
    assert (answer.rejected_share_before, answer.last_event_at, answer.warnings) == (None, None, [])
    assert len(answer.hours) == 24
    assert answer.hours[-1] == Hour(AT, False, {}, {}, None, None)


def test_today_is_compared_with_the_same_hours_of_the_weeks_that_the_shop_was_there(tenant):
    recorded.session(tenant, "a", "b", "c")
    recorded.session(tenant, "a", "b", session="s2", at=AT - WEEK)
    recorded.session(tenant, "later that day", session="s3", at=AT - WEEK + HOUR)
    recorded.session(tenant, "a", session="s4", at=AT - 2 * WEEK - 11 * HOUR)  # a day earlier: its week counts, with no event by now
    answer = ask(tenant)
    assert (answer.today, answer.usual, answer.last_event_at) == (3, 1.0, AT + timedelta(minutes=2))
    assert answer.hours[-1].usual == 1.0


def test_today_begins_at_midnight_of_the_shop(tenant):
    recorded.session(tenant, "before", "after", at=AT.replace(hour=22, minute=59) - timedelta(days=1))
    assert ask(tenant, tz="Europe/Berlin").today == 1
    assert ask(tenant).today == 0


def test_hours_are_split_by_source_and_the_last_is_still_open(tenant):
    recorded.session(tenant, ("a", {"origin": "segment"}), "b", "c")
    recorded.session(tenant, "a", session="s2", at=AT - HOUR)
    recorded.session(tenant, "imported", session="s3", import_id="i1", origin="upload")
    hours = ask(tenant).hours
    assert [(hour.start, hour.complete, hour.by_origin) for hour in hours[-2:]] == [
        (AT - HOUR, True, {"browser": 1}),
        (AT, False, {"browser": 2, "segment": 1}),
    ]
    assert all(hour.by_origin == {} for hour in hours[:-2])


def test_what_was_rejected_is_counted_by_reason_and_compared_with_the_week_before(tenant, other_tenant):
    recorded.session(tenant, "a", "b", "c")
    recorded.rejected(tenant, b"{}", "No visitor and no user")
    recorded.session(tenant, "a", session="s2", at=AT - timedelta(days=2))
    recorded.rejected(tenant, b"{}", "Time cannot be read", at=AT - timedelta(days=2))
    recorded.rejected(other_tenant, b"{}", "theirs")
    answer = ask(tenant)
    assert (answer.rejected, answer.rejected_share, answer.rejected_share_before) == (1, 0.25, 0.5)
    assert answer.hours[-1].rejected == {"No visitor and no user": 1}


def test_the_delay_is_that_of_95_of_100_fresh_events(tenant):
    late = {"received_at": AT + timedelta(seconds=9)}
    for number in range(19):
        recorded.session(tenant, ("a", {"received_at": AT + timedelta(seconds=1.5)}), session=f"s{number}")
    recorded.session(tenant, ("slow", late), session="slow")
    recorded.session(tenant, ("history", {"received_at": AT + 5 * HOUR}), session="history")
    answer = ask(tenant)
    assert (answer.delay_s, answer.hours[-1].delay_s) == (9.0, 9.0)


def test_the_snippet_was_heard_of_where_a_browser_sent_last(tenant):
    assert arrivals.snippet(tenant, NOW) is None
    recorded.session(tenant, ("a", {"page_url": "https://shop.example/x"}), ("b", {"origin": "server"}))
    assert arrivals.snippet(tenant, NOW) == (AT, "shop.example")
    assert arrivals.snippet(tenant, NOW + timedelta(days=1)) is None
