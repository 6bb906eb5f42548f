"""The tables over a cluster: the engine's own parser takes each statement, and none is forgotten."""

import re

import pytest

from stores import clickhouse, schema
from stores.clickhouse import Sql
from stores.schema import cluster

SMALL = """CREATE TABLE IF NOT EXISTS sessions
(
    a UInt8
)
ENGINE = ReplacingMergeTree(version, deleted)
PARTITION BY toMonday(day)
ORDER BY (a)"""


def every_statement() -> list[str]:
    files = sorted(schema.FOLDER.glob("[0-9]*.sql"))
    return [schema.LEDGER_SQL.strip()] + [statement for file in files for statement in schema.statements(file.read_text())]


def test_a_table_becomes_a_replicated_one_and_one_that_finds_all_shards():
    assert cluster.statements(SMALL, "main") == [
        """CREATE TABLE IF NOT EXISTS sessions_local ON CLUSTER `main`
(
    a UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/sessions_local', '{replica}', version, deleted)
PARTITION BY toMonday(day)
ORDER BY (a)""",
        """CREATE TABLE IF NOT EXISTS sessions ON CLUSTER `main` AS sessions_local
ENGINE = Distributed(`main`, currentDatabase(), sessions_local, vh)""",
    ]


def test_a_change_reaches_both_tables():
    assert cluster.statements("ALTER TABLE sessions ADD COLUMN IF NOT EXISTS b UInt8", "main") == [
        "ALTER TABLE sessions_local ON CLUSTER `main` ADD COLUMN IF NOT EXISTS b UInt8",
        "ALTER TABLE sessions ON CLUSTER `main` ADD COLUMN IF NOT EXISTS b UInt8",
    ]


def test_the_engine_parses_every_statement_in_its_form_over_a_cluster(servers):
    forms = [form for statement in every_statement() for form in cluster.statements(statement, "main")]
    for form in forms:
        assert clickhouse.query("SELECT formatQuery({form:String}) AS parsed", {"form": form})[0]["parsed"].startswith(
            form.split("\n")[0][:20]
        )
    made = {re.match(r"CREATE TABLE IF NOT EXISTS (\w+) ", form)[1] for form in forms if form.startswith("CREATE")}
    assert made == set(cluster.SHARDED_BY) | {f"{table}_local" for table in cluster.SHARDED_BY}


def test_a_deletion_names_the_tables_of_all_shards():
    assert clickhouse.stored_in(Sql("events_raw"), "main") == Sql("events_raw_local ON CLUSTER `main`")
    assert clickhouse.stored_in(Sql("events_raw"), "") == Sql("events_raw")


@pytest.mark.parametrize("name", ["", "a b", "x`; DROP TABLE sessions", "n" * 65])
def test_a_name_that_no_cluster_has_is_refused(name):
    with pytest.raises(ValueError, match="CLICKHOUSE_CLUSTER"):
        cluster.statements(SMALL, name)
