"""Uploads are stored once, counted right, and gone without a trace when undone."""

from decimal import Decimal

import pytest

from actions import upload_errors, uploads
from errors import Conflict
from stores import clickhouse
from tests import uploading
from tests.uploading import DATA, bring, guess, read, undo

ORDERS = (DATA / "orders_small.csv").read_text()
EVENTS = (DATA / "events_small.csv").read_text()

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
        ("u1", 5, ["page_view", "view_item", "view_item", "add_to_cart", "purchase"], ["home", "product", "product", "product", "confirmation"], "desktop", "email"),
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
