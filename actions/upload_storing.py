"""The rows of an upload into the event log, each once: what another upload stored before is left out."""

import time
from uuid import UUID

import pyarrow as pa

from actions import ingest, persons, upload_profiles, uploads
from actions.event_schema import Event, OrderLine
from actions.persons import Sighting
from errors import Unavailable
from stores import clickhouse, event_log, postgres
from stores.clickhouse import Sql

MOST_AHEAD = 150_000  # rows of files in the log at a time, so that a shop's live events never wait long behind a file
PATIENCE_S = 300
PAUSE_S = 0.2


class Storing:
    """Takes an upload's records in any number of batches. `counts` says how many were new to the shop."""

    def __init__(self, tenant: str, import_id: UUID, *, look_up: bool):
        self._tenant = tenant
        self._import_id = import_id
        self._look_up = look_up  # whether an earlier upload may have stored some of the rows
        self._position = ""
        self.made = 0  # profiles that were new
        self.changed = 0  # profiles that are different now

    def put(self, records: list) -> None:
        """Accept these records; they are on disk when this returns. Raises Unavailable when the log does not answer for minutes."""
        if not records:
            return
        if not isinstance(records[0], Event | OrderLine):
            made, changed = upload_profiles.upsert(self._tenant, records, import_id=self._import_id)
            self.made, self.changed = self.made + made, self.changed + changed
            return
        if self._look_up:
            known = _stored_before(self._tenant, str(self._import_id), records)
            records = [record for record in records if _id(record) not in known]
        if records:
            self._position = _patiently(lambda: self._record(records))

    def _record(self, records: list) -> str:
        if event_log.current().backlog() > MOST_AHEAD:
            raise Unavailable("The log is busy.")
        if isinstance(records[0], Event):
            return ingest.record_events(self._tenant, records, import_id=str(self._import_id))
        return ingest.record_order_lines(self._tenant, records, import_id=str(self._import_id))

    def is_stored(self) -> bool:
        """Whether everything that was put is in the numbers."""
        return not self._position or event_log.current().is_stored(self._position)


STORED_SQL = """
SELECT uniqExact($id) AS rows FROM $table WHERE customer_id = {tenant:String} AND import_id = {import_id:String}"""


def count_stored(tenant: str, import_id: UUID, kind: str) -> int:
    """How many rows of the shop came with this upload."""
    table, id = _TABLES[kind]
    return clickhouse.query(STORED_SQL, {"tenant": tenant, "import_id": str(import_id)}, table=table, id=id)[0]["rows"]


PERSONS_SQL = """
SELECT id, min(at) AS first FROM (
    SELECT user_id AS id, timestamp AS at FROM events_raw WHERE customer_id = {tenant:String} AND import_id = {import_id:String}
    UNION ALL
    SELECT buyer_id AS id, ordered_at AS at FROM order_lines_raw WHERE customer_id = {tenant:String} AND import_id = {import_id:String}
) WHERE id != '' GROUP BY id ORDER BY id"""


def persons_of(tenant: str, import_id: UUID) -> list[Sighting]:
    """Whom the rows of this upload name, each with the earliest time."""
    rows = clickhouse.query(PERSONS_SQL, {"tenant": tenant, "import_id": str(import_id)})
    return [Sighting(row["id"], row["first"]) for row in rows]


def make_customers(tenant: str, import_id: UUID) -> None:
    """Make a customer of everybody whom the upload names."""
    found = persons_of(tenant, import_id)
    for start in range(0, len(found), 5_000):
        persons.see(tenant, found[start : start + 5_000])


_TABLES = {"events": (Sql("events_raw"), Sql("event_id")), "orders": (Sql("order_lines_raw"), Sql("line_id"))}
_TIMES = {"events": Sql("timestamp"), "orders": Sql("ordered_at")}

STORED_BEFORE_SQL = """
SELECT DISTINCT $id AS id FROM $table
WHERE customer_id = {tenant:String} AND $time >= {first:DateTime64(3, 'UTC')} AND $time <= {last:DateTime64(3, 'UTC')}
  AND import_id != {import_id:String}
  AND $id IN (SELECT event_id FROM arrived_ids WHERE customer_id = {tenant:String} AND run = {run:UInt64})"""


def _stored_before(tenant: str, import_id: str, records: list) -> set[bytes]:
    """The ids of those records that another upload, or another door, stored already."""
    kind = "events" if isinstance(records[0], Event) else "orders"
    times = [record.timestamp if kind == "events" else record.ordered_at for record in records]
    run = postgres.next_version(tenant)
    ids = {
        "customer_id": pa.repeat(tenant, len(records)),
        "run": pa.array([run] * len(records), pa.uint64()),
        "event_id": pa.array([_id(record) for record in records], pa.binary(16)),
    }
    clickhouse.insert("arrived_ids", pa.table(ids))
    table, id = _TABLES[kind]
    params = {
        "tenant": tenant,
        "import_id": import_id,
        "run": run,
        "first": uploads.instant(min(times)),
        "last": uploads.instant(max(times)),
    }
    rows = clickhouse.query(STORED_BEFORE_SQL, params, table=table, id=id, time=_TIMES[kind])
    return {row["id"].bytes for row in rows}


def _id(record: Event | OrderLine) -> bytes:
    return record.event_id if isinstance(record, Event) else record.line_id


def _patiently(append) -> str:
    """What `append` answers, tried again while the log is full or away."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return append()
        except Unavailable:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_S)
