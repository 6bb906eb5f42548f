"""A file before it is read: its columns, how they would be read, five rows as they would be stored, and what all rows would do."""

from dataclasses import asdict, dataclass, replace
from uuid import UUID

from actions import (
    jobs,
    tenants,
    upload_counting,
    upload_guessing,
    upload_names,
    upload_roles,
    upload_rows,
    upload_sniffing,
    upload_times,
    uploads,
)
from actions.event_schema import Event, OrderLine
from actions.upload_counting import Count, Summary
from actions.upload_mapping import EventName, Mapping
from actions.upload_names import NameFound
from actions.upload_orders import counts_as
from actions.upload_profiles import Profile
from actions.upload_reading import Table
from actions.upload_sniffing import Sniffed
from actions.upload_values import BadRow
from stores import files, postgres

AT_ONCE_BYTES = 4 << 20  # a file up to this size is counted while its sender waits; a job counts a larger one
ROWS = 5
FIRST_VALUES = 3


@dataclass(frozen=True)
class ColumnFound:
    """One column of the file."""

    name: str
    role: str
    values: list[str]  # the first different ones
    time: upload_times.Guess | None  # how its times are written, where it holds times
    empty: int | None  # cells of all rows, None before they are counted


@dataclass(frozen=True)
class Preview:
    """What reading the file with `mapping` would do."""

    mapping: Mapping
    reason: str  # why it is this kind of file
    missing: list[str]  # what no column is, though the kind needs it
    columns: list[ColumnFound]
    names: list[NameFound]  # the event names, the most frequent first
    rows: list[dict]  # ROWS at most, one of each kind if there is one, as stored; see `shown`
    summary: Summary | None  # None where a job counts the rows, or where the mapping is not complete


def of(tenant: str, id: UUID, mapping: Mapping | None = None, *, kind: str | None = None, zone: str | None = None) -> Preview:
    """The preview with `mapping`, else with the one that is guessed, where `kind` and `zone` may be said. Raises NotFound, Invalid."""
    upload = uploads.load(tenant, id)
    sniffed = upload_sniffing.sniffed_before(uploads.PURPOSE, uploads.file_of(tenant, id), upload.look)
    guess = upload_guessing.guess(sniffed, zone=zone or tenants.load(tenant).timezone, kind=mapping.kind if mapping else kind)
    chosen = _with_names(mapping, sniffed) if mapping else guess.mapping
    summary = None if chosen.missing() else summary_of(tenant, id, chosen)
    return Preview(
        mapping=chosen,
        reason=guess.reason,
        missing=chosen.missing(),
        columns=_columns(sniffed, chosen, summary),
        names=_names(sniffed, chosen, summary),
        rows=[] if chosen.missing() else _rows(sniffed, chosen, tenant),
        summary=summary,
    )


def summary_of(tenant: str, id: UUID, mapping: Mapping) -> Summary | None:
    """What all rows would do; None for a large file that no job has counted with this mapping (`ask_count`)."""
    upload = uploads.load(tenant, id)
    if upload.look.get("counted") == mapping.hash:
        return upload_counting.from_json(upload.look["summary"])
    large = upload.look["rows"] is None or upload.size * (12 if upload.look["packed"] else 1) > AT_ONCE_BYTES
    return None if large else count(tenant, id, mapping)


def count(tenant: str, id: UUID, mapping: Mapping, *, report=lambda share, rows: None) -> Summary:
    """What all rows would do, from reading them all; kept with the upload."""
    upload = uploads.load(tenant, id)
    mapping.checked(len(upload.look["header"]))
    counted = Count(mapping)
    rows = 0
    with files.open_file(uploads.PURPOSE, uploads.file_of(tenant, id)) as handle:
        table = Table(handle, upload_sniffing.dialect_of(upload.look), max_bytes=uploads.max_bytes())
        for batch in upload_rows.batches(table, mapping, tenant):
            counted.add(batch)
            rows += batch.rows
            report(batch.bytes_read / max(1, upload.size), rows)
    summary = counted.result()
    uploads.change(tenant, id, look={"counted": mapping.hash, "summary": summary.to_json(), "rows": summary.rows})
    return summary


def ask_count(tenant: str, id: UUID, mapping: Mapping) -> UUID:
    """The job that counts the rows of a large file with this mapping. A second request joins the first."""
    upload = uploads.load(tenant, id)
    mapping.checked(len(upload.look["header"]))
    with postgres.session(tenant) as db:
        arguments = {"upload": str(id), "mapping": mapping.to_json()}
        return jobs.add(db, "count_upload", tenant=tenant, once=f"{id} {mapping.hash}", arguments=arguments)


def _with_names(mapping: Mapping, sniffed: Sniffed) -> Mapping:
    """The mapping with every event name of the sample in it, so that nothing is read in a way that was not shown."""
    guessed = upload_guessing.names(sniffed, mapping.columns) if mapping.kind == "events" else {}
    return replace(mapping, names=guessed | mapping.names)


def _columns(sniffed: Sniffed, mapping: Mapping, summary: Summary | None) -> list[ColumnFound]:
    empty = summary.empty if summary and summary.empty else [None] * len(sniffed.header)
    return [
        ColumnFound(column.name, role, list(dict.fromkeys(column.values))[:FIRST_VALUES], column.time, gaps)
        for column, role, gaps in zip(upload_guessing.columns_of(sniffed), mapping.columns, empty, strict=True)
    ]


def _names(sniffed: Sniffed, mapping: Mapping, summary: Summary | None) -> list[NameFound]:
    counts = summary.names if summary and summary.names else dict(upload_guessing.name_counts(sniffed, mapping.columns).most_common())
    if mapping.kind != "events" or mapping.column("event") is None:
        return []
    return [upload_names.found(name, rows, mapping.names.get(name)) for name, rows in counts.items()]


def _rows(sniffed: Sniffed, mapping: Mapping, tenant: str) -> list[dict]:
    """The first row of each kind, then the next ones, in the file's order."""
    make = upload_rows.MAKERS[mapping.kind](mapping, sniffed.header, tenant)
    kinds: dict[tuple, int] = {}
    made = []
    for line, cells in enumerate(sniffed.sample):
        try:
            record = make(line, cells, bytes(16))
        except BadRow:
            continue
        kinds.setdefault(_kind(record), len(made))
        made.append(record)
    first = sorted(kinds.values())[:ROWS]
    rest = [place for place in range(min(len(made), ROWS)) if place not in first]
    return [shown(made[place]) for place in sorted((first + rest)[:ROWS])]


def _kind(record) -> tuple:
    """Rows of one kind look alike in a preview."""
    if isinstance(record, OrderLine):
        return counts_as(record), bool(record.buyer_id)
    return (record.event,) if isinstance(record, Event) else (bool(record.email), bool(record.name))


def shown(record: Event | OrderLine | Profile) -> dict:
    """What of a stored row is worth a look, by the roles of upload_roles; times in ms since 1970."""
    if isinstance(record, Profile):
        return {"person": record.customer_id, "full_name": record.name, "email": record.email} | record.traits
    if isinstance(record, OrderLine):
        read_as = counts_as(record)
        return {
            "time": record.ordered_at,
            "order": record.order_id,
            "read_as": read_as,
            "product": record.product_id or record.product,
            "quantity": record.quantity,
            "price": str(record.price),
            "person": record.buyer_id,
            "country": record.country,
        }
    return {
        "time": record.timestamp,
        "event": record.event,
        "page_type": record.page_type,
        "page": record.page_url,
        "person": record.user_id or record.visitor_id,
        "session": record.session_id,
        "device": record.device_type,
        "channel": record.channel,
        "properties": "" if record.properties == "{}" else record.properties,
    }


def to_json(preview: Preview) -> dict:
    """The preview as the API answers it."""
    kinds = upload_roles.choices(preview.mapping.kind)
    return asdict(replace(preview, mapping=None, summary=None)) | {
        "mapping": preview.mapping.to_json(),
        "summary": preview.summary and preview.summary.to_json(),
        "roles": kinds,
    }


__all__ = ["ColumnFound", "EventName", "Preview", "ask_count", "count", "of", "shown", "summary_of", "to_json"]
