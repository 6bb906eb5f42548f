"""chDB behind one door: every statement on a handle of its own, with its settings, its role and its parameters."""

import os
import string
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chdb

from stores.embedded_statement import INSERT, READER_ROLE, Statement, check_single, name

DATABASE = "ecap"
EMPTY_DATABASE = "ecap_empty"  # where a reader's unqualified names end
PATIENCE_S = 3
RUNNING = 16  # statements at a time; the others wait their turn


class Engine:
    """The one owner of `folder`/data. Only one may exist in a process, and one process on a folder."""

    def __init__(self, folder: Path, scratch: Path):
        self.data = folder / "data"
        self.scratch = scratch  # inserted rows pass through a file here: memory, where the machine has such a folder
        self.slots = threading.BoundedSemaphore(RUNNING)
        configuration = folder / "engine.xml"
        template = string.Template(Path(__file__).with_name("embedded_clickhouse.xml").read_text())
        configuration.write_text(template.substitute(self=configuration))
        # The configuration counts for the whole process, from the first handle; this one also keeps the engine open.
        self.keep = chdb.connect(f"{self.data}?config-file={configuration}")
        for database in (DATABASE, EMPTY_DATABASE):
            self.keep.query(f"CREATE DATABASE IF NOT EXISTS {database}")

    def close(self) -> None:
        """Close the data folder, when what runs ends within PATIENCE_S; else leave it as a crash would, which loses nothing."""
        deadline = time.monotonic() + PATIENCE_S
        if all(self.slots.acquire(timeout=max(0.0, deadline - time.monotonic())) for _ in range(RUNNING)):
            self.keep.close()

    def insert(self, statement: Statement) -> int:
        """The number of rows written from `statement.data`."""
        found = INSERT.match(statement.sql.encode())
        head = statement.sql.encode()[: found.start(1)].decode().rstrip()[: -len("format")]
        with self._handle(statement) as handle, self._file(statement.data) as file:
            return handle.query(f"{head} FROM INFILE '{file}' FORMAT {found.group(1).decode()}", "TSV").rows_read()

    def select(self, statement: Statement) -> Iterator[bytes]:
        """The answer in pieces, as they come. Close the iterator when you stop early."""
        with self._handle(statement) as handle:
            if statement.is_streamed:
                for piece in handle.send_query(statement.sql, statement.format, params=statement.params):
                    yield piece.bytes()
            else:
                yield handle.query(statement.sql, statement.format, params=statement.params).bytes() or b""

    @contextmanager
    def _handle(self, statement: Statement):
        """A fresh handle with the statement's role and settings.

        TRICKY: never used twice. After a failed statement a handle puts the rows it had so far in front of its next answer.
        """
        with self.slots:
            handle = chdb.connect(str(self.data))
            try:
                _prepare(handle, statement)
                yield handle
            finally:
                handle.close()

    @contextmanager
    def _file(self, data: bytes):
        descriptor, path = tempfile.mkstemp(dir=self.scratch)
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
            yield path
        finally:
            os.unlink(path)


def _prepare(handle, statement: Statement) -> None:
    if statement.is_reader:
        check_single(statement.sql)
        handle.query(f"SET ROLE {READER_ROLE}")
        handle.query(f"USE {EMPTY_DATABASE}")
    elif statement.database:
        handle.query(f"USE {name(statement.database)}")
    handle.query(f"SET {statement.assignments}")
