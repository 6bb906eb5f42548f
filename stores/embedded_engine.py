"""chDB behind one door: every statement on a handle of its own, with its settings, its role and its parameters."""

import os
import re
import string
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import chdb

DATABASE = "ecap"
EMPTY_DATABASE = "ecap_empty"  # where a reader's unqualified names end
ADMIN = "__ecap_admin__"  # the log_comment that the row policies let through
READER_ROLE = "ecap_reader"
RUNNING = 16  # statements at a time; the others wait their turn

# The engine formats each streamed block by itself. In these formats blocks can follow each other, in all others an answer is one piece.
STREAMED = {"Native", "TabSeparated", "TSV", "CSV", "JSONEachRow", "RowBinary", "Values"}

INSERT = re.compile(
    rb"\s*insert\s+into\s+(?:table\s+)?[\w.`\"]+\s*"  # the table
    rb"(?:\((?:[^()]|\([^()]*\))*\)\s*)?(?:settings\s+[^()]*?\s)?"  # its columns and settings
    rb"format\s+(\w+)[ \t]*;?[ \t\r]*\n?",  # and the rows behind it
    re.I,
)
SELECT = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:select|with|\()", re.I | re.S)
FORMAT = re.compile(r"\bformat\s+(\w+)\s*;?\s*$", re.I)
SETTING = re.compile(r"[A-Za-z_]\w*")
# Literals, quoted names and comments: what may hold a semicolon that ends no statement.
QUOTED = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`(?:[^`\\]|\\.)*`|--[^\n]*|/\*.*?\*/", re.S)


class Refused(Exception):
    """A statement that we do not hand to the engine, in the engine's words."""


@dataclass(frozen=True)
class Statement:
    """One request. `data` are the rows of an INSERT … FORMAT; `params` are bound as `{name:Type}`."""

    sql: str
    data: bytes = b""
    database: str = ""
    format: str = "TabSeparated"
    role: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)

    @property
    def is_reader(self) -> bool:
        return self.role == READER_ROLE

    @property
    def is_streamed(self) -> bool:
        """Whether the engine can give the answer in pieces."""
        return self.output_format in STREAMED and bool(SELECT.match(self.sql))

    @property
    def output_format(self) -> str:
        """The format of the answer: the statement's own, else the request's."""
        named = FORMAT.search(self.sql[-200:])
        return named.group(1) if named else self.format


class Engine:
    """The one owner of a data folder. Only one may exist in a process, and one process on a folder."""

    def __init__(self, folder: Path, scratch: Path):
        self.folder = folder
        self.scratch = scratch  # inserted rows pass through a file here: memory, where the machine has such a folder
        self.slots = threading.BoundedSemaphore(RUNNING)
        configuration = folder.parent / "clickhouse.xml"
        template = string.Template(Path(__file__).with_name("embedded_clickhouse.xml").read_text())
        configuration.write_text(template.substitute(self=configuration))
        # The configuration counts for the whole process, from the first handle; this one also keeps the engine open.
        self.keep = chdb.connect(f"{folder}?config-file={configuration}")
        for database in (DATABASE, EMPTY_DATABASE):
            self.keep.query(f"CREATE DATABASE IF NOT EXISTS {database}")

    def close(self) -> None:
        self.keep.close()

    def insert(self, statement: Statement) -> int:
        """The number of rows written from `statement.data`."""
        found = INSERT.match(statement.sql.encode())
        head = statement.sql[: found.start(1)].rstrip()[: -len("format")]
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
            handle = chdb.connect(str(self.folder))
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
        _check_single(statement.sql)
        handle.query(f"SET ROLE {READER_ROLE}")
        handle.query(f"USE {EMPTY_DATABASE}")
    elif statement.database:
        handle.query(f"USE {_name(statement.database)}")
    handle.query(f"SET {_assignments(statement)}")


def _assignments(statement: Statement) -> str:
    """All settings as one SET, `readonly` last: after it nothing can be set. A reader without log_comment sees no row."""
    mark = {"log_comment": statement.settings.get("log_comment", "") if statement.is_reader else ADMIN}
    settings = statement.settings | mark
    if statement.is_reader:
        settings["readonly"] = "1"
    return ", ".join(f"{_name(name)} = {_text(settings[name])}" for name in sorted(settings, key=lambda name: name == "readonly"))


def _check_single(sql: str) -> None:
    # The engine would run each of several statements, the later ones as if they were ours.
    if ";" in QUOTED.sub("''", sql).rstrip().removesuffix(";"):
        raise Refused("Code: 62. DB::Exception: Multi-statements are not allowed. (SYNTAX_ERROR)")


def _name(text: str) -> str:
    if not SETTING.fullmatch(text):
        raise Refused(f"Code: 62. DB::Exception: {text!r} is not a name. (SYNTAX_ERROR)")
    return text


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
