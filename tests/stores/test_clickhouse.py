"""Values are bound, fragments are ours, and every trouble has a name."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import uuid4

import pyarrow as pa
import pytest

import settings
from errors import Unavailable
from stores import clickhouse
from stores.clickhouse import Sql


def test_values_come_back_as_they_were_bound(servers):
    moment = datetime(2025, 3, 30, 1, 59, 59, 123000, tzinfo=timezone(timedelta(hours=2)))
    rows = clickhouse.query(
        "SELECT {text:String} AS text, {moment:DateTime64(3, 'UTC')} AS moment,"
        " {money:Decimal(18, 4)} AS money, {words:Array(String)} AS words",
        {"text": "it's \\ {x:String} \n 'quoted'", "moment": moment, "money": Decimal("12345678901.2345"), "words": ["a'b", "c,d", "[e]"]},
    )
    assert rows == [
        {
            "text": "it's \\ {x:String} \n 'quoted'",
            "moment": datetime(2025, 3, 29, 23, 59, 59, 123000, tzinfo=UTC),
            "money": Decimal("12345678901.2345"),
            "words": ["a'b", "c,d", "[e]"],
        }
    ]


@pytest.mark.parametrize("text", ["1'; DROP TABLE events_raw; --", "\\'", "{other:String}", "$scope", "\t\r\n", "ü€𝄞"])
def test_no_text_of_a_user_becomes_sql(servers, text):
    assert clickhouse.query("SELECT {text:String} AS text", {"text": text}) == [{"text": text}]


def test_only_our_own_fragments_are_pasted(servers):
    assert clickhouse.query("SELECT $what AS n", what=Sql("1") + Sql(" + 1")) == [{"n": 2}]
    assert Sql.join(" OR ", [Sql("a"), Sql("b")]) == Sql("a OR b")
    with pytest.raises(TypeError, match="only stores.clickhouse.Sql is pasted"):
        clickhouse.query("SELECT $what", what="1; DROP TABLE events_raw")
    with pytest.raises(KeyError):
        clickhouse.query("SELECT $what")


def test_a_block_with_a_token_is_written_once_and_equal_rows_with_another_token_again(servers):
    table = f"t{uuid4().hex}"
    columns = Sql("(n Int64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 10")
    clickhouse.command("CREATE TABLE $t $columns", t=Sql(table), columns=columns)
    for token in ("one", "one", "two"):
        clickhouse.insert(table, pa.table({"n": [1, 2]}), token=token)

    assert clickhouse.query("SELECT n FROM $t ORDER BY n", t=Sql(table)) == [{"n": 1}, {"n": 1}, {"n": 2}, {"n": 2}]
    assert clickhouse.frame("SELECT n FROM $t WHERE n > {least:Int64} ORDER BY n", {"least": 1}, t=Sql(table)).to_pydict() == {"n": [2, 2]}
    clickhouse.command("DROP TABLE $t", t=Sql(table))


def test_many_threads_get_their_own_answers(servers):
    def ask(n: int) -> int:
        return clickhouse.query("SELECT {n:Int64} + sum(number) * 0 AS n FROM numbers(100000)", {"n": n})[0]["n"]

    with ThreadPoolExecutor(64) as pool:
        assert list(pool.map(ask, range(300))) == list(range(300))


def test_a_question_that_takes_too_long_is_unavailable_and_one_that_is_wrong_is_a_mistake(servers):
    with pytest.raises(Unavailable, match="busy, or the question is too large"):
        clickhouse.query("SELECT sleepEachRow(1) FROM numbers(3)", settings={"max_execution_time": 1, "max_block_size": 1})
    with pytest.raises(clickhouse.DatabaseError):
        clickhouse.query("SELECT no_such_column FROM events_raw")
    assert clickhouse.query("SELECT 1 AS one") == [{"one": 1}]


def test_a_forked_child_connects_by_itself(servers):
    mine = clickhouse._client()
    child = os.fork()
    if child == 0:
        os._exit(0 if clickhouse._client() is not mine and clickhouse.is_up() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert clickhouse.is_up() is True


def test_a_silent_server_is_unavailable(servers, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("CLICKHOUSE_URL", f"http://default:x@127.0.0.1:{port}/ecap")
    settings.current.cache_clear()
    try:
        assert clickhouse.is_up() is False
        with pytest.raises(Unavailable, match="ClickHouse does not answer"):
            clickhouse.query("SELECT 1")
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
