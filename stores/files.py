"""Files that people send us: kept under ECAP_HOME/files, one flat folder a purpose, readable by nobody else."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import settings
from errors import NotFound

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


@dataclass(frozen=True)
class Kept:
    """A file that is on disk, whole."""

    size: int  # bytes
    sha256: str  # hexadecimal


class Incoming:
    """A file while it arrives: written beside its place, hashed on the way, and in its place only after `keep`."""

    def __init__(self, purpose: str, name: str):
        self._place = path(purpose, name)
        descriptor, self._part = tempfile.mkstemp(prefix=".part-", dir=_folder(purpose))
        self._file = os.fdopen(descriptor, "wb")
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self._size += len(data)
        return self._file.write(data)

    def seek(self, *_where) -> int:
        """What form parsers call at the end; there is nothing to go back for."""
        return 0

    def keep(self) -> Kept:
        """What is now in its place, and still will be after a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self._part, self._place)
        return Kept(self._size, self._hash.hexdigest())

    def discard(self) -> None:
        """Forget what arrived, where it was not kept."""
        self._file.close()
        Path(self._part).unlink(missing_ok=True)


def path(purpose: str, name: str) -> Path:
    """Where the file is or will be; raises NotFound for a name that could leave the folder."""
    if not NAME.fullmatch(name) or not NAME.fullmatch(purpose):
        raise NotFound("There is no such file.")
    return _folder(purpose) / name


def open_file(purpose: str, name: str) -> BinaryIO:
    """The file, open for reading; raises NotFound where it is gone."""
    try:
        return path(purpose, name).open("rb")
    except FileNotFoundError:
        raise NotFound("The file is not kept any more.") from None


def put(purpose: str, name: str, chunks: Iterator[bytes]) -> Kept:
    """Keep `chunks` under `name`; half of them are never there."""
    incoming = Incoming(purpose, name)
    try:
        for chunk in chunks:
            incoming.write(chunk)
        return incoming.keep()
    except BaseException:
        incoming.discard()
        raise


def remove(purpose: str, name: str) -> None:
    """Delete the file; one that is gone already is fine."""
    path(purpose, name).unlink(missing_ok=True)


def scratch() -> tempfile.TemporaryDirectory:
    """A folder for the intermediate files of one run, removed with it."""
    return tempfile.TemporaryDirectory(prefix="run-", dir=_folder("scratch"))


def _folder(purpose: str) -> Path:
    folder = settings.current().ecap_home.absolute() / "files" / purpose
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
