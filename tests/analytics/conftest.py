"""Events of made-up shoppers, recorded and recomputed as those of real ones."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from analytics import event_names, page_types
from jobs import sessions
from stores import clickhouse
from stores.clickhouse import Sql

START = datetime(2025, 1, 10, 12, tzinfo=UTC)
PACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Event:
    """One event of a session; what is left out follows from the session and the event before."""

    name: str  # canonical, or as a sender writes it
    after: timedelta | None = None  # the session's start; otherwise 10 seconds after the event before
    page_type: str | None = None
    url: str = ""
    event_name: str = ""
    properties: dict = field(default_factory=dict)
    revenue: str = "0"
    rating: float | None = None
    seq: int | None = None


@pytest.fixture
def session_of(tenant):
    """`session_of("page_view", "purchase", visitor=…, at=…)` records a session of `tenant` with these events, 10 seconds apart."""
    return lambda *events, **about: record(tenant, *events, **about)


def event(name: str, **more) -> Event:
    """An event that says more than its name; `after` in seconds from the session's start."""
    if "after" in more:
        more["after"] = timedelta(seconds=more["after"])
    return Event(name, **more)


def record(
    tenant: str,
    *events: str | Event,
    visitor: str | None = None,
    user: str = "",
    session: str | None = None,
    at: datetime = START,
    device: str = "desktop",
    country: str = "DE",
    channel: str = "direct",
    page_type: str | None = None,
    bot: bool = False,
    cart: str | None = None,
    **more,
) -> str:
    """Record a session and recompute it; its visitor's id. `cart` is what lies in the cart. Without `visitor` it is one nobody has seen."""
    visitor = visitor or uuid.uuid4().hex
    session = session or uuid.uuid4().hex
    about = {
        "customer_id": tenant, "visitor_id": visitor, "session_id": session, "user_id": user, "device_type": device,
        "country": country, "channel": channel, "is_bot": bot,
    } | more  # fmt: skip
    rows = [about | row for row in _rows(events, at, page_type, cart)]
    _insert("events_raw", rows)
    bounds = {"first": [rows[0]["timestamp"]], "last": [rows[-1]["timestamp"]]}
    sessions.recompute_touched(tenant, pa.table({"visitor_id": [visitor], "session_id": [session]} | bounds))
    return visitor


def _rows(events, at: datetime, page_type: str | None, cart: str | None) -> list[dict]:
    rows, moment = [], at
    for number, given in enumerate(events):
        given = given if isinstance(given, Event) else Event(given)
        if given.after is not None:
            moment = at + given.after
        elif number:
            moment += PACE
        name = event_names.canonical(given.name)
        rows.append(
            {
                "event_id": uuid.uuid4(),
                "timestamp": moment,
                "seq": number if given.seq is None else given.seq,
                "received_at": moment,
                "event_type": given.name,
                "event": name,
                "event_name": given.event_name,
                "page_type": page_types.of(given.page_type or page_type or "", given.url, name),
                "page_url": given.url,
                "revenue": Decimal(given.revenue),
                "value": Decimal(given.revenue),
                "rating": given.rating,
                "properties": json.dumps(given.properties),
            }
        )
    if cart:
        next(row for row in rows if row["event"] == "add_to_cart")["value"] = Decimal(cart)
    return sorted(rows, key=lambda row: row["timestamp"])


INSERT_SQL = "INSERT INTO $table ($columns) SELECT $columns FROM format(JSONEachRow, {structure:String}, {rows:String})"


def _insert(table: str, rows: list[dict]) -> None:
    """Write the rows; the table itself says of what types they are."""
    structure = {row["name"]: row["type"] for row in clickhouse.query("DESCRIBE TABLE $table", table=Sql(table))}
    columns = [name for name in structure if name in rows[0]]
    params = {
        "rows": "\n".join(json.dumps(row, default=_json) for row in rows),
        "structure": ", ".join(f"{name} {structure[name]}" for name in columns),
    }
    clickhouse.command(INSERT_SQL, params, table=Sql(table), columns=Sql(", ".join(columns)))


def _json(value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return str(value)
