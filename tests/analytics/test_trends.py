"""Metrics by hour, day, week and month in the shop's zone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from analytics import calendar, trends
from analytics.scope import Scope, days
from errors import Invalid
from tests import recorded

BERLIN = "Europe/Berlin"


def at(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_days_are_the_shops_also_where_the_clock_changes_and_none_is_missing(tenant, session_of):
    session_of("page_view", at=at(2025, 3, 29, 22, 59))  # 23:59 on the 29th
    session_of("page_view", at=at(2025, 3, 29, 23, 0))  # 00:00 on the 30th, which has 23 hours
    session_of("purchase", at=at(2025, 3, 30, 21, 59))  # 23:59 on the 30th
    recorded.order(tenant, "o1", at=at(2025, 3, 30, 21, 59), gross="12.50", day=date(2025, 3, 30))
    recorded.order(tenant, "o2", at=at(2025, 3, 30, 22, 0), gross="3", day=date(2025, 3, 31))

    points = trends.run(days(tenant, date(2025, 3, 29), date(2025, 4, 1), tz=BERLIN), "day")

    assert [(p.label_day, p.start, p.end, p.complete) for p in points] == [
        (date(2025, 3, 29), at(2025, 3, 28, 23), at(2025, 3, 29, 23), True),
        (date(2025, 3, 30), at(2025, 3, 29, 23), at(2025, 3, 30, 22), True),
        (date(2025, 3, 31), at(2025, 3, 30, 22), at(2025, 3, 31, 22), True),
        (date(2025, 4, 1), at(2025, 3, 31, 22), at(2025, 4, 1, 22), True),
    ]
    values = [p.values for p in points]
    assert [(v.sessions, v.visitors, v.conversion, v.orders, v.net_revenue) for v in values] == [
        (1, 1, 0.0, 0, Decimal(0)),
        (2, 2, 0.5, 1, Decimal("12.50")),
        (0, 0, None, 1, Decimal(3)),
        (0, 0, None, 0, Decimal(0)),
    ]


def test_hours_of_a_day_with_25_of_them(tenant, session_of):
    session_of("page_view", at=at(2025, 10, 26, 0, 30))  # 02:30 summer time
    session_of("page_view", at=at(2025, 10, 26, 1, 30))  # 02:30 winter time
    session_of("page_view", at=at(2025, 10, 26, 1, 59))

    points = trends.run(days(tenant, date(2025, 10, 26), date(2025, 10, 26), tz=BERLIN), "hour")

    assert len(points) == 25
    assert {p.start: p.values.sessions for p in points if p.values.sessions} == {at(2025, 10, 26, 0): 1, at(2025, 10, 26, 1): 2}


def test_hours_begin_at_the_half_in_india(tenant, session_of):
    session_of("page_view", at=at(2025, 1, 10, 12, 29))
    session_of("page_view", at=at(2025, 1, 10, 12, 30))
    scope = Scope(tenant, at(2025, 1, 10, 11, 30), at(2025, 1, 10, 13, 30), "Asia/Kolkata")

    assert [(p.start, p.values.sessions) for p in trends.run(scope, "hour")] == [(at(2025, 1, 10, 11, 30), 1), (at(2025, 1, 10, 12, 30), 1)]


def test_weeks_begin_on_monday_and_are_cut_at_the_ends_of_the_period(tenant, session_of):
    session_of("page_view", at=at(2025, 1, 12, 23))  # Sunday
    session_of("page_view", at=at(2025, 1, 13, 1))  # Monday

    points = trends.run(days(tenant, date(2025, 1, 8), date(2025, 1, 19)), "week")

    assert [(p.label_day, p.start, p.end, p.complete, p.values.sessions) for p in points] == [
        (date(2025, 1, 6), at(2025, 1, 8), at(2025, 1, 13), False, 1),
        (date(2025, 1, 13), at(2025, 1, 13), at(2025, 1, 20), True, 1),
    ]


def test_months_have_their_own_lengths(tenant, session_of):
    session_of("page_view", at=at(2024, 2, 29, 12))

    points = trends.run(days(tenant, date(2024, 1, 1), date(2024, 3, 31)), "month")

    assert [(p.label_day, p.values.sessions) for p in points] == [(date(2024, 1, 1), 0), (date(2024, 2, 1), 1), (date(2024, 3, 1), 0)]


def test_a_bucket_that_is_not_over_is_not_complete(tenant, monkeypatch):
    class Noon(datetime):
        @classmethod
        def now(cls, tz=None):
            return at(2025, 1, 10, 12)

    monkeypatch.setattr(calendar, "datetime", Noon)

    points = trends.run(days(tenant, date(2025, 1, 9), date(2025, 1, 11)), "day")

    assert [p.complete for p in points] == [True, False, False]


def test_bots_and_filters_hold_for_trends(session_of, scope):
    session_of("page_view", bot=True)

    assert sum(p.values.sessions for p in trends.run(scope, "month")) == 0
    assert sum(p.values.sessions for p in trends.run(replace(scope, bots=True), "month")) == 1


def test_an_unknown_granularity_and_too_fine_a_one_are_refused(tenant):
    with pytest.raises(Invalid, match="hour, day, week, month"):
        trends.run(days(tenant, date(2025, 1, 1), date(2025, 1, 1)), "fortnight")
    with pytest.raises(Invalid, match="more than 5,000 parts"):
        trends.run(days(tenant, date(2020, 1, 1), date(2025, 1, 1)), "hour")
