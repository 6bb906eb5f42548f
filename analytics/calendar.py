"""Where hours, days, weeks and months begin in a shop's time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from analytics.scope import Scope, midnight
from errors import Invalid
from stores.clickhouse import Sql

Granularity = Literal["hour", "day", "week", "month"]
MOST_BUCKETS = 5_000

# The key of a bucket, by which rows meet it: the beginning of the hour as Unix time, or the first day as days since 1970.
KEYS = {
    "hour": Sql("toInt64(toUnixTimestamp(toStartOfHour($time, {tz:String})))"),
    "day": Sql("toInt64(toDate($time, {tz:String}))"),
    "week": Sql("toInt64(toMonday(toDate($time, {tz:String})))"),
    "month": Sql("toInt64(toStartOfMonth(toDate($time, {tz:String})))"),
}


@dataclass(frozen=True)
class Bucket:
    """A part of the period: `[start, end)`, aware UTC, cut off where the period begins or ends inside it."""

    key: int
    start: datetime
    end: datetime
    label_day: date | None  # the first day of the whole bucket in the shop's zone; None for hours
    complete: bool  # the whole of it lies in the period and is over


def key(granularity: Granularity, time: str) -> Sql:
    """The expression for the key of the bucket that holds the instant in column `time`."""
    return Sql(KEYS[granularity].text.replace("$time", time))


def buckets(scope: Scope, granularity: Granularity) -> list[Bucket]:
    """The parts of the period in order, without gaps. Raises Invalid for an unknown granularity or too many parts."""
    if granularity not in KEYS:
        raise Invalid(f"{granularity!r} is not one of hour, day, week, month.", fields={"granularity": ["is hour, day, week or month"]})
    now, found = datetime.now(UTC), []
    for number, start, end, day in _walk(scope, granularity):
        if len(found) == MOST_BUCKETS:
            message = f"The period has more than {MOST_BUCKETS:,} parts of one {granularity}."
            raise Invalid(message, fields={"granularity": ["is too fine for the period"]})
        whole = start >= scope.start and end <= scope.end and end <= now
        found.append(Bucket(number, max(start, scope.start), min(end, scope.end), day, whole))
    return found


def _walk(scope: Scope, granularity: Granularity) -> Iterator[tuple[int, datetime, datetime, date | None]]:
    if granularity == "hour":
        yield from _hours(scope)
        return
    day = first_day(scope.start.astimezone(ZoneInfo(scope.tz)).date(), granularity)
    while (start := midnight(day, scope.tz)) < scope.end:
        following = _next(day, granularity)
        yield (day - date(1970, 1, 1)).days, start, midnight(following, scope.tz), day
        day = following


def _hours(scope: Scope) -> Iterator[tuple[int, datetime, datetime, None]]:
    """Hours of the clock on the wall: they begin at the half hour of UTC in India. All are 60 minutes, the doubled one of autumn is two."""
    offset = scope.start.astimezone(ZoneInfo(scope.tz)).utcoffset() % timedelta(hours=1)
    start = (scope.start + offset).replace(minute=0, second=0, microsecond=0) - offset
    while start < scope.end:
        yield int(start.timestamp()), start, start + timedelta(hours=1), None
        start += timedelta(hours=1)


def first_day(day: date, granularity: Granularity) -> date:
    """The first day of the week (Monday) or month that `day` is in, or the day itself."""
    if granularity == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if granularity == "month" else day


def _next(day: date, granularity: Granularity) -> date:
    if granularity == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if granularity == "week" else 1)
