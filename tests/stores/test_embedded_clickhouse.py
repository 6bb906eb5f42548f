"""ClickHouse's protocol over the embedded engine: values, formats, errors, and what a reader may see."""

import gzip
import io
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import lz4.frame
import pyarrow as pa
import pytest
import urllib3
import zstandard

import settings
from stores import clickhouse
from stores.embedded_confinement import version
from stores.embedded_statement import ADMIN

http = urllib3.PoolManager(maxsize=64)


def ask(
    sql: str, body: bytes = b"", *, headers: dict | None = None, password: str | None = None, **options: str
) -> urllib3.BaseHTTPResponse:
    """What the engine answers to `sql` in the query string and `body`."""
    url = urlsplit(settings.current().clickhouse_url)
    basic = urllib3.make_headers(basic_auth=f"default:{url.password if password is None else password}")
    options = {"database": "ecap", "query": sql} | options
    return http.request("POST", f"http://127.0.0.1:{url.port}/?{urlencode(options)}", body=body, headers=basic | (headers or {}))


def read(sql: str, tenant: str | None = None, **options: str) -> str:
    """What a reader of `tenant` is answered: text, or the code of the error."""
    marked = {"role": "ecap_reader"} | ({"log_comment": tenant} if tenant else {}) | options
    answer = ask(sql, **marked)
    return answer.data.decode() if answer.status == 200 else answer.headers["X-ClickHouse-Exception-Code"]


@pytest.fixture
def table(servers):
    """The name of a new empty table (n Int64, s String)."""
    name = f"scratch_{uuid4().hex[:12]}"
    created = ask(
        f"CREATE TABLE {name} (n Int64, s String) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100"
    )
    assert created.status == 200, created.data
    yield name
    ask(f"DROP TABLE {name}")


@pytest.fixture
def two_events(tenant, other_tenant):
    """One event of each of two shops; the ids of the shops."""
    rows = "\n".join(
        json.dumps({"customer_id": shop, "event_id": str(uuid4()), "timestamp": "2025-01-01 00:00:00"}) for shop in (tenant, other_tenant)
    )
    assert ask("INSERT INTO events_raw (customer_id, event_id, timestamp) FORMAT JSONEachRow", rows.encode()).status == 200
    return tenant, other_tenant


def test_a_wrong_password_is_refused(servers):
    answer = ask("SELECT 1", password="wrong")
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (403, "516")


def test_a_liveness_probe_needs_no_password(servers):
    port = urlsplit(settings.current().clickhouse_url).port
    assert http.request("GET", f"http://127.0.0.1:{port}/ping").data == b"Ok.\n"


@pytest.mark.parametrize("value", ["plain", "tab\tnew\nline", "back\\slash", "quo'te", "{n:Int64}", "日本 ✓", ""])
def test_a_value_arrives_as_it_was_bound(servers, value):
    assert clickhouse.query("SELECT {value:String} AS value", {"value": value}) == [{"value": value}]


def test_a_setting_counts_for_its_request_only(servers):
    limited = ask("SELECT getSetting('max_result_rows')", max_result_rows="7")
    assert (limited.data, ask("SELECT getSetting('max_result_rows')").data) == (b"7\n", b"0\n")


def test_an_unknown_setting_is_an_error(servers):
    answer = ask("SELECT 1", no_such_setting="1")
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (500, "115")


def test_the_query_id_comes_back(servers):
    assert ask("SELECT 1", query_id="q-1").headers["X-ClickHouse-Query-Id"] == "q-1"


def test_a_large_answer_comes_in_pieces_and_whole(servers):
    answer = ask("SELECT number FROM numbers(300000) FORMAT TSV")
    assert answer.headers.get("Transfer-Encoding") == "chunked"
    assert answer.data.split() == [str(number).encode() for number in range(300000)]


def test_a_failure_after_the_first_rows_is_an_error_of_the_client(servers):
    with pytest.raises(clickhouse.ClickHouseError, match="throwIf"):
        clickhouse.query("SELECT throwIf(number = 250000) FROM numbers(300000)")


def test_rows_of_a_failed_statement_never_stand_in_another_answer(servers):
    for _ in range(30):
        failed = ask("SELECT number, throwIf(number = 69999) FROM numbers(70000) FORMAT JSON")
        assert failed.status == 500
        assert ask("SELECT 42").data == b"42\n"


def test_a_hundred_statements_at_a_time_each_get_their_own_answer(servers):
    def one(number: int) -> bool:
        if number % 3 == 0:
            return ask(f"SELECT throwIf(number = 90000) + {number} FROM numbers(100000) FORMAT JSON").status == 500
        return ask(f"SELECT {number}, sum(number) FROM numbers(100000)").data == f"{number}\t4999950000\n".encode()

    with ThreadPoolExecutor(64) as pool:
        assert all(pool.map(one, range(100)))


def arrow() -> bytes:
    sink = io.BytesIO()
    rows = pa.table({"n": [1, 2], "s": ["a", "b'\t"]})
    with pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("format", "body"),
    [
        ("JSONEachRow", b'{"n":1,"s":"a"}\n{"n":2,"s":"b\'\\t"}'),
        ("TabSeparated", b"1\ta\n2\tb'\\t\n"),
        ("CSV", b'1,a\n2,"b\'\t"\n'),
        ("Arrow", arrow()),
    ],
)
@pytest.mark.parametrize(
    "pack", [("", bytes), ("gzip", gzip.compress), ("lz4", lz4.frame.compress), ("zstd", zstandard.ZstdCompressor().compress)]
)
def test_rows_are_inserted_in_every_format_and_packing(table, format, body, pack):
    encoding, compress = pack
    written = ask(f"INSERT INTO {table} (n, s) FORMAT {format}", compress(body), headers={"Content-Encoding": encoding} if encoding else {})

    assert (written.status, json.loads(written.headers["X-ClickHouse-Summary"])) == (200, {"written_rows": "2"})
    assert ask(f"SELECT n, s FROM {table} ORDER BY n FORMAT JSONEachRow").data.splitlines() == [b'{"n":1,"s":"a"}', b'{"n":2,"s":"b\'\\t"}']


def test_statement_and_rows_may_come_in_one_body_in_chunks(table):
    url = urlsplit(settings.current().clickhouse_url)
    pieces = iter([f"INSERT INTO {table} (n, s)\nFORMAT JSONEachRow\n".encode(), b'{"n":1,"s":"a"}', b'\n{"n":2,"s":"b"}\n'])
    basic = urllib3.make_headers(basic_auth=f"default:{url.password}")
    answer = http.request("POST", f"http://127.0.0.1:{url.port}/?database=ecap", body=pieces, headers=basic)

    assert answer.status == 200
    assert ask(f"SELECT count() FROM {table}").data == b"2\n"


def test_long_parameters_may_come_as_a_form(servers):
    url = urlsplit(settings.current().clickhouse_url)
    fields = {"query": "SELECT length({ids:Array(String)})", "param_ids": str([str(number) for number in range(20000)])}
    basic = urllib3.make_headers(basic_auth=f"default:{url.password}")

    assert http.request("POST", f"http://127.0.0.1:{url.port}/", fields=fields, headers=basic).data == b"20000\n"


def test_a_block_with_a_known_token_is_written_once(table):
    for _ in range(3):
        ask(f"INSERT INTO {table} (n, s) FORMAT CSV", b"1,a\n", insert_deduplication_token="t1")
    ask(f"INSERT INTO {table} (n, s) FORMAT CSV", b"1,a\n", insert_deduplication_token="t2")

    assert ask(f"SELECT count() FROM {table}").data == b"2\n"


def test_a_bad_row_writes_nothing_and_says_so(table):
    assert ask(f"INSERT INTO {table} (n, s) FORMAT CSV", b"1,a\nx,b\n").status == 500
    assert ask(f"SELECT count() FROM {table}").data == b"0\n"


@pytest.mark.parametrize("encoding", ["gzip", "lz4", "zstd", "br"])
def test_a_body_that_cannot_be_unpacked_is_an_error(table, encoding):
    answer = ask(f"INSERT INTO {table} (n, s) FORMAT CSV", b"1,a\n", headers={"Content-Encoding": encoding})
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (500, "48" if encoding == "br" else "354")


def test_a_reader_sees_the_rows_of_its_shop_only(two_events):
    tenant, other = two_events
    count = "SELECT groupUniqArray(customer_id) FROM ecap.events_raw"

    assert (read(count, tenant), read(count, other), read(count)) == (f"['{tenant}']\n", f"['{other}']\n", "[]\n")
    assert read("SELECT groupUniqArray(customer_id) FROM merge('ecap', '.*') WHERE 1", tenant) == f"['{tenant}']\n"
    assert ask(f"SELECT count() FROM events_raw WHERE customer_id IN ('{tenant}', '{other}')").data == b"2\n"


READONLY, DENIED, NO_DATABASE_TABLE, SYNTAX = "164", "497", "60", "62"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("INSERT INTO ecap.events_raw (customer_id) VALUES ('x')", DENIED),
        ("ALTER TABLE ecap.events_raw DELETE WHERE 1", DENIED),
        ("SELECT count() FROM ecap.event_ids", DENIED),
        ("SELECT count() FROM events_raw", NO_DATABASE_TABLE),
        ("SELECT 1; SELECT 2", SYNTAX),
        ("SELECT 1 SETTINGS log_comment = '__ecap_admin__'", READONLY),
        ("SET log_comment = '__ecap_admin__'", READONLY),
        ("SELECT * FROM file('/etc/passwd', 'LineAsString')", DENIED),
        ("SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')", DENIED),
        ("SELECT * FROM remote('127.0.0.1', 'ecap.events_raw')", DENIED),
    ],
)
def test_a_reader_may_do_nothing_else(tenant, sql, code):
    assert read(sql, tenant) == code


def test_a_reader_cannot_name_itself_one_of_us(two_events):
    assert read("SELECT 1", ADMIN) == DENIED


def test_readonly_cannot_be_lifted_by_the_request(two_events):
    tenant, _ = two_events
    assert read("SELECT getSetting('readonly')", tenant, readonly="0") == "1\n"


CANNOT_OPEN = "76"


@pytest.mark.skipif(version() < 1, reason="this kernel has no Landlock")
def test_the_engine_opens_no_file_of_this_machine_for_anybody(tenant):
    """Scalar `file()` has no grant to withhold, so the process itself is confined."""
    assert read("SELECT file('/etc/passwd')", tenant) == CANNOT_OPEN
    assert ask("SELECT file('/etc/passwd')").headers["X-ClickHouse-Exception-Code"] == CANNOT_OPEN
    assert ask("SELECT 1 INTO OUTFILE '/tmp/ecap-outfile'").status == 500
