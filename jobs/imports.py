"""Reads uploads: counts what a file would do, stores its rows, takes them away again. Each may be killed anywhere and run again."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from actions import jobs as job_rows
from actions import upload_counting, upload_errors, upload_mapping, upload_preview, upload_rows, upload_sniffing, upload_storing, uploads
from actions.upload_counting import Summary
from actions.upload_mapping import Mapping
from actions.upload_reading import Table
from actions.upload_sessions import Sessions
from actions.upload_storing import Storing
from actions.uploads import Upload
from errors import EcapError, Unavailable
from jobs import imports_undo, progress
from stores import files

WAIT_S = 0.3
KEEP_FILES = timedelta(days=7)  # how long a file can be read again


def count(tenant: str, upload: str, mapping: dict) -> dict:
    """Count what the file would do with this mapping; the Summary as JSON."""
    return upload_preview.count(tenant, UUID(upload), upload_mapping.from_json(mapping), report=_report_counted).to_json()


def read(tenant: str, upload: str) -> dict:
    """Store the rows of an upload; its counts.

    The ids of rows follow from their content, so a second run after a crash stores nothing twice. Stopped on request, it takes
    away what it stored.
    """
    id = UUID(upload)
    started = time.monotonic()
    found = uploads.change(tenant, id, state="reading")
    upload_errors.forget(tenant, id)
    try:
        summary, storing = _store(found)
        _wait(found, storing, summary)
    except progress.Stopped:
        if _is_to_stop(found):
            _take_back(found)
        raise
    except Unavailable:
        raise
    except EcapError as problem:
        uploads.change(tenant, id, state="failed", message=problem.message, finished_at=datetime.now(UTC))
        raise
    return _finish(found, summary, storing, time.monotonic() - started)


def undo(tenant: str, upload: str) -> dict:
    """Take away what an upload stored, and recompute what it touched; how many rows that were."""
    found = uploads.load(tenant, UUID(upload))
    rows = imports_undo.run(found)
    nothing = {"rows_stored": 0, "rows_known": 0, "adjustments": 0, "period_start": None, "period_end": None}
    uploads.change(tenant, found.id, state="undone", message=f"{rows:,} rows were removed.", finished_at=datetime.now(UTC), **nothing)
    return {"rows": rows}


def forget_files(tenant: str) -> dict:
    """Delete the shop's files that nobody will read again; how many."""
    return {"files": uploads.forget_files(tenant, datetime.now(UTC) - KEEP_FILES)}


def _store(upload: Upload) -> tuple[Summary, Storing]:
    """Put every row into the log; what the file holds, and the storing to wait for."""
    mapping = uploads.mapping_of(upload)
    storing = Storing(upload.tenant, upload.id, look_up=uploads.has_earlier(upload))
    counted = upload_counting.Count(mapping)
    kept_errors = 0
    with files.open_file(uploads.PURPOSE, uploads.file_of(upload.tenant, upload.id)) as handle, files.scratch() as folder:
        table = Table(handle, upload_sniffing.dialect_of(upload.look), max_bytes=uploads.max_bytes())
        sessions = Sessions(upload.tenant, folder)
        rows = 0
        for batch in upload_rows.batches(table, mapping, upload.tenant):
            counted.add(batch)
            upload_errors.add(upload.tenant, upload.id, batch.errors[: upload_errors.MOST - kept_errors])
            kept_errors = min(upload_errors.MOST, kept_errors + len(batch.errors))
            storing.put(_without_open_sessions(batch.records, sessions, mapping))
            rows += batch.rows
            _report(upload, rows, batch.bytes_read / max(1, upload.size))
        for events in sessions.batches(upload_rows.BATCH_ROWS):
            storing.put(events)
            progress.report(0.95, f"{rows:,} rows read, sessions are made")
    return counted.result(), storing


def _without_open_sessions(records: list, sessions: Sessions, mapping: Mapping) -> list:
    """The records that may be stored at once; events without a session wait for the end of the file."""
    if mapping.kind != "events":
        return records
    sessions.add([event for event in records if not event.session_id])
    return [event for event in records if event.session_id]


def _wait(upload: Upload, storing: Storing, summary: Summary) -> None:
    """Return when every row is in the numbers."""
    values = {"rows_read": summary.rows, "rows_rejected": summary.rejected}
    uploads.change(upload.tenant, upload.id, state="storing", **values)
    while not storing.is_stored():
        progress.report(0.98, f"All {summary.rows:,} rows read, the last are being counted")
        time.sleep(WAIT_S)


def _finish(upload: Upload, summary: Summary, storing: Storing, seconds: float) -> dict:
    """Write down what became of the rows."""
    accepted = summary.rows - summary.rejected
    if upload.kind == "profiles":
        stored = storing.made + storing.changed
        accepted = summary.counts["customers"]
    else:
        stored = upload_storing.count_stored(upload.tenant, upload.id, upload.kind)
        upload_storing.make_customers(upload.tenant, upload.id)
    counts = {"rows_read": summary.rows, "rows_stored": stored, "rows_known": max(0, accepted - stored), "rows_rejected": summary.rejected}
    period = {"period_start": uploads.instant(summary.first_ms), "period_end": uploads.instant(summary.last_ms)}
    more = {"adjustments": summary.counts.get("adjustment", 0), "message": "", "finished_at": datetime.now(UTC)}
    look = {"seconds": round(seconds, 1), "summary": summary.to_json(), "counted": upload.mapping_hash, "made": storing.made}
    uploads.change(upload.tenant, upload.id, state="done", look=look, **counts, **period, **more)
    return counts


def _is_to_stop(upload: Upload) -> bool:
    """Whether a person stopped the job; else another worker has it, and what was stored is the beginning of its work."""
    return upload.job_id is not None and job_rows.load(upload.tenant, upload.job_id).stop_requested


def _take_back(upload: Upload) -> None:
    imports_undo.run(uploads.load(upload.tenant, upload.id))
    uploads.change(
        upload.tenant, upload.id, state="received", rows_read=0, rows_rejected=0, message="Reading was stopped. Nothing was kept."
    )


def _report(upload: Upload, rows: int, share: float) -> None:
    total = upload.look["rows"]
    words = f"{rows:,} of {total:,} rows read" if total else f"{rows:,} rows read"
    progress.report(0.95 * (rows / total if total else share), words)


def _report_counted(share: float, rows: int) -> None:
    progress.report(share, f"{rows:,} rows counted")
