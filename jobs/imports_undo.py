"""Takes away what one upload stored: its facts, the ids they blocked, the profiles it made; then recomputes what it touched."""

import json
import time
from uuid import UUID

import pyarrow as pa

from actions import ingest, upload_profiles, upload_storing, uploads
from actions.uploads import Upload
from jobs import ingest_batch, order_lines, sessions
from jobs.ingest_batch import Touched
from stores import clickhouse, event_log, files
from stores.clickhouse import Sql

WAIT_S = 0.2


def run(upload: Upload) -> int:
    """How many rows were taken away. What is touched is written to disk first, so that a killed run can be repeated whole."""
    if upload.kind == "profiles":
        return upload_profiles.remove_made_by(upload.tenant, upload.id)
    _wait_for_log(upload.tenant)
    rows = upload_storing.count_stored(upload.tenant, upload.id, upload.kind)
    touched, persons = _touched(upload)
    _delete(upload.tenant, upload.id)
    ingest_batch.recompute(upload.tenant, touched)
    for start in range(0, len(persons), 5_000):
        upload_profiles.remove_unknown(upload.tenant, persons[start : start + 5_000])
    files.remove(uploads.PURPOSE, _note(upload.id))
    return rows


def _wait_for_log(tenant: str) -> None:
    """An entry of the upload that is still in the log would come after its own removal."""
    position = ingest.mark(tenant)
    while not event_log.current().is_stored(position):
        time.sleep(WAIT_S)


def _touched(upload: Upload) -> tuple[Touched, list[str]]:
    """The sessions, orders and persons of the upload: from the note of an earlier run, where that one deleted already."""
    note = files.path(uploads.PURPOSE, _note(upload.id))
    earlier = json.loads(note.read_text()) if note.exists() else {"sessions": [], "orders": [], "persons": []}
    table = sessions.touched_by_import(upload.tenant, str(upload.id))
    rows = [[row["visitor_id"], row["session_id"], _ms(row["first"]), _ms(row["last"])] for row in table.to_pylist()]
    found = {
        "sessions": earlier["sessions"] + rows,
        "orders": earlier["orders"] + order_lines.touched_by_import(upload.tenant, str(upload.id)),
        "persons": earlier["persons"] + [person.user_id for person in upload_storing.persons_of(upload.tenant, upload.id)],
    }
    files.put(uploads.PURPOSE, note.name, iter([json.dumps(found).encode()]))
    return Touched([_table(found["sessions"])], set(), set(found["orders"])), sorted(set(found["persons"]))


ITS_IDS = Sql("""customer_id = {tenant:String} AND event_id IN (
    SELECT event_id FROM events_raw WHERE customer_id = {tenant:String} AND import_id = {import_id:String})""")
ITS_ROWS = Sql("customer_id = {tenant:String} AND import_id = {import_id:String}")


def _delete(tenant: str, import_id: UUID) -> None:
    """The ids go first: they are found by the events."""
    params = {"tenant": tenant, "import_id": str(import_id)}
    clickhouse.delete("event_ids", ITS_IDS, params)
    for table in ("events_raw", "order_lines_raw"):
        clickhouse.delete(table, ITS_ROWS, params)


def _table(rows: list[list]) -> pa.Table:
    """The sessions as jobs.sessions takes them."""
    visitors, ids, first, last = zip(*rows, strict=True) if rows else ((), (), (), ())
    time = pa.timestamp("ms", tz="UTC")
    columns = [pa.array(visitors, pa.string()), pa.array(ids, pa.string()), pa.array(first, time), pa.array(last, time)]
    return pa.Table.from_arrays(columns, names=["visitor_id", "session_id", "first", "last"])


def _ms(moment) -> int:
    return int(moment.timestamp() * 1000)


def _note(id: UUID) -> str:
    return f"{id}.touched"
