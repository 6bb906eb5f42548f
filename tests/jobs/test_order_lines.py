"""What counts as money: whose word about an order counts, refunds on their own day, and the figures of a small file."""

from datetime import date
from decimal import Decimal

from sqlalchemy import insert

import models
from actions import tenants
from jobs import order_lines, sessions
from stores import clickhouse, postgres
from tests.ingesting import event, line, orders, send, send_lines

NEXT_DAYS = 1_736_700_000_000
CUP, JUG = {"item_id": "p1", "item_name": "Cup", "price": 9.99, "quantity": 2}, {"item_id": "p2", "price": "25.00", "quantity": 1}


def purchase(order_id: str | None, second: float = 0, **more):
    properties = {"items": [CUP, JUG], **({"transaction_id": order_id} if order_id else {})} | more.pop("properties", {})
    return event("purchase", second, properties=properties, **more)


def test_a_purchase_event_becomes_its_lines(tenant):
    send(tenant, purchase("o1", user_id="ann"))
    assert orders(tenant) == [
        ("o1", "sale", 0, "paid", "event", "2025-01-10", 2, "19.9800", "0.0000", "ann", True),
        ("o1", "sale", 1, "paid", "event", "2025-01-10", 1, "25.0000", "0.0000", "ann", True),
    ]


def test_a_purchase_without_id_or_products_is_an_order_of_one_piece(tenant):
    first, second = event("Order Completed", 0, properties={"total": "12.50"}), event("payment_done", 5)
    send(tenant, first, second)
    found = {row[0]: row[1:] for row in orders(tenant)}
    assert sorted(found.values()) == [
        ("sale", 0, "paid", "event", "2025-01-10", 1, "0.0000", "0.0000", "", False),
        ("sale", 0, "paid", "event", "2025-01-10", 1, "12.5000", "0.0000", "", False),
    ]
    assert len(found) == 2


def test_a_refund_of_some_products_counts_on_its_own_day(tenant):
    send(
        tenant,
        purchase("o1"),
        event("Order Refunded", 86_400, properties={"order_id": "o1", "products": [CUP]}),
        received_at=NEXT_DAYS,
    )
    assert [row[1:8] for row in orders(tenant)] == [
        ("refund", 0, "paid", "event", "2025-01-11", 2, "19.9800"),
        ("sale", 0, "paid", "event", "2025-01-10", 2, "19.9800"),
        ("sale", 1, "paid", "event", "2025-01-10", 1, "25.0000"),
    ]


def test_a_refund_that_names_nothing_gives_back_what_is_left_once(tenant):
    partial = event("refund", 10, properties={"order_id": "o1", "value": "4.98"})
    whole, again = event("refund", 20, properties={"order_id": "o1"}), event("refund", 30, properties={"order_id": "o1"})
    send(tenant, purchase("o1"), partial, whole, again)
    assert [(row[1], row[2], row[3], row[7]) for row in orders(tenant)] == [
        ("refund", 0, "refunded", "4.9800"),
        ("refund", 1, "refunded", "40.0000"),
        ("refund", 2, "refunded", "0.0000"),
        ("sale", 0, "refunded", "19.9800"),
        ("sale", 1, "refunded", "25.0000"),
    ]


def test_a_cancellation_takes_the_order_out_on_its_own_day(tenant):
    send(tenant, purchase("o1"), event("Order Cancelled", 86_400, properties={"order_id": "o1"}), received_at=NEXT_DAYS)
    assert [(row[1], row[3], row[5], row[7]) for row in orders(tenant)] == [
        ("cancellation", "cancelled", "2025-01-11", "44.9800"),
        ("sale", "cancelled", "2025-01-10", "19.9800"),
        ("sale", "cancelled", "2025-01-10", "25.0000"),
    ]


def test_of_two_purchase_events_of_an_order_the_first_counts(tenant):
    send(tenant, purchase("o1"))
    send(tenant, event("purchase", 60, properties={"order_id": "o1", "total": "99.00"}), received_at=1_736_520_000_000)
    assert sum(Decimal(row[7]) for row in orders(tenant)) == Decimal("44.98")


def test_a_file_knows_better_than_an_event_and_the_shop_better_than_a_file(tenant):
    send(tenant, purchase("o1"))
    send_lines(tenant, line("o1", 3, "5.00", buyer_id="ann"))
    assert [(row[4], row[7]) for row in orders(tenant)] == [("import", "15.0000")]
    send(tenant, event("purchase", 0, properties={"order_id": "o1", "items": [JUG]}, user_id="ann"), origin="shop")
    assert [(row[4], row[7]) for row in orders(tenant)] == [("shop", "25.0000")]


def test_a_file_with_returns_and_adjustments(tenant):
    send_lines(
        tenant,
        line("536365", 6, "2.55", buyer_id="17850", seq=0),
        line("536365", 6, "3.39", buyer_id="17850", seq=1),
        line("C536379", -1, "27.50", buyer_id="14527", seq=2, hours=24),
        line("536414", 56, "0", seq=3),
        line("A563185", 1, "11062.06", seq=4),
        line("A563186", 1, "-11062.06", seq=5),
        line("536365", 6, "2.55", buyer_id="17850", seq=6),
    )
    assert orders(tenant) == [
        ("536365", "sale", 0, "paid", "import", "2025-01-10", 6, "15.3000", "0.0000", "17850", True),
        ("536365", "sale", 1, "paid", "import", "2025-01-10", 6, "20.3400", "0.0000", "17850", True),
        ("536365", "sale", 2, "paid", "import", "2025-01-10", 6, "15.3000", "0.0000", "17850", True),
        ("536414", "adjustment", 0, "paid", "import", "2025-01-10", 56, "0.0000", "0.0000", "", False),
        ("A563185", "sale", 0, "paid", "import", "2025-01-10", 1, "11062.0600", "0.0000", "", False),
        ("A563186", "adjustment", 0, "paid", "import", "2025-01-10", 1, "-11062.0600", "0.0000", "", False),
        ("C536379", "refund", 0, "paid", "import", "2025-01-11", 1, "27.5000", "0.0000", "14527", False),
    ]


def test_the_same_line_is_counted_once_however_often_it_comes(tenant):
    same = line("1", 2, "3.00")
    send_lines(tenant, same)
    send_lines(tenant, same, import_id="upload-2")
    assert [row[6:8] for row in orders(tenant)] == [(2, "6.0000")]


def test_discounts_stay_beside_the_gross_amount(tenant):
    send(tenant, purchase("o1", properties={"discount": "5.00"}))
    assert [(row[7], row[8]) for row in orders(tenant)] == [("19.9800", "5.0000"), ("25.0000", "0.0000")]


def test_an_earlier_order_takes_the_place_of_the_first_and_gives_it_back(tenant):
    send_lines(tenant, line("late", 1, "5", buyer_id="ann", hours=48), line("other", 1, "5", buyer_id="bob"))
    send_lines(tenant, line("early", 1, "5", buyer_id="ann", hours=1), import_id="upload-2")
    assert {row[0]: row[10] for row in orders(tenant)} == {"late": False, "early": True, "other": True}
    touched = order_lines.touched_by_import(tenant, "upload-2")
    undo = "ALTER TABLE order_lines_raw DELETE WHERE customer_id = {t:String} AND import_id = 'upload-2'"
    clickhouse.command(undo, {"t": tenant}, settings={"mutations_sync": 2})
    order_lines.recompute(tenant, touched)
    assert {row[0]: row[10] for row in orders(tenant)} == {"late": True, "other": True}


def test_an_order_belongs_to_the_person_whom_the_browser_turns_out_to_be(tenant):
    send(tenant, purchase("o1"))
    send(tenant, event("identify", 60, session_id="", user_id="ann"))
    assert {(row[9], row[10]) for row in orders(tenant)} == {("ann", True)}


def test_an_order_comes_by_the_channel_of_its_session(tenant):
    landing = event("page_view", -60, page_url="https://shop.test/?utm_source=news&utm_medium=email")
    send(tenant, purchase("o1", page_url="https://shop.test/thank-you", referrer="https://shop.test/checkout"))
    send(tenant, landing)
    rows = clickhouse.query("SELECT DISTINCT channel FROM order_lines FINAL WHERE customer_id = {t:String}", {"t": tenant})
    assert rows == [{"channel": "email"}]


def test_the_day_is_the_shops_and_a_changed_day_leaves_no_second_row(tenant):
    tenants.change(tenant, timezone="Pacific/Auckland")
    send(tenant, purchase("o1"))
    assert {row[5] for row in orders(tenant)} == {"2025-01-11"}
    tenants.change(tenant, timezone="UTC")
    order_lines.recompute(tenant, ["o1"])
    assert [(row[5], row[7]) for row in orders(tenant)] == [("2025-01-10", "19.9800"), ("2025-01-10", "25.0000")]


def test_money_of_another_currency_counts_at_the_rate_of_its_day(tenant):
    with postgres.session(None) as db:
        rows = [
            {"day": date(2025, 1, 9), "currency": "XTS", "rate_to_eur": "0.5"},
            {"day": date(2025, 1, 11), "currency": "XTS", "rate_to_eur": "9"},
        ]
        db.execute(insert(models.ExchangeRate).values(rows))
    send(tenant, purchase("o1", properties={"currency": "XTS"}), purchase("o2", 5, properties={"currency": "XXX"}))
    assert [(row[0], row[7]) for row in orders(tenant)] == [
        ("o1", "9.9900"),
        ("o1", "12.5000"),
        ("o2", "0.0000"),  # nobody knows what an XXX is worth: it is no revenue until somebody does
        ("o2", "0.0000"),
    ]


def test_bots_buy_nothing_that_counts(tenant):
    send(tenant, purchase("o1", user_agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"))
    assert clickhouse.query("SELECT DISTINCT is_bot FROM order_lines FINAL WHERE customer_id = {t:String}", {"t": tenant}) == [
        {"is_bot": True}
    ]


def test_a_repeated_recomputation_changes_nothing(tenant):
    send(tenant, purchase("o1"), event("refund", 5, properties={"order_id": "o1"}))
    before = orders(tenant)
    order_lines.recompute(tenant, ["o1"])
    with sessions.run_of(tenant) as run:
        order_lines.recompute_touched(tenant, run, ["o1"])
    assert orders(tenant) == before


def test_prices_beyond_all_reason_are_no_revenue_and_break_nothing(tenant):
    send(tenant, event("purchase", 0, properties={"order_id": "o1", "items": [{"item_id": "a", "price": 9e10, "quantity": 1_000_000}]}))
    send_lines(tenant, line("o2", 2_000_000_000, "90000000000"), line("o3", 1, "1e300"))
    assert [(row[0], row[7]) for row in orders(tenant)] == [("o1", "0.0000"), ("o2", "0.0000"), ("o3", "0.0000")]
