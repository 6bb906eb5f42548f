"""What a batch says about people: which browser is whose, and which customers there are."""

from datetime import UTC, datetime

import msgspec
import numpy as np
import pyarrow as pa

from actions import persons
from actions.enrichment import facts
from actions.enrichment.memo import Memo
from actions.persons import Sighting
from jobs.ingest_columns import TIME, Columns
from stores import clickhouse

LINKING = frozenset({"identify", "alias"})
MAX_TRAITS = 16_384  # characters of what one identify may keep about a person

# The earliest time at which this process saw a user, so that not every event asks the database.
_first_seen = Memo(lambda person: 1 << 62, 500_000)


def identified(columns: Columns) -> set[str]:
    """The visitors whose user an identify or alias names."""
    return {
        event.visitor_id
        for event, name in zip(columns.events, columns.names, strict=True)
        if name in LINKING and event.user_id and event.visitor_id
    }


def record(tenant: str, columns: Columns, fresh: np.ndarray) -> None:
    """Write the links and customers that the events at `fresh` name."""
    places = fresh.tolist()
    _link(tenant, columns, [place for place in places if columns.names[place] in LINKING and columns.events[place].user_id])
    sightings = _sightings(tenant, columns, places)
    if sightings:
        persons.see(tenant, sightings)
        for sighting in sightings:
            _first_seen[tenant, sighting.user_id] = int(sighting.seen_at.timestamp() * 1000)


def _link(tenant: str, columns: Columns, places: list[int]) -> None:
    if not places:
        return
    hashed = {
        "customer_id": pa.repeat(tenant, len(places)),
        "visitor_id": [columns.events[place].visitor_id for place in places],
        "user_id": [columns.events[place].user_id for place in places],
        "linked_at": pa.array(columns.times[places], TIME),
    }
    clickhouse.insert("visitor_users", pa.table(hashed))


def _sightings(tenant: str, columns: Columns, places: list[int]) -> list[Sighting]:
    """One a user: the earliest time, and what the newest identify tells."""
    found: dict[str, Sighting] = {}
    for place in sorted(places, key=columns.times.__getitem__):
        user_id = columns.events[place].user_id
        if not user_id:
            continue
        at, told = int(columns.times[place]), columns.names[place] == "identify"
        if told or (user_id not in found and at < _first_seen[tenant, user_id]):
            earlier = found.get(user_id)
            first = earlier.seen_at if earlier else datetime.fromtimestamp(at / 1000, UTC)
            name, email, traits = _told(columns.events[place].properties) if told else (None, None, None)
            found[user_id] = _merged(earlier, Sighting(user_id, first, name, email, traits))
    return list(found.values())


def _merged(earlier: Sighting | None, later: Sighting) -> Sighting:
    if earlier is None:
        return later
    return Sighting(
        later.user_id,
        earlier.seen_at,
        later.name or earlier.name,
        later.email or earlier.email,
        (earlier.traits or {}) | (later.traits or {}),
    )


def _told(properties: str) -> tuple[str | None, str | None, dict]:
    """The name, e-mail and other traits of an identify. PostgreSQL's text holds no NUL."""
    if "\\u0000" in properties or len(properties) > MAX_TRAITS:
        return None, None, {}
    traits = msgspec.json.decode(properties)
    first_and_last = " ".join(filter(None, (facts.text(traits.get("firstName")), facts.text(traits.get("lastName")))))
    name = facts.text(traits.pop("name", None)) or first_and_last
    return name or None, facts.text(traits.pop("email", None)) or None, traits
