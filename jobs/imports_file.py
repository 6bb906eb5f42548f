"""Reads a file from this machine's disk as the web form would: what `manage.py import` does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from actions import accounts, tenants, upload_preview, uploads
from actions.accounts import Identity
from actions.uploads import Upload
from errors import Conflict, Invalid, NotFound
from jobs import ingest, worker
from stores import files

KINDS = {"users": "profiles", "events": "events", "orders": "orders"}
CHUNK = 1 << 20
LOOK_S = 0.5


def run(path: Path, *, shop: str, kind: str | None = None, zone: str | None = None, say: Callable[[str], None]) -> Upload:
    """The upload after it was read into `shop`, which is made where there is none. Raises Invalid or Conflict where it cannot be read.

    `say` gets a line on the progress now and then. `kind` (one of KINDS) and `zone` are guessed, and the shop's, where nothing is said.
    """
    who = _owner(shop, path, zone)
    upload = _received(who, path)
    mapping = upload_preview.of(upload.tenant, upload.id, kind=KINDS[kind] if kind else None, zone=zone).mapping
    mapping.checked(len(mapping.columns))
    say(f"{upload.filename}: read as {mapping.kind}, " + ", ".join(f"{name}={role}" for name, role in _read_as(upload, mapping)))
    asked = uploads.ask_read(who, upload.id, mapping)
    with _consuming(), _saying(asked, say):
        worker.perform(asked.tenant, str(asked.job_id))
    done = uploads.load(asked.tenant, asked.id)
    if done.state != "done":
        raise Conflict(done.message or "The file was not read.")
    return done


def _owner(shop: str, path: Path, zone: str | None) -> Identity:
    """The administrator in that shop."""
    owner = accounts.administrator()
    try:
        tenants.load(shop)
        accounts.join(owner, shop, "admin")
    except NotFound:
        tenants.create(shop, owner=owner, timezone=zone or "UTC", id=shop)
    return accounts.identity(owner, shop)


def _received(who: Identity, path: Path) -> Upload:
    file = f"{uuid4()}.csv"
    incoming = files.Incoming(uploads.PURPOSE, file)
    try:
        with path.open("rb") as source:
            while chunk := source.read(CHUNK):
                incoming.write(chunk)
        return uploads.receive(who.tenant, incoming, file=file, filename=path.name, account_id=who.account_id)
    except OSError as problem:
        raise Invalid(f"{path} cannot be read: {problem.strerror}.") from None
    finally:
        incoming.discard()


def _read_as(upload: Upload, mapping) -> list[tuple[str, str]]:
    return list(zip(upload.look["header"], mapping.columns, strict=True))


@contextmanager
def _consuming() -> Iterator[None]:
    """The consumer of the log, for where no server runs; beside one that does it only waits for its turn."""
    stop = threading.Event()
    thread = threading.Thread(target=ingest.run, args=(stop,), name="ingest", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _saying(upload: Upload, say: Callable[[str], None]) -> Iterator[None]:
    """Pass on each new message of the upload."""
    over = threading.Event()

    def watch() -> None:
        last = ""
        while not over.wait(LOOK_S):
            message = uploads.load(upload.tenant, upload.id).message
            if message and message != last:
                say(message)
                last = message

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
