"""What is wrong with what arrives? Rejected events, orders without an amount, wrong clocks, names that nobody knew before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from analytics import event_names
from models.customer import DeadLetter
from stores import clickhouse, postgres
from stores.clickhouse import Sql

# What was sent while it happened: an upload's events are of another time. Bots count, they arrive like all others.
LIVE = Sql(
    "customer_id = {tenant:String} AND import_id = ''"
    " AND timestamp >= {start:DateTime64(3, 'UTC')} AND timestamp < {end:DateTime64(3, 'UTC')}"
)

KNOWN_FOR = timedelta(days=28)  # a name that was sent in these days is not new
MOST = 8


@dataclass(frozen=True)
class Warning:
    kind: str  # rejected, no_amount, clock, new_name
    subject: str  # the reason, the event's name
    count: int  # events since midnight
    total: int | None  # of how many, where that says something
    origins: list[str]
    since: datetime
    example: str  # a key of debugger.one


def run(tenant: str, midnight: datetime, now: datetime) -> list[Warning]:
    """The warnings of the day so far: rejected first, then by number of events."""
    params = {"tenant": tenant, "start": midnight, "end": now}
    found = _rejected(tenant, midnight, now) + _without_amount(params) + _clocks(params) + _new_names(params, midnight)
    return sorted(found, key=lambda warning: (warning.kind != "rejected", -warning.count, warning.subject))[:MOST]


def _rejected(tenant: str, start: datetime, end: datetime) -> list[Warning]:
    newest = func.max(func.cast(DeadLetter.id, DeadLetter.reason.type))
    chosen = (
        select(
            DeadLetter.reason,
            func.count().label("n"),
            func.min(DeadLetter.received_at).label("since"),
            func.array_agg(DeadLetter.origin.distinct()).label("origins"),
            newest.label("newest"),
        )
        .where(DeadLetter.tenant == tenant, DeadLetter.received_at >= start, DeadLetter.received_at < end, DeadLetter.replayed_at.is_(None))
        .group_by(DeadLetter.reason)
    )
    with postgres.session(tenant) as session:
        rows = session.execute(chosen).all()
    return [Warning("rejected", row.reason, row.n, None, sorted(row.origins), row.since, f"rejected:{row.newest}") for row in rows]


WITHOUT_AMOUNT_SQL = """
SELECT uniqExactIf(event_id, revenue = 0) AS n, uniqExact(event_id) AS total, groupUniqArrayIf(toString(origin), revenue = 0) AS origins,
       minIf(timestamp, revenue = 0) AS since, argMaxIf(toString(event_id), timestamp, revenue = 0) AS example
FROM events_raw
WHERE $live AND event = 'purchase'
HAVING n > 0"""


def _without_amount(params: dict) -> list[Warning]:
    return [
        Warning("no_amount", "purchase", row["n"], row["total"], sorted(row["origins"]), row["since"], f"event:{row['example']}")
        for row in clickhouse.query(WITHOUT_AMOUNT_SQL, params, live=LIVE)
    ]


CLOCKS_SQL = """
SELECT toString(time_flag) AS flag, uniqExact(event_id) AS n, groupUniqArray(toString(origin)) AS origins, min(timestamp) AS since,
       argMax(toString(event_id), timestamp) AS example
FROM events_raw
WHERE $live AND time_flag != ''
GROUP BY flag"""


def _clocks(params: dict) -> list[Warning]:
    return [
        Warning("clock", row["flag"], row["n"], None, sorted(row["origins"]), row["since"], f"event:{row['example']}")
        for row in clickhouse.query(CLOCKS_SQL, params, live=LIVE)
    ]


NEW_NAMES_SQL = """
SELECT toString(event) AS name, uniqExact(event_id) AS n, groupUniqArray(toString(origin)) AS origins, min(timestamp) AS since,
       argMax(toString(event_id), timestamp) AS example
FROM events_raw
WHERE $live AND event NOT IN {known:Array(String)}
  AND event NOT IN (SELECT DISTINCT event FROM events_raw WHERE customer_id = {tenant:String}
                    AND timestamp >= {known_since:DateTime64(3, 'UTC')} AND timestamp < {start:DateTime64(3, 'UTC')})
GROUP BY name"""


def _new_names(params: dict, midnight: datetime) -> list[Warning]:
    """Names that are neither ours nor were sent in the weeks before."""
    known = {"known": sorted(event_names.CANONICAL), "known_since": midnight - KNOWN_FOR}
    return [
        Warning("new_name", row["name"], row["n"], None, sorted(row["origins"]), row["since"], f"event:{row['example']}")
        for row in clickhouse.query(NEW_NAMES_SQL, params | known, live=LIVE)
    ]
