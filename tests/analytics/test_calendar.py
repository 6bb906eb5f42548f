"""Where hours, days, weeks and months begin."""

from datetime import UTC, date, datetime

from analytics import calendar
from analytics.scope import Scope, days


def test_a_week_begins_on_monday_and_a_month_on_its_first():
    assert calendar.first_day(date(2025, 1, 12), "week") == date(2025, 1, 6)
    assert calendar.first_day(date(2025, 1, 13), "week") == date(2025, 1, 13)
    assert calendar.first_day(date(2024, 2, 29), "month") == date(2024, 2, 1)
    assert calendar.first_day(date(2024, 2, 29), "day") == date(2024, 2, 29)


def test_a_day_has_23_24_or_25_hours():
    def hours(day: date) -> int:
        return len(calendar.buckets(days("shop", day, day, tz="Europe/Berlin"), "hour"))

    assert [hours(day) for day in (date(2025, 3, 30), date(2025, 3, 31), date(2025, 10, 26))] == [23, 24, 25]


def test_buckets_follow_each_other_without_gaps_and_are_cut_to_the_period():
    start, end = datetime(2025, 1, 31, 12, tzinfo=UTC), datetime(2025, 3, 1, 6, tzinfo=UTC)

    found = calendar.buckets(Scope("shop", start, end), "month")

    assert [(b.label_day, b.start, b.end, b.complete) for b in found] == [
        (date(2025, 1, 1), start, datetime(2025, 2, 1, tzinfo=UTC), False),
        (date(2025, 2, 1), datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC), True),
        (date(2025, 3, 1), datetime(2025, 3, 1, tzinfo=UTC), end, False),
    ]
