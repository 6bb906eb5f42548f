"""One request to the embedded engine, and what its text says about itself."""

import re
from dataclasses import dataclass, field

READER_ROLE = "ecap_reader"
ADMIN = "__ecap_admin__"  # the log_comment that the row policies let through

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
NAME = re.compile(r"[A-Za-z_]\w*")
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

    @property
    def assignments(self) -> str:
        """All settings as text for one SET. Ours carry the marker that sees every shop; a reader's name one shop, or see no row.

        Raises Refused for a reader with our marker.
        """
        marked = self.settings | {"log_comment": self._log_comment()}
        if self.is_reader:
            marked.pop("readonly", None)
            marked["readonly"] = "1"  # the last: after it nothing can be set
        return ", ".join(f"{name(setting)} = {_text(value)}" for setting, value in marked.items())

    def _log_comment(self) -> str:
        if not self.is_reader:
            return ADMIN
        shop = self.settings.get("log_comment", "")
        if shop == ADMIN:
            raise Refused("Code: 497. DB::Exception: A reader reads one shop. (ACCESS_DENIED)")
        return shop


def check_single(sql: str) -> None:
    """Raises Refused for text with several statements: the engine would run them all, the later ones as if they were ours."""
    if ";" in QUOTED.sub("''", sql).rstrip().removesuffix(";"):
        raise Refused("Code: 62. DB::Exception: Multi-statements are not allowed. (SYNTAX_ERROR)")


def name(text: str) -> str:
    """`text`, when it is a name that needs no quotes. Raises Refused for anything else."""
    if not NAME.fullmatch(text):
        raise Refused(f"Code: 62. DB::Exception: {text!r} is not a name. (SYNTAX_ERROR)")
    return text


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
