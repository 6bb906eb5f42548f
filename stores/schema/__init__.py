"""Brings ClickHouse's tables up to date from the numbered .sql files beside this one."""

import re
from pathlib import Path

import settings
from stores import clickhouse
from stores.clickhouse import Sql
from stores.schema import cluster

FOLDER = Path(__file__).parent

LEDGER_SQL = """
CREATE TABLE IF NOT EXISTS schema_files (name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree ORDER BY name"""


def apply() -> list[str]:
    """Run the files that were not run here before, in the order of their numbers; return their names."""
    _run(_repeatable(LEDGER_SQL.strip()))
    known = _applied()
    fresh = [path for path in sorted(FOLDER.glob("[0-9]*.sql")) if path.name not in known]
    for path in fresh:
        for statement in statements(path.read_text()):
            _run(statement)
        _note(path.name)
    return [path.name for path in fresh]


def _run(statement: str) -> None:
    name = settings.current().clickhouse_cluster
    for form in cluster.statements(statement, name) if name else [statement]:
        clickhouse.command("$statement", statement=Sql(form))


APPLIED_SQL = "SELECT DISTINCT name FROM schema_files"


def _applied() -> set[str]:
    return {row["name"] for row in clickhouse.query(APPLIED_SQL)}


NOTE_SQL = "INSERT INTO schema_files (name) VALUES ({name:String})"


def _note(name: str) -> None:
    clickhouse.command(NOTE_SQL, {"name": name})


def statements(text: str) -> list[str]:
    """The statements of a file, each safe to run twice: a file that broke off in the middle is simply run again."""
    without_comments = re.sub(r"--[^\n]*", "", text)
    parts = [part.strip() for part in without_comments.split(";")]
    return [_repeatable(part) for part in parts if part]


def _repeatable(statement: str) -> str:
    statement = re.sub(r"^CREATE (TABLE|VIEW|MATERIALIZED VIEW|DICTIONARY) (?!IF NOT EXISTS)", r"CREATE \1 IF NOT EXISTS ", statement)
    return re.sub(r"\b(ADD (?:COLUMN|INDEX|PROJECTION)) (?!IF NOT EXISTS)", r"\1 IF NOT EXISTS ", statement)
