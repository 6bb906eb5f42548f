"""Rows become events, order lines and profiles with ids that a second reading makes again; a bad row says what is wrong."""

import io
import uuid
from decimal import Decimal

import pytest

from actions import event_schema, upload_rows
from actions.event_schema import Event, OrderLine
from actions.upload_mapping import EventName, Mapping
from actions.upload_profiles import Profile
from actions.upload_reading import Dialect, Table

ORDERS = Mapping("orders", ("order", "product", "quantity", "time", "price", "person", "country", "discount", "currency"))
ORDER_HEAD = "order,sku,qty,date,price,buyer,country,discount,currency\n"
EVENT_ROLES = ("time", "event", "person", "visitor", "session", "page", "product", "price", "device", "channel", "keep", "event_id")
EVENTS = Mapping("events", EVENT_ROLES, names={"trolley": EventName("view_cart", "cart")})
EVENT_HEAD = "at,event,user,visitor,session,url,sku,price,device,channel,plan,id\n"


def rows_of(text: str, mapping: Mapping, tenant: str = "t1"):
    table = Table(io.BytesIO(text.encode(errors="surrogateescape")), Dialect("utf-8-sig", ",", False), max_bytes=1 << 30)
    return list(upload_rows.batches(table, mapping, tenant))


def records(text: str, mapping: Mapping, tenant: str = "t1") -> list:
    return [record for batch in rows_of(text, mapping, tenant) for record in batch.records]


def errors(text: str, mapping: Mapping) -> list[tuple]:
    return [(e.line, e.reason, e.field, e.raw) for batch in rows_of(text, mapping) for e in batch.errors]


def test_an_order_line():
    row = "A1,sku-1,-2,2025-01-01 10:00:00,£3.50,u1,EIRE,0.5,gbp"

    assert records(ORDER_HEAD + row, ORDERS) == [
        OrderLine(
            line_id=uuid.uuid5(event_schema.SHOP_NAMESPACE, "t1\0orders\0" + row.replace(",", "\x1f") + "\0" + "0").bytes,
            order_id="A1",
            ordered_at=1735725600000,
            quantity=-2,
            price=Decimal("3.50"),
            seq=2,
            buyer_id="u1",
            product_id="sku-1",
            country="IE",
            currency="GBP",
            discount=Decimal("0.5"),
        )
    ]


def test_an_event():
    row = "2025-01-01 10:00:00,trolley,u1,v1,s1,/cart,sku-1,9.90,iPhone,Paid_Search,gold,"

    (event,) = records(EVENT_HEAD + row, EVENTS)

    assert event == Event(
        event_id=event.event_id,
        event_type="trolley",
        event="view_cart",
        visitor_id="v1",
        user_id="u1",
        session_id="s1",
        seq=2,
        timestamp=1735725600000,
        page_url="/cart",
        page_type="cart",
        device_type="mobile",
        channel="paid search",
        properties='{"plan":"gold","product_id":"sku-1","price":9.90}',
    )


def test_without_a_visitor_the_user_is_one_and_an_id_of_the_file_is_the_events_id():
    own = "7d0b5c1e-5f0a-4f61-9b0e-2f9a4b1e6c55"

    (event,) = records(EVENT_HEAD + f"2025-01-01 10:00:00,search,u1,,s1,,,,,,,{own}", EVENTS)

    assert (event.visitor_id, event.event_id) == ("user:u1", uuid.UUID(own).bytes)


def test_rows_of_pages_only_are_page_views():
    mapping = Mapping("events", ("time", "page", "visitor"))

    (event,) = records("at,url,visitor\n2025-01-01,/p/1,v1\n", mapping)

    assert (event.event_type, event.event, event.page_url, event.page_type) == ("page_view", "page_view", "/p/1", "")


def test_a_profile():
    mapping = Mapping("profiles", ("person", "full_name", "email", "keep"))

    assert records("id,name,mail,town\nu1,Ann,ann@example.com,Ulm\nu2,,,\n", mapping) == [
        Profile("u1", "Ann", "ann@example.com", {"town": "Ulm"}),
        Profile("u2", "", "", {}),
    ]


def test_equal_rows_are_kept_and_a_second_reading_makes_the_same_ids():
    text = ORDER_HEAD + "A1,s,1,2025-01-01,1,,,,\n" * 3 + "A2,s,1,2025-01-01,1,,,,\n" + "A1,s,1,2025-01-01,1,,,,\n"
    first = [line.line_id for line in records(text, ORDERS)]

    assert len(set(first)) == 5
    assert [line.line_id for line in records(text, ORDERS)] == first
    assert not {line.line_id for line in records(text, ORDERS, "t2")} & set(first)
    assert sum(batch.equal for batch in rows_of(text, ORDERS)) == 3


def test_ids_do_not_depend_on_where_batches_end(monkeypatch):
    text = ORDER_HEAD + "A1,s,1,2025-01-01,1,,,,\n" * 7
    first = [line.line_id for line in records(text, ORDERS)]
    monkeypatch.setattr(upload_rows, "BATCH_ROWS", 2)

    assert [line.line_id for line in records(text, ORDERS)] == first
    assert [batch.rows for batch in rows_of(text, ORDERS)] == [2, 2, 2, 1]


@pytest.mark.parametrize(
    ("row", "reason", "field", "raw"),
    [
        (",s,1,2025-01-01,1,,,,", "Order is empty", "order", ""),
        ("A,s,,2025-01-01,1,,,,", "Quantity is empty", "qty", ""),
        ("A,s,a dozen,2025-01-01,1,,,,", "Quantity is not a number", "qty", "a dozen"),
        ("A,s,1.5,2025-01-01,1,,,,", "Quantity is not a whole number", "qty", "1.5"),
        ("A,s,9999999999,2025-01-01,1,,,,", "Quantity is not a whole number", "qty", "9999999999"),
        ("A,s,1,31/02/2011,1,,,,", "Time cannot be read", "date", "31/02/2011"),
        ("A,s,1,,1,,,,", "Time is empty", "date", ""),
        ("A,s,1,2025-01-01,,,,,", "Price is empty", "price", ""),
        ("A,s,1,2025-01-01,1e400,,,,", "Price is not a number", "price", "1e400"),
        ("A,s,1,2025-01-01,1,,,much,", "Discount is not a number", "discount", "much"),
        ("A\0,s,1,2025-01-01,1,,,,", "There is a NUL character in the row", "", "A␀\x1fs\x1f1\x1f2025-01-01\x1f1\x1f\x1f\x1f\x1f"),
        (f"{'x' * 201},s,1,2025-01-01,1,,,,", "Order is longer than 200 characters", "order", "x" * 201),
    ],
)
def test_a_bad_order_line_says_what_is_wrong(row, reason, field, raw):
    assert errors(ORDER_HEAD + row, ORDERS) == [(2, reason, field, raw)]


def test_a_byte_that_is_no_character_costs_its_row():
    (error,) = errors(ORDER_HEAD + "A\udce4,s,1,2025-01-01,1,,,,\nA,s,1,2025-01-01,1,,,,", ORDERS)

    assert error[:3] == (2, "There is a byte in the row that is no character", "")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2025-01-01,,u1,,,,,,,,,", "Event is empty"),
        ("2025-01-01,search,,,,,,,,,,", "Nobody is named: neither a person nor a visitor"),
        ("2025-01-01,search,u1,,,,,dear,,,,", "Price is not a number"),
    ],
)
def test_a_bad_event_says_what_is_wrong(row, reason):
    assert [error[1] for error in errors(EVENT_HEAD + row, EVENTS)] == [reason]


def test_an_address_that_is_none_costs_the_profile():
    assert errors("id,mail\nu1,nobody\n", Mapping("profiles", ("person", "email"))) == [(2, "Email is not an address", "mail", "nobody")]
