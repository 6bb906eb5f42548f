"""The numbered ClickHouse files are run once each, and a file that broke off can be run again."""

from stores import clickhouse, schema


def test_everything_is_applied_already_after_a_migration(servers):
    assert schema.apply() == []


def test_every_table_of_the_files_is_there(servers):
    tables = {row["name"] for row in clickhouse.query("SELECT name FROM system.tables WHERE database = currentDatabase()")}
    assert {"events_raw", "event_ids", "visitor_users", "order_lines_raw", "sessions", "funnel_sessions", "order_lines"} <= tables


def test_a_file_is_split_into_statements_that_may_run_twice():
    text = """
    -- a comment; with a semicolon
    CREATE TABLE a (x Int8) ENGINE = Memory; -- trailing
    ALTER TABLE a ADD COLUMN y Int8;
    CREATE TABLE IF NOT EXISTS b (x Int8) ENGINE = Memory;
    """
    assert schema.statements(text) == [
        "CREATE TABLE IF NOT EXISTS a (x Int8) ENGINE = Memory",
        "ALTER TABLE a ADD COLUMN IF NOT EXISTS y Int8",
        "CREATE TABLE IF NOT EXISTS b (x Int8) ENGINE = Memory",
    ]


def test_a_file_without_its_note_runs_again_and_changes_nothing(servers):
    clickhouse.command("ALTER TABLE schema_files DELETE WHERE name = '003_orders.sql'", settings={"mutations_sync": 1})

    assert schema.apply() == ["003_orders.sql"]
    assert schema.apply() == []
