"""What tests of uploads share: a file brought to a shop, and read as a worker would."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from actions import upload_preview, uploads
from actions.accounts import Identity
from actions.upload_mapping import Mapping
from actions.uploads import Upload
from jobs import imports, ingest
from models import permissions
from stores import files

DATA = Path(__file__).parent / "data"


@contextmanager
def consuming() -> Iterator[None]:
    """The consumer of the event log, as its process runs it."""
    stop = threading.Event()
    thread = threading.Thread(target=ingest.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)


def member(tenant: str, role: str = "manager", account_id=None) -> Identity:
    """Somebody who acts in `tenant`."""
    return Identity(account_id, "m@example.com", "m", "Mo", "Member", tenant, role, permissions.of_role(role))


def bring(tenant: str, content: bytes | str, filename: str = "file.csv") -> Upload:
    """The upload of a file with this content."""
    file = f"{uuid4()}.csv"
    incoming = files.Incoming(uploads.PURPOSE, file)
    incoming.write(content.encode() if isinstance(content, str) else content)
    return uploads.receive(tenant, incoming, file=file, filename=filename, account_id=None)


def guess(upload: Upload, **changes) -> Mapping:
    """The mapping that is guessed for it, with some fields changed."""
    return replace(upload_preview.of(upload.tenant, upload.id).mapping, **changes)


def ask(upload: Upload, mapping: Mapping | None = None) -> Upload:
    """The upload, asked to be read."""
    return uploads.ask_read(member(upload.tenant), upload.id, mapping or guess(upload))


def read(upload: Upload, mapping: Mapping | None = None) -> Upload:
    """The upload after it was read."""
    asked = ask(upload, mapping)
    imports.read(asked.tenant, str(asked.id))
    return uploads.load(asked.tenant, asked.id)


def undo(upload: Upload) -> Upload:
    """The upload after it was undone."""
    uploads.ask_undo(upload.tenant, upload.id)
    imports.undo(upload.tenant, str(upload.id))
    return uploads.load(upload.tenant, upload.id)
