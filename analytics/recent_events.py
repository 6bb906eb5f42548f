"""What happened last? One page of a shop's events as document 003 lists them."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from stores import clickhouse


@dataclass(frozen=True)
class RecentEvent:
    """An event as its sender told it."""

    id: str
    user_id: str
    action: str  # event_type as sent
    timestamp: datetime
    properties: dict
    created_at: datetime  # when it arrived


@dataclass(frozen=True)
class Page:
    """Part of the list, and how many events there are in all."""

    events: list[RecentEvent]
    total: int


# Without FINAL: it reads backwards along the key and stops. A row that a crash left twice is the same twice.
PAGE_SQL = """
SELECT event_id, user_id, visitor_id, event_type, timestamp, properties, received_at FROM events_raw
WHERE customer_id = {tenant:String}
ORDER BY customer_id DESC, timestamp DESC, event_id DESC LIMIT 1 BY event_id LIMIT {limit:UInt32} OFFSET {offset:UInt64}"""


def run(tenant: str, *, page: int, per_page: int) -> Page:
    """The `page`th `per_page` events, the newest first; a page beyond the end is empty."""
    params = {"tenant": tenant, "limit": per_page, "offset": (page - 1) * per_page}
    return Page([_event(row) for row in clickhouse.query(PAGE_SQL, params)], _total(tenant))


TOTAL_SQL = "SELECT count() AS n FROM events_raw FINAL WHERE customer_id = {tenant:String}"


def _total(tenant: str) -> int:
    return clickhouse.query(TOTAL_SQL, {"tenant": tenant})[0]["n"]


def _event(row: dict) -> RecentEvent:
    return RecentEvent(
        str(row["event_id"]),
        row["user_id"] or row["visitor_id"],
        row["event_type"],
        row["timestamp"],
        msgspec.json.decode(row["properties"]),
        row["received_at"],
    )
