"""What did they do, event by event? The interactions of a user, a session or a kind of page."""

import json
from dataclasses import dataclass
from datetime import datetime

from analytics.scope import Scope
from stores import clickhouse
from stores.clickhouse import Sql

USER = Sql(" AND sh IN (SELECT sh FROM sessions FINAL WHERE customer_id = {tenant:String} AND user_id = {user_id:String})")
SESSION = Sql(" AND session_id = {session_id:String}")
PAGE_TYPE = Sql(" AND page_type = {page_type:String}")


@dataclass(frozen=True)
class Interaction:
    user_id: str | None  # the person of the event's session; None for a visitor whom nobody identified
    visitor_id: str
    session_id: str
    page_type: str | None
    event: str  # canonical
    event_type: str  # as sent
    event_name: str | None
    timestamp: datetime
    page_url: str | None
    properties: dict


@dataclass(frozen=True)
class Interactions:
    rows: list[Interaction]  # newest first
    total: int  # all that match, not only those in `rows`


def run(scope: Scope, *, user_id=None, session_id=None, page_type=None, limit: int = 100, offset: int = 0) -> Interactions:
    """The interactions in the scope, newest first, and how many there are.

    `user_id` means the person: all events of the sessions that are theirs, also those from before they signed in.
    """
    chosen = {"user_id": user_id, "session_id": session_id, "page_type": page_type}
    params = scope.params | {name: value for name, value in chosen.items() if value is not None}
    narrowed = Sql.join("", [part for part, value in zip((USER, SESSION, PAGE_TYPE), chosen.values(), strict=True) if value is not None])
    rows = _newest(scope, params, narrowed, limit=limit, offset=offset)
    known = people(scope.tenant, sorted({row["sh"] for row in rows}))
    return Interactions([_interaction(row, known) for row in rows], _total(scope, params, narrowed))


# The times alone decide which rows are read whole; twice as many, since an event may stand there twice until parts are merged.
SINCE_SQL = """
SELECT minOrNull(timestamp) AS since FROM (
    SELECT timestamp FROM events_raw WHERE $events$narrowed ORDER BY timestamp DESC LIMIT {enough:UInt32}
)"""

NEWEST_SQL = """
SELECT sh, user_id, visitor_id, session_id, page_type, event, event_type, event_name, timestamp, page_url, properties
FROM events_raw WHERE $events$narrowed AND timestamp >= {since:DateTime64(3, 'UTC')}
ORDER BY timestamp DESC, seq DESC, event_id DESC
LIMIT 1 BY event_id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}"""


def _newest(scope: Scope, params: dict, narrowed: Sql, *, limit: int, offset: int) -> list[dict]:
    fragments = {"events": scope.events, "narrowed": narrowed}
    since = clickhouse.query(SINCE_SQL, params | {"enough": 2 * (limit + offset)}, **fragments)[0]["since"]
    if since is None:
        return []
    return clickhouse.query(NEWEST_SQL, params | {"since": since, "limit": limit, "offset": offset}, **fragments)


TOTAL_SQL = "SELECT uniqExact(event_id) AS total FROM events_raw WHERE $events$narrowed"


def _total(scope: Scope, params: dict, narrowed: Sql) -> int:
    return clickhouse.query(TOTAL_SQL, params, events=scope.events, narrowed=narrowed)[0]["total"]


PEOPLE_SQL = """
SELECT sh, user_id FROM sessions FINAL
WHERE customer_id = {tenant:String} AND sh IN {sessions:Array(UInt64)} AND user_id != ''"""


def people(tenant: str, sessions: list[int]) -> dict[int, str]:
    """Whose each session is; sessions of visitors whom nobody identified are left out."""
    if not sessions:
        return {}
    return {row["sh"]: row["user_id"] for row in clickhouse.query(PEOPLE_SQL, {"tenant": tenant, "sessions": sessions})}


def _interaction(row: dict, known: dict[int, str]) -> Interaction:
    return Interaction(
        user_id=known.get(row["sh"]) or row["user_id"] or None,
        visitor_id=row["visitor_id"],
        session_id=row["session_id"],
        page_type=row["page_type"] or None,
        event=row["event"],
        event_type=row["event_type"],
        event_name=row["event_name"] or None,
        timestamp=row["timestamp"],
        page_url=row["page_url"] or None,
        properties=properties(row["properties"]),
    )


def properties(text: str) -> dict:
    """The properties as sent; what is no JSON object has none."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
