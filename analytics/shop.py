"""What does a shop hold at all? Its period, and the totals of the documented analytics answer."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from analytics import scope as scopes
from models.customer import Customer
from models.workspace import Tenant
from stores import clickhouse, postgres

TOP_ACTIONS = 10
DAYS = 30


@dataclass(frozen=True)
class Totals:
    total_events: int
    daily_active_users: int  # persons with an event today
    total_users: int  # profiles
    top_actions: list[tuple[str, int]]  # event types as sent, most frequent first
    daily_events: list[tuple[date, int]]  # the newest days that have events, oldest first


PERIOD_SQL = """
SELECT min(first) AS first, max(last) AS last, count() AS n FROM (
    SELECT toDate(min(started_at), {tz:String}) AS first, toDate(max(ended_at), {tz:String}) AS last FROM sessions FINAL
    WHERE customer_id = {tenant:String} HAVING count() > 0
    UNION ALL
    SELECT min(day) AS first, max(day) AS last FROM order_lines FINAL WHERE customer_id = {tenant:String} HAVING count() > 0
)"""


def period(tenant: str, tz: str | None = None) -> tuple[date, date] | None:
    """The first and the last day with an event or an order, in the shop's zone; None for an empty shop."""
    row = clickhouse.query(PERIOD_SQL, {"tenant": tenant, "tz": tz or zone(tenant)})[0]
    return (row["first"], row["last"]) if row["n"] else None


def zone(tenant: str) -> str:
    """The shop's time zone."""
    with postgres.session(tenant) as session:
        return session.execute(select(Tenant.timezone).where(Tenant.id == tenant)).scalar() or "UTC"


def totals(tenant: str, *, now: datetime) -> Totals:
    """Everything of the shop up to `now`; bots do not count."""
    tz = zone(tenant)
    actions, days = _counts(tenant, tz)
    return Totals(
        total_events=sum(actions.values()),
        daily_active_users=_active(tenant, scopes.midnight(now.astimezone(ZoneInfo(tz)).date(), tz)),
        total_users=_profiles(tenant),
        top_actions=sorted(actions.items(), key=lambda item: (-item[1], item[0]))[:TOP_ACTIONS],
        daily_events=sorted(days.items())[-DAYS:],
    )


COUNTS_SQL = """
SELECT event_type, toDate(timestamp, {tz:String}) AS day, count() AS n FROM events_raw FINAL
WHERE customer_id = {tenant:String} AND is_bot = 0 GROUP BY event_type, day"""


def _counts(tenant: str, tz: str) -> tuple[dict[str, int], dict[date, int]]:
    """How many events there are by type, and by day."""
    actions, days = {}, {}
    for row in clickhouse.query(COUNTS_SQL, {"tenant": tenant, "tz": tz}):
        actions[row["event_type"]] = actions.get(row["event_type"], 0) + row["n"]
        days[row["day"]] = days.get(row["day"], 0) + row["n"]
    return actions, days


ACTIVE_SQL = """
SELECT uniqExact(ph) AS persons FROM sessions FINAL
WHERE customer_id = {tenant:String} AND ended_at >= {midnight:DateTime64(3, 'UTC')} AND is_bot = 0"""


def _active(tenant: str, midnight: datetime) -> int:
    return clickhouse.query(ACTIVE_SQL, {"tenant": tenant, "midnight": midnight})[0]["persons"]


def _profiles(tenant: str) -> int:
    with postgres.session(tenant) as session:
        return session.execute(select(func.count()).select_from(Customer).where(Customer.tenant == tenant)).scalar()
