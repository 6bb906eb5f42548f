"""Which days does a period's name mean, and with which days are they compared?"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from analytics.scope import midnight

NAMES = {
    "28d": "Last 28 days",
    "7d": "Last 7 days",
    "today": "Today",
    "mtd": "This month",
    "qtd": "This quarter",
    "12m": "Last 12 months",
}
COMPARISONS = {"previous": "vs previous period", "year": "vs same days last year", "none": "No comparison"}


def days(period: str, today: date) -> tuple[date, date]:
    """The first and the last day of a named period, both included; today is its last."""
    if period == "today":
        return today, today
    if period == "mtd":
        return today.replace(day=1), today
    if period == "qtd":
        return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today
    if period == "12m":
        return a_year_before(today) + timedelta(days=1), today
    return today - timedelta(days=int(period.rstrip("d")) - 1), today


def earlier(first: date, last: date, compare: str, compare_from: date | None) -> date:
    """The first day of the comparison: a chosen one, the same day last year, or as many days before `first`."""
    if compare_from:
        return compare_from
    if compare == "year":
        return a_year_before(first)
    return first - (last - first) - timedelta(days=1)


def comparison(first: date, last: date, start: date, tz: str, now: datetime) -> tuple[datetime, datetime]:
    """The instants that are compared with `first` to `last`: as many days from `start`.

    A period that is not over yet is compared up to the same day and hour, or the earlier one would always win.
    """
    end = midnight(start + (last - first) + timedelta(days=1), tz)
    if now < midnight(last + timedelta(days=1), tz) and now > midnight(first, tz):
        local = now.astimezone(ZoneInfo(tz))
        same_day = start + (local.date() - first)
        end = datetime.combine(same_day, time(local.hour, local.minute, local.second), ZoneInfo(tz)).astimezone(UTC)
    return midnight(start, tz), end


def a_year_before(day: date) -> date:
    """The same day a year earlier; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
