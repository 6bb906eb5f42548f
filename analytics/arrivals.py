"""Does everything arrive? Today's events against the usual, what was rejected, and how long it takes."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from analytics import arrival_warnings, numbers
from analytics import scope as scopes
from analytics.arrival_warnings import LIVE, Warning
from analytics.scope import Scope
from models.customer import DeadLetter
from stores import clickhouse, postgres

HOURS = 24
WEEKS = 4  # the usual is the mean of the same hours of as many weeks before, of those that the shop was there
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Hour:
    start: datetime
    complete: bool
    by_origin: dict[str, int]
    rejected: dict[str, int]  # by reason
    usual: float | None  # events; None before there is a week to compare with
    delay_s: float | None


@dataclass(frozen=True)
class Arrivals:
    today: int  # events since midnight in the shop's zone
    usual: float | None  # up to the same time of the same weekday
    rejected: int  # today
    rejected_share: float | None  # of all that came today
    rejected_share_before: float | None  # of the seven days before
    delay_s: float | None  # from the event to here, for 95 of 100 events of the last hour
    hours: list[Hour]  # the last 24, oldest first; the last is the one that now runs
    last_event_at: datetime | None
    warnings: list[Warning]  # most events first


def run(scope: Scope) -> Arrivals:
    """The arrivals up to `scope.end`, which stands for now. Uploads do not count: their events are of another time."""
    now = scope.end
    midnight = scopes.midnight(now.astimezone(ZoneInfo(scope.tz)).date(), scope.tz)
    first_hour = now.replace(minute=0, second=0, microsecond=0) - (HOURS - 1) * HOUR
    first = _first(scope.tenant)
    weeks = [week for week in range(1, WEEKS + 1) if first and midnight - week * WEEK >= first]
    today, rejected = _between(scope.tenant, midnight, now), _rejected_between(scope.tenant, midnight, now)
    before = _between(scope.tenant, midnight - WEEK, midnight), _rejected_between(scope.tenant, midnight - WEEK, midnight)
    return Arrivals(
        today=today,
        usual=_mean([_between(scope.tenant, midnight - week * WEEK, now - week * WEEK) for week in weeks]),
        rejected=rejected,
        rejected_share=numbers.ratio(rejected, today + rejected),
        rejected_share_before=numbers.ratio(before[1], sum(before)),
        delay_s=_delay(scope.tenant, now - HOUR, now),
        hours=_hours(scope.tenant, first_hour, now, first),
        last_event_at=_last(scope.tenant, now),
        warnings=arrival_warnings.run(scope.tenant, midnight, now),
    )


BETWEEN_SQL = """
SELECT uniqExact(event_id) AS n FROM events_raw
WHERE $live"""


def _between(tenant: str, start: datetime, end: datetime) -> int:
    return clickhouse.query(BETWEEN_SQL, {"tenant": tenant, "start": start, "end": end}, live=LIVE)[0]["n"]


FIRST_SQL = "SELECT minOrNull(timestamp) AS first FROM events_raw WHERE customer_id = {tenant:String} AND import_id = ''"


def _first(tenant: str) -> datetime | None:
    return clickhouse.query(FIRST_SQL, {"tenant": tenant})[0]["first"]


LAST_SQL = """
SELECT timestamp FROM events_raw WHERE customer_id = {tenant:String} AND import_id = '' AND timestamp < {now:DateTime64(3, 'UTC')}
ORDER BY timestamp DESC LIMIT 1"""


def _last(tenant: str, now: datetime) -> datetime | None:
    rows = clickhouse.query(LAST_SQL, {"tenant": tenant, "now": now})
    return rows[0]["timestamp"] if rows else None


SNIPPET_SQL = """
SELECT timestamp AS at, domain(page_url) AS host FROM events_raw WHERE $live AND origin = 'browser'
ORDER BY timestamp DESC LIMIT 1"""


def snippet(tenant: str, now: datetime) -> tuple[datetime, str] | None:
    """When and on which host the tracker was last heard of in the last day; None where it was not."""
    rows = clickhouse.query(SNIPPET_SQL, {"tenant": tenant, "start": now - HOURS * HOUR, "end": now}, live=LIVE)
    return (rows[0]["at"], rows[0]["host"]) if rows else None


# Only what came while it was fresh has a delay to speak of: a shop that sends its history at once is not slow.
DELAY_SQL = """
SELECT quantileExactOrNull(0.95)(dateDiff('millisecond', timestamp, received_at)) AS delay_ms FROM events_raw
WHERE $live AND time_flag = '' AND received_at < timestamp + INTERVAL 1 HOUR"""


def _delay(tenant: str, start: datetime, end: datetime) -> float | None:
    """Seconds; below 0 would be the sender's clock."""
    found = clickhouse.query(DELAY_SQL, {"tenant": tenant, "start": start, "end": end}, live=LIVE)[0]["delay_ms"]
    return None if found is None else max(0.0, found / 1000)


HOURS_SQL = """
SELECT toStartOfHour(timestamp) AS hour, toString(origin) AS origin, uniqExact(event_id) AS n,
       time_flag = '' AND received_at < timestamp + INTERVAL 1 HOUR AS is_fresh,
       quantileExact(0.95)(dateDiff('millisecond', timestamp, received_at)) AS delay_ms
FROM events_raw
WHERE $live
GROUP BY hour, origin, is_fresh ORDER BY hour, n DESC, origin"""


def _hours(tenant: str, first_hour: datetime, now: datetime, first: datetime | None) -> list[Hour]:
    origins, delays = {}, {}
    for row in clickhouse.query(HOURS_SQL, {"tenant": tenant, "start": first_hour, "end": now}, live=LIVE):
        hour = row["hour"].astimezone(UTC)
        origins.setdefault(hour, Counter())[row["origin"]] += row["n"]
        if row["is_fresh"]:
            delays[hour] = max(delays.get(hour, 0.0), row["delay_ms"] / 1000)  # the slowest source
    rejected, usual = _rejected_by_hour(tenant, first_hour, now), _usual(tenant, first_hour, now, first)
    starts = [first_hour + number * HOUR for number in range(HOURS)]
    return [
        Hour(start, start + HOUR <= now, dict(origins.get(start, {})), rejected.get(start, {}), usual.get(start), delays.get(start))
        for start in starts
    ]


EARLIER_SQL = """
SELECT toStartOfHour(timestamp) AS hour, uniqExact(event_id) AS n FROM events_raw
WHERE $live
GROUP BY hour"""


def _usual(tenant: str, first_hour: datetime, now: datetime, first: datetime | None) -> dict[datetime, float]:
    """The mean of each hour of the weeks before, of those hours in which the shop was there."""
    found = {}
    for week in range(1, WEEKS + 1):
        start = first_hour - week * WEEK
        rows = clickhouse.query(EARLIER_SQL, {"tenant": tenant, "start": start, "end": start + HOURS * HOUR}, live=LIVE)
        counts = {row["hour"].astimezone(UTC): row["n"] for row in rows}
        for number in range(HOURS):
            if first and start + number * HOUR >= first:
                found.setdefault(first_hour + number * HOUR, []).append(counts.get(start + number * HOUR, 0))
    return {hour: _mean(counts) for hour, counts in found.items()}


def _mean(counts: list[int]) -> float | None:
    return sum(counts) / len(counts) if counts else None


def _rejected_between(tenant: str, start: datetime, end: datetime) -> int:
    chosen = select(func.count()).where(DeadLetter.tenant == tenant, DeadLetter.received_at >= start, DeadLetter.received_at < end)
    with postgres.session(tenant) as session:
        return session.execute(chosen).scalar()


def _rejected_by_hour(tenant: str, start: datetime, end: datetime) -> dict[datetime, dict[str, int]]:
    hour = func.date_trunc("hour", DeadLetter.received_at, "UTC")
    chosen = (
        select(hour.label("hour"), DeadLetter.reason, func.count().label("n"))
        .where(DeadLetter.tenant == tenant, DeadLetter.received_at >= start, DeadLetter.received_at < end)
        .group_by(hour, DeadLetter.reason)
        .order_by(func.count().desc(), DeadLetter.reason)
    )
    found = {}
    with postgres.session(tenant) as session:
        for row in session.execute(chosen):
            found.setdefault(row.hour.astimezone(UTC), {})[row.reason] = row.n
    return found
