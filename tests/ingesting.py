"""Events and order lines of a test's shop, sent the whole way: into the log, out of it, into the tables."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from actions import event_schema, ingest
from actions.event_schema import Client, Event, OrderLine
from jobs import ingest as consumer
from stores import clickhouse

AT = datetime(2025, 1, 10, 12, tzinfo=UTC)
AT_MS = 1_736_510_400_000
LATER_MS = AT_MS + 3_600_000  # when the events of AT arrive


def event(name: str, second: float = 0, *, id: str | None = None, tenant: str = "", properties: dict | None = None, **fields) -> Event:
    """An event `second` seconds after AT, by visitor v1 in session s1 unless `fields` say otherwise."""
    told = {"visitor_id": "v1", "session_id": "s1", "timestamp": AT_MS + int(second * 1000)} | fields
    event_id = event_schema.event_uuid(tenant, id) if id else uuid4().bytes
    return Event(event_id=event_id, event_type=name, properties=json.dumps(properties or {}), **told)


def line(order_id: str, quantity: int, price: str, *, hours: float = 0, **fields) -> OrderLine:
    """A line of a file, `hours` hours after AT."""
    at = AT_MS + int(hours * 3_600_000)
    return OrderLine(line_id=uuid4().bytes, order_id=order_id, ordered_at=at, quantity=quantity, price=Decimal(price), **fields)


def send(tenant: str, *events: Event, origin: str = "browser", received_at: int = LATER_MS, client: Client | None = None, **more) -> None:
    """Put the events into the log as one request and store what is there."""
    ingest.record_events(tenant, list(events), origin=origin, received_at=received_at, client=client, **more)
    consumer.drain()


def send_lines(tenant: str, *lines: OrderLine, import_id: str = "upload-1") -> None:
    """Put lines of a file into the log and store what is there."""
    ingest.record_order_lines(tenant, list(lines), import_id=import_id)
    consumer.drain()


SESSIONS_SQL = """
SELECT visitor_id, session_id, user_id, events, order_count, started_at, ended_at FROM sessions FINAL
WHERE customer_id = {tenant:String} ORDER BY started_at, session_id"""


def sessions(tenant: str) -> list[tuple]:
    """(visitor, session, user, events, purchases, first second, last second) of each session, the earliest first."""
    rows = clickhouse.query(SESSIONS_SQL, {"tenant": tenant})
    return [
        (
            row["visitor_id"],
            row["session_id"],
            row["user_id"],
            row["events"],
            row["order_count"],
            (row["started_at"] - AT) / timedelta(seconds=1),
            (row["ended_at"] - AT) / timedelta(seconds=1),
        )
        for row in rows
    ]


ORDERS_SQL = """
SELECT order_id, kind, line, status, source, toString(day) AS day, quantity, gross, discount, buyer_id, first_order FROM order_lines FINAL
WHERE customer_id = {tenant:String} ORDER BY order_id, kind, line"""


def orders(tenant: str) -> list[tuple]:
    """(order, kind, line, status, source, day, pieces, gross, discount, buyer, whether the buyer's first) of each counted line."""
    rows = clickhouse.query(ORDERS_SQL, {"tenant": tenant})
    return [tuple(str(value) if isinstance(value, Decimal) else value for value in row.values()) for row in rows]
