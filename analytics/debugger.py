"""What came just now, and how was it read? The newest events, stored and rejected."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from analytics import behavior, persons
from errors import NotFound
from models.customer import DeadLetter
from stores import clickhouse, postgres
from stores.clickhouse import Sql

WARNED = Sql(" AND (time_flag != '' OR (event = 'purchase' AND revenue = 0))")
EVERY = Sql("")


@dataclass(frozen=True)
class Arrival:
    key: str  # "event:<id>" or "rejected:<id>"
    at: datetime  # when it happened, or when it was rejected
    received_at: datetime
    verdict: str  # accepted, warning, rejected
    note: str | None  # no_amount, corrected, future, unreadable; of a rejected one its reason
    field: str | None  # of a rejected one, what is wrong
    sent: str | None  # the name as sent
    event: str | None  # its canonical name
    event_name: str | None
    page_type: str | None
    page_path: str | None
    page_url: str | None
    visitor_id: str | None
    session_id: str | None
    user_id: str | None  # as sent
    person: str | None  # the user of its session, where one is known
    person_name: str | None
    origin: str
    country: str | None
    device_type: str | None
    browser: str | None
    channel: str | None
    bot_reason: str | None  # None: a human
    import_id: str | None
    raw: str  # JSON as it came, or what of it is stored
    properties: dict


def newest(tenant: str, kind: str = "all", limit: int = 12) -> list[Arrival]:
    """The newest arrivals, newest first; `kind` is all, warning or rejected."""
    stored = [] if kind == "rejected" else _stored(tenant, WARNED if kind == "warning" else EVERY, {"limit": limit})
    rejected = [] if kind == "warning" else _rejected(tenant, limit)
    return sorted(stored + rejected, key=lambda arrival: (arrival.at, arrival.key), reverse=True)[:limit]


def one(tenant: str, key: str) -> Arrival:
    """The arrival with this key; NotFound where it is gone or was never here."""
    kind, _, name = key.partition(":")
    try:
        found = _rejected(tenant, 1, UUID(name)) if kind == "rejected" else _stored(tenant, THE_ONE, {"limit": 1, "id": str(UUID(name))})
    except ValueError:
        found = []
    if not found:
        raise NotFound("This event is no longer here.")
    return found[0]


THE_ONE = Sql(" AND event_id = {id:UUID}")

# The key is read backwards for the times alone; the wide columns are read from there on, not all and then sorted.
SINCE_SQL = """
SELECT minOrNull(timestamp) AS since FROM (
    SELECT timestamp FROM events_raw WHERE customer_id = {tenant:String}$chosen ORDER BY timestamp DESC LIMIT {enough:UInt32}
)"""

STORED_SQL = """
SELECT toString(event_id) AS id, sh, timestamp, received_at, sent_at, time_flag, visitor_id, user_id, session_id, event_type, event,
       event_name, page_type, page_url, page_path, page_title, referrer, origin, country, device_type, browser, channel, bot_reason,
       import_id, revenue, properties
FROM events_raw
WHERE customer_id = {tenant:String}$chosen AND timestamp >= {since:DateTime64(3, 'UTC')}
ORDER BY timestamp DESC, seq DESC, event_id DESC LIMIT 1 BY event_id LIMIT {limit:UInt32}"""


def _stored(tenant: str, chosen: Sql, params: dict) -> list[Arrival]:
    params |= {"tenant": tenant}
    # Twice as many, since an event may stand there twice until parts are merged.
    since = clickhouse.query(SINCE_SQL, params | {"enough": 2 * params["limit"]}, chosen=chosen)[0]["since"]
    rows = clickhouse.query(STORED_SQL, params | {"since": since}, chosen=chosen) if since else []
    people = behavior.people(tenant, sorted({row["sh"] for row in rows}))
    names = persons.names(tenant, people.values())
    return [_arrival(row, people.get(row["sh"]), names) for row in rows]


def _arrival(row: dict, person: str | None, names: dict[str, str]) -> Arrival:
    note = row["time_flag"] or ("no_amount" if row["event"] == "purchase" and not row["revenue"] else None)
    return Arrival(
        key=f"event:{row['id']}",
        at=row["timestamp"],
        received_at=row["received_at"],
        verdict="warning" if note else "accepted",
        note=note,
        field=None,
        sent=row["event_type"],
        event=row["event"],
        event_name=row["event_name"] or None,
        page_type=row["page_type"] or None,
        page_path=row["page_path"] or None,
        page_url=row["page_url"] or None,
        visitor_id=row["visitor_id"],
        session_id=row["session_id"],
        user_id=row["user_id"] or None,
        person=person,
        person_name=names.get(person),
        origin=row["origin"],
        country=row["country"] or None,
        device_type=row["device_type"] or None,
        browser=row["browser"] or None,
        channel=row["channel"] or None,
        bot_reason=row["bot_reason"] or None,
        import_id=row["import_id"] or None,
        raw=json.dumps(_as_sent(row), indent=2, ensure_ascii=False),
        properties=behavior.properties(row["properties"]),
    )


def _as_sent(row: dict) -> dict:
    """The event in the words of POST /track, from what is stored of it."""
    names = ("event_type", "event_name", "visitor_id", "user_id", "session_id", "page_url", "page_title", "referrer")
    sent = {name: row[name] for name in names if row[name]}
    times = {"timestamp": row["timestamp"].isoformat()} | ({"sent_at": row["sent_at"].isoformat()} if row["sent_at"] else {})
    return {"event_id": row["id"]} | sent | times | {"properties": behavior.properties(row["properties"])}


def _rejected(tenant: str, limit: int, id: UUID | None = None) -> list[Arrival]:
    newest_first = DeadLetter.received_at.desc(), DeadLetter.id.desc()
    letters = select(DeadLetter).where(DeadLetter.tenant == tenant).order_by(*newest_first).limit(limit)
    if id:
        letters = letters.where(DeadLetter.id == id)
    with postgres.session(tenant) as session:
        return [_letter(letter) for letter in session.scalars(letters)]


def _letter(letter: DeadLetter) -> Arrival:
    raw = letter.raw.decode("utf-8", "replace")
    sent = behavior.properties(raw)
    properties = sent.get("properties")
    return Arrival(
        key=f"rejected:{letter.id}",
        at=letter.received_at,
        received_at=letter.received_at,
        verdict="rejected",
        note=letter.reason,
        field=letter.field,
        sent=_text(sent, "event_type", "event", "action", "type"),
        event=None,
        event_name=_text(sent, "event_name"),
        page_type=None,
        page_path=None,
        page_url=_text(sent, "page_url"),
        visitor_id=_text(sent, "visitor_id", "anonymousId"),
        session_id=_text(sent, "session_id"),
        user_id=_text(sent, "user_id", "userId"),
        person=None,
        person_name=None,
        origin=letter.origin,
        country=None,
        device_type=None,
        browser=None,
        channel=None,
        bot_reason=None,
        import_id=None,
        raw=json.dumps(sent, indent=2, ensure_ascii=False) if sent else raw,
        properties=properties if isinstance(properties, dict) else {},
    )


def _text(sent: dict, *names: str) -> str | None:
    return next((sent[name] for name in names if isinstance(sent.get(name), str) and sent[name]), None)
