"""How do the metrics move over the period?"""

from dataclasses import dataclass
from datetime import date, datetime

from analytics import calendar, values
from analytics.calendar import Granularity
from analytics.scope import Scope
from analytics.values import Values
from stores import clickhouse
from stores.clickhouse import Sql


@dataclass(frozen=True)
class Point:
    """The metrics of one hour, day, week or month of the period; `complete` where all of it is over and inside the period."""

    start: datetime
    end: datetime
    label_day: date | None
    complete: bool
    values: Values


def run(scope: Scope, granularity: Granularity) -> list[Point]:
    """One Point a bucket in the scope's time zone, in order and without gaps; a bucket in which nothing happened holds zeros.

    Visitors and users are different ones within their bucket, so they do not add up over buckets.
    """
    buckets = calendar.buckets(scope, granularity)
    visits, money = _visits(scope, calendar.key(granularity, "started_at")), _money(scope, calendar.key(granularity, "ordered_at"))
    return [Point(b.start, b.end, b.label_day, b.complete, values.of(visits.get(b.key), money.get(b.key))) for b in buckets]


VISITS_SQL = "SELECT $bucket AS bucket, $visits FROM sessions FINAL WHERE $scope GROUP BY bucket"


def _visits(scope: Scope, bucket: Sql) -> dict[int, dict]:
    rows = clickhouse.query(VISITS_SQL, scope.params, bucket=bucket, visits=values.VISITS, scope=scope.sessions)
    return {row["bucket"]: row for row in rows}


MONEY_SQL = "SELECT $bucket AS bucket, $money FROM order_lines FINAL WHERE $scope GROUP BY bucket"


def _money(scope: Scope, bucket: Sql) -> dict[int, dict]:
    rows = clickhouse.query(MONEY_SQL, scope.params, bucket=bucket, money=values.MONEY, scope=scope.orders)
    return {row["bucket"]: row for row in rows}
