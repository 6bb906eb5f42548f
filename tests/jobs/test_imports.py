"""Uploads are stored once, counted right, and gone without a trace when undone."""

import gzip
import io
import signal
import subprocess
import sys
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from actions import customers, jobs, upload_errors, uploads
from errors import Conflict, Invalid
from jobs import imports, imports_undo, progress, worker
from stores import clickhouse, files, postgres
from tests import uploading
from tests.conftest import subprocess_environ
from tests.uploading import DATA, bring, guess, read, undo

ORDERS = (DATA / "orders_small.csv").read_text()
EVENTS = (DATA / "events_small.csv").read_text()

# A worker that is gone, as by kill -9, once half of the rows of the file below are in the log.
DIE_HALFWAY = """
import os, signal, sys
from jobs import imports, worker

def die(upload, rows, share):
    if rows >= 20_000:
        os.kill(os.getpid(), signal.SIGKILL)

imports._report = die
worker.perform(*sys.argv[1:])
"""

BUYING = ["page_view", "view_item", "view_item", "add_to_cart", "purchase"]

LINES_SQL = """
SELECT kind, count() AS lines, countIf(line = 0) AS orders, sum(gross) AS gross FROM order_lines FINAL
WHERE customer_id = {tenant:String} GROUP BY kind ORDER BY kind"""
SESSIONS_SQL = """
SELECT user_id, event_count, events, page_types, device_type, channel FROM sessions FINAL
WHERE customer_id = {tenant:String} ORDER BY started_at, session_id"""


@pytest.fixture(scope="module", autouse=True)
def consumer(servers):
    with uploading.consuming():
        yield


def lines(tenant: str) -> list[tuple]:
    return [tuple(row.values()) for row in clickhouse.query(LINES_SQL, {"tenant": tenant})]


def sessions(tenant: str) -> list[tuple]:
    return [tuple(row.values()) for row in clickhouse.query(SESSIONS_SQL, {"tenant": tenant})]


def counts(upload) -> tuple:
    return upload.state, upload.rows_read, upload.rows_stored, upload.rows_known, upload.rows_rejected, upload.adjustments


SMALL_SHOP = [
    ("adjustment", 2, 2, Decimal("-11062.06")),
    ("refund", 1, 1, Decimal("27.5")),
    ("sale", 5, 3, Decimal("218.15")),
]


def test_an_order_file_becomes_sales_refunds_and_adjustments(tenant):
    done = read(bring(tenant, ORDERS))

    assert counts(done) == ("done", 8, 8, 0, 0, 2)
    assert lines(tenant) == SMALL_SHOP


def test_the_same_file_again_changes_nothing(tenant):
    read(bring(tenant, ORDERS))
    before = lines(tenant)

    again = read(bring(tenant, ORDERS))

    assert counts(again) == ("done", 8, 0, 8, 0, 2)
    assert lines(tenant) == before


def test_the_same_file_in_another_way_asks_for_undo_first(tenant):
    first = read(bring(tenant, ORDERS))
    second = bring(tenant, ORDERS)

    with pytest.raises(Conflict, match="Undo that first") as refusal:
        uploading.ask(second, guess(second, zone="Europe/London"))

    assert refusal.value.details == {"upload": str(first.id)}


def test_undo_leaves_no_trace_and_the_file_can_be_read_once_more(tenant):
    first = read(bring(tenant, ORDERS))

    assert undo(first).state == "undone"
    assert lines(tenant) == []

    again = read(uploads.load(tenant, first.id))
    assert counts(again) == ("done", 8, 8, 0, 0, 2)
    assert lines(tenant) == SMALL_SHOP


def test_undo_of_the_second_of_two_files_leaves_the_first(tenant):
    read(bring(tenant, ORDERS))
    before = lines(tenant)
    more = ORDERS + "536365,99999,A BELL,1,2010-12-01 08:26:00,1.00,17850,United Kingdom\n"
    second = read(bring(tenant, more))

    assert counts(second) == ("done", 9, 1, 8, 0, 2)
    undo(second)
    assert lines(tenant) == before


def test_an_event_file_becomes_sessions(tenant):
    done = read(bring(tenant, EVENTS))

    assert counts(done) == ("done", 8, 8, 0, 0, 0)
    assert sessions(tenant) == [
        ("u1", 5, BUYING, ["home", "product", "product", "product", "confirmation"], "desktop", "email"),
        ("u2", 2, ["page_view", "filter_results"], ["home", "category"], "mobile", "paid search"),
        ("u1", 1, ["page_view"], ["home"], "mobile", "organic search"),
    ]  # fmt: skip


def test_undo_of_events_takes_their_sessions_ids_and_persons(tenant):
    first = read(bring(tenant, EVENTS))
    undo(first)
    assert sessions(tenant) == []

    again = read(bring(tenant, EVENTS))
    assert counts(again) == ("done", 8, 8, 0, 0, 0)
    assert len(sessions(tenant)) == 3


def test_events_without_a_session_get_one_by_time(tenant):
    rows = ["visitor_id,event,timestamp"]
    rows += [f"v1,page_view,2024-01-01 10:{minute:02d}:00" for minute in (40, 0, 30)]  # 40 is 10 minutes after 30; any order
    rows += ["v1,page_view,2024-01-01 11:10:00.001", "v2,page_view,2024-01-01 10:00:00"]

    read(bring(tenant, "\n".join(rows)))

    assert sorted(row[1] for row in sessions(tenant)) == [1, 1, 3]


def test_bad_rows_are_listed_with_line_and_reason_and_the_rest_is_stored(tenant):
    bad = ORDERS + (
        "536600,22728,A CLOCK,a dozen,2010-12-01 08:45:00,3.75,12583,France\n"
        "536601,22728,A CLOCK,1,2010-31-12 08:45:00,3.75,12583,France\n"
        "536602,22728,A CLOCK\n"
        ",22728,A CLOCK,1,2010-12-31 08:45:00,3.75,12583,France\n"
    )
    done = read(bring(tenant, bad))

    assert counts(done) == ("done", 12, 8, 0, 4, 2)
    assert [(e.line, e.reason, e.field, e.raw) for e in upload_errors.of(tenant, done.id)] == [
        (10, "Quantity is not a number", "Quantity", "a dozen"),
        (11, "Time cannot be read", "InvoiceDate", "2010-31-12 08:45:00"),
        (12, "Row ends too early", "", "3 of 8 columns"),
        (13, "Order is empty", "InvoiceNo", ""),
    ]


def many_orders(count: int) -> str:
    rows = (f"{n // 3},sku-{n % 50},{n % 4 + 1},2025-01-{n % 28 + 1:02d} 10:00:00,{n % 9}.50,u{n % 500}" for n in range(count))
    return "order_id,sku,quantity,order_date,price,customer_id\n" + "\n".join(rows)


def test_a_reading_that_is_killed_is_finished_by_the_next_worker_with_the_same_numbers(tenant, other_tenant):
    content = many_orders(40_000)
    read(bring(other_tenant, content))
    expected = lines(other_tenant)
    asked = uploading.ask(bring(tenant, content))

    command = [sys.executable, "-c", DIE_HALFWAY, tenant, str(asked.job_id)]
    ended = subprocess.run(command, env=subprocess_environ(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert uploads.load(tenant, asked.id).state == "reading"

    imports.read(tenant, str(asked.id))
    done = uploads.load(tenant, asked.id)
    assert counts(done) == ("done", 40_000, 40_000, 0, 0, 0)
    assert lines(tenant) == expected


def test_a_reading_that_is_stopped_keeps_nothing(tenant, monkeypatch):
    asked = uploading.ask(bring(tenant, many_orders(30_000)))
    monkeypatch.setattr(progress, "REPORT_EVERY_S", 0)
    report = imports._report

    def stop_in_the_middle(upload, rows, share):
        if rows >= 15_000:
            jobs.stop(tenant, asked.job_id)
        report(upload, rows, share)

    monkeypatch.setattr(imports, "_report", stop_in_the_middle)
    worker.perform(tenant, str(asked.job_id))

    upload = uploads.load(tenant, asked.id)
    assert (upload.state, upload.message) == ("received", "Reading was stopped. Nothing was kept.")
    assert jobs.load(tenant, asked.job_id).state == "stopped"
    assert lines(tenant) == []


def test_an_undo_that_is_killed_after_the_rows_are_gone_is_finished_by_the_next(tenant, monkeypatch):
    first = read(bring(tenant, EVENTS))
    uploads.ask_undo(tenant, first.id)

    def die(*_about):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(imports_undo, "ingest_batch", SimpleNamespace(recompute=die))
        with pytest.raises(KeyboardInterrupt):
            imports.undo(tenant, str(first.id))
    assert len(sessions(tenant)) == 3  # still counted, though their events are gone

    imports.undo(tenant, str(first.id))
    assert sessions(tenant) == []
    assert uploads.load(tenant, first.id).state == "undone"


def test_profiles_are_made_and_changed_and_undo_takes_those_it_made(tenant):
    customers.bring(tenant, io.BytesIO(b"user_id,name,email\nu1,Ann,ann@example.com\n"))

    done = read(bring(tenant, "user_id,name,email\nu1,Ann B.,ann@example.com\nu2,Bob,bob@example.com\nu3,Cy,\nu3,Cyd,\nu4,Dan,nobody\n"))

    assert counts(done) == ("done", 5, 3, 0, 1, 0)
    assert counts(read(bring(tenant, "user_id,name,email\nu2,Bob,bob@example.com\n"))) == ("done", 1, 0, 1, 0, 0)
    undo(done)
    assert [(one.customer_id, one.name) for one in customers.newest(tenant)] == [("u1", "Ann B.")]


def test_whoever_a_file_names_is_a_customer_until_it_is_undone(tenant):
    first = read(bring(tenant, ORDERS))
    assert {one.customer_id for one in customers.newest(tenant)} == {"17850", "12583", "14527"}

    undo(first)
    assert customers.newest(tenant) == []


def test_a_file_that_turns_out_damaged_fails_with_words(tenant):
    packed = gzip.compress(many_orders(3_000).encode())
    upload = bring(tenant, packed)
    mapping = guess(upload)
    files.put(uploads.PURPOSE, uploads.file_of(tenant, upload.id), iter([b"\x1f\x8bdamaged"]))

    with pytest.raises(Invalid):
        read(upload, mapping)

    assert (uploads.load(tenant, upload.id).state, uploads.load(tenant, upload.id).message) == (
        "failed",
        "The packed file is damaged. Pack it again, or send it unpacked.",
    )


def test_reasons_are_counted_with_their_first_lines(tenant):
    done = read(bring(tenant, ORDERS + "1,a,x,,2010-12-01,1,,\n" * 5 + "2,a,x,1,soon,1,,\n"))

    assert upload_errors.reasons(tenant, done.id) == [
        upload_errors.Reason("Quantity is empty", 5, [10, 11, 12], ""),
        upload_errors.Reason("Time cannot be read", 1, [15], "soon"),
    ]


def test_files_that_nobody_will_read_again_are_deleted(tenant):
    upload = read(bring(tenant, ORDERS))
    assert imports.forget_files(tenant) == {"files": 0}
    with postgres.session(tenant) as db:
        db.execute(text("UPDATE uploads SET created_at = now() - interval '8 days'"))

    assert imports.forget_files(tenant) == {"files": 1}
    assert uploads.load(tenant, upload.id).state == "done"
