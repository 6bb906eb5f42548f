"""Events of made-up shoppers, recorded and recomputed as those of real ones."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from analytics import event_names, page_types
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
    """Record a session; its visitor's id. Without `visitor` it is one nobody has seen."""
    visitor = visitor or uuid.uuid4().hex
    session = session or uuid.uuid4().hex
    rows = _rows(events, at, page_type)
    about = {
        "customer_id": tenant, "visitor_id": visitor, "session_id": session, "user_id": user, "device_type": device,
        "country": country, "channel": channel, "is_bot": bot,
    } | more  # fmt: skip
    _insert("events_raw", [about | row for row in rows])
    _insert("sessions", [_session(about, rows, cart)], HASHES)
    return visitor


def _rows(events, at: datetime, page_type: str | None) -> list[dict]:
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
                "rating": given.rating,
                "properties": json.dumps(given.properties),
            }
        )
    return sorted(rows, key=lambda row: (row["timestamp"], row["seq"], row["event_id"]))


def _session(about: dict, rows: list[dict], cart: str | None) -> dict:
    start, end = rows[0]["timestamp"], rows[-1]["timestamp"]
    paths = [page_types.path_of(row["page_url"]) for row in rows]
    names = [row["event"] for row in rows]
    seen = [row["page_type"] for row in rows if row["page_type"]]
    return about | {
        "day": start.date(), "version": 1, "deleted": 0, "started_at": start, "ended_at": end,
        "event_count": len(rows), "page_views": names.count("page_view"), "order_count": names.count("purchase"),
        "revenue": sum(row["revenue"] for row in rows), "cart_value": Decimal(cart or 0), "entry_page": paths[0], "exit_page": paths[-1],
        "exit_type": seen[-1] if seen else "", "has_error": "error" in names,
        "low_rating": any(row["rating"] is not None and row["rating"] <= 2 for row in rows),
        "ms": [int((row["timestamp"] - start) / timedelta(milliseconds=1)) for row in rows],
        "events": names, "names": [row["event_name"] for row in rows], "page_types": [row["page_type"] for row in rows], "paths": paths,
    }  # fmt: skip


HASHES = Sql(""",
    cityHash64(visitor_id) AS vh, cityHash64(visitor_id, session_id) AS sh, cityHash64(if(user_id = '', visitor_id, user_id)) AS ph""")
INSERT_SQL = "INSERT INTO $table ($columns $hash_names) SELECT $columns $hashes FROM format(JSONEachRow, $structure, {rows:String})"


def _insert(table: str, rows: list[dict], hashes: Sql | None = None) -> None:
    """Write the rows; the table itself says of what types they are."""
    structure = {row["name"]: row["type"] for row in clickhouse.query("DESCRIBE TABLE $table", table=Sql(table))}
    columns = [name for name in structure if name in rows[0]]
    params = {
        "rows": "\n".join(json.dumps(row, default=_json) for row in rows),
        "structure": ", ".join(f"{name} {structure[name]}" for name in columns),
    }
    fragments = {
        "table": Sql(table), "columns": Sql(", ".join(columns)), "structure": Sql("{structure:String}"),
        "hashes": hashes or Sql(""), "hash_names": Sql(", vh, sh, ph" if hashes else ""),
    }  # fmt: skip
    clickhouse.command(INSERT_SQL, params, **fragments)


def _json(value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return str(value)
