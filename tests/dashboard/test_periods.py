"""Which days does a period's name mean, and with which are they compared?"""

from datetime import UTC, date, datetime

import pytest

from dashboard import periods

TODAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("28d", date(2026, 10, 23)),
        ("7d", date(2026, 11, 13)),
        ("today", date(2026, 11, 19)),
        ("mtd", date(2026, 11, 1)),
        ("qtd", date(2026, 10, 1)),
        ("12m", date(2025, 11, 20)),
    ],
)
def test_named_periods_end_today(period, first):
    assert periods.days(period, TODAY) == (first, TODAY)


def test_every_named_period_has_days():
    assert all(periods.days(period, TODAY)[1] == TODAY for period in periods.NAMES)


def test_the_earlier_period_has_as_many_days_just_before():
    assert periods.earlier(date(2026, 11, 13), date(2026, 11, 19), "previous", None) == date(2026, 11, 6)


def test_a_year_earlier_is_the_same_day_and_the_28th_for_a_leap_day():
    assert periods.earlier(date(2024, 2, 29), date(2024, 3, 1), "year", None) == date(2023, 2, 28)


def test_chosen_days_win():
    assert periods.earlier(date(2026, 11, 13), date(2026, 11, 19), "year", date(2026, 5, 1)) == date(2026, 5, 1)


def test_a_period_that_is_over_is_compared_whole():
    now = datetime(2026, 12, 1, tzinfo=UTC)
    compared = periods.comparison(date(2026, 11, 13), date(2026, 11, 19), date(2026, 11, 6), "UTC", now)
    assert compared == (datetime(2026, 11, 6, tzinfo=UTC), datetime(2026, 11, 13, tzinfo=UTC))


def test_a_period_that_runs_is_compared_up_to_the_same_hour():
    now = datetime(2026, 11, 19, 13, 32, tzinfo=UTC)
    compared = periods.comparison(date(2026, 11, 13), date(2026, 11, 19), date(2026, 11, 6), "Europe/Berlin", now)
    assert compared == (datetime(2026, 11, 5, 23, tzinfo=UTC), datetime(2026, 11, 12, 13, 32, tzinfo=UTC))


def test_the_same_hour_is_that_of_the_clock_on_the_wall_across_summer_time():
    now = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)  # 10:00 in Berlin, summer time since 29 March
    compared = periods.comparison(date(2026, 3, 26), date(2026, 4, 1), date(2026, 3, 19), "Europe/Berlin", now)
    assert compared[1] == datetime(2026, 3, 25, 9, 0, tzinfo=UTC)  # 10:00 in winter time
