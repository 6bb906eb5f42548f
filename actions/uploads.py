"""Uploads: files that were brought to a shop, how each is to be read, and what became of its rows."""

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, insert, select, update
from sqlalchemy.orm import Session

import models
import settings
from actions import accounts, jobs, tenants, upload_mapping, upload_sniffing
from actions.accounts import Identity
from actions.upload_mapping import Mapping
from errors import Conflict, Invalid, NotFound, NotPermitted
from stores import files, postgres

PURPOSE = "uploads"  # the folder in stores.files
BUSY = ("waiting", "reading", "storing", "undoing")
READABLE = ("received", "failed", "undone")  # nothing is stored, or what is stored would be stored again as it is
UNDOABLE = ("done", "failed")
PERMISSION = "write:analytics"


@dataclass(frozen=True)
class Upload:
    """One upload. Its job's progress and failure are part of it."""

    id: UUID
    tenant: str
    kind: str | None
    filename: str
    size: int  # bytes
    sha256: str
    look: dict[str, Any]  # what the file is: encoding, delimiter, packed, skip, header, rows, and the job and times of its reading
    mapping: dict | None
    mapping_hash: str | None
    state: str  # one of models.UPLOAD_STATES
    rows_read: int
    rows_stored: int
    rows_known: int
    rows_rejected: int
    adjustments: int
    period_start: datetime | None
    period_end: datetime | None
    message: str
    created_at: datetime
    finished_at: datetime | None
    progress: float = 0.0  # 0..1 of the job in hand

    @property
    def is_busy(self) -> bool:
        """Whether a job works on it or will."""
        return self.state in BUSY

    @property
    def job_id(self) -> UUID | None:
        """The job that works on it, or did last."""
        return UUID(self.look["job"]) if self.look.get("job") else None

    @property
    def seconds(self) -> float | None:
        """How long it took to read."""
        return self.look.get("seconds")


@dataclass(frozen=True)
class NewShop:
    """A shop to be made for a file."""

    name: str
    timezone: str = "UTC"
    currency: str = "EUR"


def receive(tenant: str, incoming: files.Incoming, *, file: str, filename: str, account_id: UUID | None) -> Upload:
    """The upload that came in `incoming`; raises Invalid, and keeps nothing, where it is no table."""
    kept = incoming.keep()
    try:
        with files.open_file(PURPOSE, file) as handle:
            sniffed = upload_sniffing.sniff(handle, max_bytes=max_bytes())
    except Invalid:
        files.remove(PURPOSE, file)
        raise
    upload_sniffing.keep_sample(PURPOSE, file, sniffed)
    values = {
        "tenant": tenant,
        "account_id": account_id,
        "filename": _shown(filename),
        "file": file,
        "size": kept.size,
        "sha256": kept.sha256,
    }
    with postgres.session(tenant) as db:
        new = insert(models.Upload).values(values | {"look": upload_sniffing.look(sniffed)}).returning(models.Upload.id)
        id = db.scalar(new)
    return load(tenant, id)


def max_bytes() -> int:
    """How large a file may be, packed and unpacked."""
    return settings.current().max_upload_mb << 20


def load(tenant: str, id: UUID) -> Upload:
    """The upload. Raises NotFound where the shop has none with this id."""
    found = _select(tenant, models.Upload.id == id)
    if not found:
        raise NotFound("There is no such upload.")
    return found[0]


def recent(tenant: str, limit: int = 20, offset: int = 0) -> list[Upload]:
    """The shop's uploads, newest first; those that were never read are left out."""
    return _select(tenant, models.Upload.state != "received", limit=limit, offset=offset)


def count(tenant: str) -> int:
    """How many uploads `recent` can list."""
    with postgres.session(tenant) as db:
        return db.scalar(select(func.count()).select_from(models.Upload).where(models.Upload.state != "received"))


def file_of(tenant: str, id: UUID) -> str:
    """The file's name in stores.files."""
    with postgres.session(tenant) as db:
        return db.scalar(select(models.Upload.file).where(models.Upload.id == id))


def ask_read(identity: Identity, id: UUID, mapping: Mapping, *, into: str | NewShop | None = None) -> Upload:
    """Let a job read the upload with this mapping, into the caller's shop or the one named; the upload in its new shop.

    Raises Invalid for a mapping that does not fit, Conflict where the upload is busy or the same file was read in another way.
    The job waits for the scheduler; whoever is in a hurry wakes it (`jobs.queue.wake`).
    """
    upload = load(identity.tenant, id)
    mapping.checked(len(upload.look["header"]))
    if upload.state not in READABLE:
        raise Conflict(f"This upload is {upload.state}. Undo it first.", details={"upload": str(id)})
    target = _target(identity, into)
    _refuse_other_mapping(target, upload, mapping)
    if target != upload.tenant:
        _move(upload, target)
    return _begin(target, id, mapping)


def ask_undo(tenant: str, id: UUID) -> Upload:
    """Let a job take away whatever the upload stored. Raises Conflict where nothing is to undo."""
    upload = load(tenant, id)
    if upload.state not in UNDOABLE:
        raise Conflict(f"This upload is {upload.state}: there is nothing to undo.")
    with postgres.session(tenant) as db:
        job = jobs.add(db, "undo_upload", tenant=tenant, once=str(id), arguments={"upload": str(id)})
        _change(db, tenant, id, state="undoing", message="", look=upload.look | {"job": str(job)})
    return load(tenant, id)


def change(tenant: str, id: UUID, **values) -> Upload:
    """The upload with some of its columns changed; `look` is merged into what is there."""
    with postgres.session(tenant) as db:
        if "look" in values:
            values["look"] = models.Upload.look.op("||")(cast(values["look"], models.Upload.look.type))
        _change(db, tenant, id, **values)
    return load(tenant, id)


def has_earlier(upload: Upload) -> bool:
    """Whether another upload of this kind was read into the shop, so that rows of this one may be known."""
    table = models.Upload
    other = table.id != upload.id, table.kind == upload.kind, table.state.in_((*BUSY, *UNDOABLE))
    with postgres.session(upload.tenant) as db:
        return db.scalar(select(table.id).where(*other).limit(1)) is not None


def forget_files(tenant: str, before: datetime) -> int:
    """How many files were deleted: of uploads that are older than `before` and not in work. Those never read are forgotten whole."""
    table = models.Upload
    with postgres.session(tenant) as db:
        old = db.execute(select(table.id, table.file, table.state).where(table.created_at < before, table.state.not_in(BUSY)))
        found = [row for row in old if files.path(PURPOSE, row.file).exists()]
        for row in found:
            files.remove(PURPOSE, row.file)
            files.remove(PURPOSE, f"{row.file}.sample")
        db.execute(delete(table).where(table.tenant == tenant, table.id.in_([row.id for row in found if row.state == "received"])))
    return len(found)


def _select(tenant: str, *where, limit: int | None = None, offset: int = 0) -> list[Upload]:
    table, job = models.Upload, models.Job
    its_job = (job.tenant == table.tenant) & (cast(job.id, Text) == table.look["job"].astext)
    query = select(table, job).outerjoin(job, its_job).where(*where).order_by(table.created_at.desc(), table.id.desc())
    with postgres.session(tenant) as db:
        return [_upload(row, its) for row, its in db.execute(query.limit(limit).offset(offset))]


def _upload(row: models.Upload, job: models.Job | None) -> Upload:
    """The row, with its job's word on how far it is. A job that ended without saying so here (its process died) has failed."""
    values = {field.name: getattr(row, field.name) for field in fields(Upload) if field.name != "progress"}
    values["look"] = row.look or {}
    if row.state not in BUSY or job is None:
        return Upload(**values)
    if job.state in ("failed", "stopped"):
        return Upload(**values | {"state": "failed", "message": job.error or job.message or "It was stopped."})
    return Upload(**values | {"message": job.message or row.message}, progress=job.progress)


def _target(identity: Identity, into: str | NewShop | None) -> str:
    """The id of the shop to read into; a new one is made. Raises NotPermitted where the caller may not write there."""
    if isinstance(into, NewShop):
        if identity.account_id is None:
            raise NotPermitted("A new shop needs the sign-in of a person, not a key.")
        return tenants.create(into.name, owner=identity.account_id, timezone=into.timezone, currency=into.currency).id
    if into and into != identity.tenant:
        if identity.account_id is None or not accounts.identity(identity.account_id, into).may(PERMISSION):
            raise NotPermitted("You may not upload into this shop.")
        return into
    return identity.tenant


def _refuse_other_mapping(tenant: str, upload: Upload, mapping: Mapping) -> None:
    """Reading one file in two ways would store its rows twice."""
    table = models.Upload
    same = table.sha256 == upload.sha256, table.id != upload.id, table.state.in_((*BUSY, "done"))
    with postgres.session(tenant) as db:
        others = list(db.execute(select(table.id, table.filename, table.state, table.mapping_hash).where(*same)))
    for other in others:
        details = {"upload": str(other.id)}
        if other.state in BUSY:
            raise Conflict("The same file is being read at this moment.", details=details)
        if other.mapping_hash != mapping.hash:
            raise Conflict(
                f"The same file was read in another way, as {other.filename}. Undo that first.", details=details, code="UNDO_FIRST"
            )


def _move(upload: Upload, tenant: str) -> None:
    """Give an upload that was not read yet to another shop of its owner."""
    with postgres.session(upload.tenant) as db:
        row = db.get(models.Upload, (upload.tenant, upload.id))
        values = {column.name: getattr(row, column.name) for column in models.Upload.__table__.columns} | {"tenant": tenant}
    with postgres.session(tenant) as db:
        db.execute(insert(models.Upload).values(values))
    with postgres.session(upload.tenant) as db:
        db.execute(delete(models.Upload).where(models.Upload.tenant == upload.tenant, models.Upload.id == upload.id))


def _begin(tenant: str, id: UUID, mapping: Mapping) -> Upload:
    upload = load(tenant, id)
    with postgres.session(tenant) as db:
        job = jobs.add(db, "read_upload", tenant=tenant, once=str(id), arguments={"upload": str(id)})
        nothing = {
            "rows_read": 0,
            "rows_stored": 0,
            "rows_known": 0,
            "rows_rejected": 0,
            "adjustments": 0,
            "message": "",
            "finished_at": None,
        }
        chosen = {"kind": mapping.kind, "mapping": mapping.to_json(), "mapping_hash": mapping.hash, "look": upload.look | {"job": str(job)}}
        _change(db, tenant, id, state="waiting", **nothing, **chosen)
    return load(tenant, id)


def _change(db: Session, tenant: str, id: UUID, **values) -> None:
    db.execute(update(models.Upload).where(models.Upload.tenant == tenant, models.Upload.id == id).values(values))


def mapping_of(upload: Upload) -> Mapping:
    """The mapping that the upload was read with; raises Invalid where none was chosen yet."""
    if not upload.mapping:
        raise Invalid("This upload was not read yet.")
    return upload_mapping.from_json(upload.mapping)


def instant(ms: int | None) -> datetime | None:
    """Milliseconds since 1970 as an aware time."""
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)


def _shown(filename: str) -> str:
    """The sender's name for the file, without folders and without what cannot be shown."""
    name = re.split(r"[\\/]", filename)[-1]
    return "".join(c for c in name if c.isprintable()).strip()[:200] or "upload.csv"
