"""What a file holds is guessed from its headings and values."""

import io

import pytest

from actions import upload_guessing, upload_sniffing
from actions.upload_mapping import EventName


def guess(text: str, **known):
    sniffed = upload_sniffing.sniff(io.BytesIO(text.encode()), max_bytes=1 << 30)
    return upload_guessing.guess(sniffed, zone="UTC", **known).mapping


@pytest.mark.parametrize(
    ("text", "kind", "columns"),
    [
        ("user_id,name,email\nu1,Ann,ann@example.com\n", "profiles", ("person", "full_name", "email")),
        (
            "event_time,event_type,product_id,category_code,brand,price,user_id,user_session\n"
            "2019-10-01 00:00:00 UTC,view,4460,,x,35.79,5413,72d\n",
            "events",
            ("time", "event", "product", "category", "keep", "price", "person", "session"),
        ),
        (
            "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n",
            "events",
            ("time", "visitor", "event", "product", "order"),
        ),
        (
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
            "489434,85048,X,12,2009-12-01 07:45,6.95,13085,France\n",
            "orders",
            ("order", "product", "name", "quantity", "time", "price", "person", "country"),
        ),
        (
            "Order ID;Order Date;SKU;Qty;Unit Price\n1;13.02.2024 10:00;A;2;12,50\n",
            "orders",
            ("order", "time", "product", "quantity", "price"),
        ),
        ("when it was,what,uid\n2024-01-01 10:00,view_item,u1\n2024-01-01 10:01,purchase,u1\n", "events", ("time", "event", "person")),
    ],
)
def test_kind_and_roles(text, kind, columns):
    mapping = guess(text)

    assert (mapping.kind, mapping.columns) == (kind, columns)


def test_a_column_whose_values_cannot_be_it_is_not_chosen():
    assert guess("order_id,price,date,note\n1,a dozen,yesterday,x\n", kind="orders").columns == ("order", "ignore", "ignore", "ignore")


def test_form_mark_and_zone_are_found():
    mapping = guess("Order ID;Order Date;SKU;Qty;Unit Price\n1;13.02.2024 10:00;A;2;12,50\n")

    assert (mapping.time_form, mapping.decimal, mapping.zone) == ("dmy", ",", "UTC")


def test_day_and_month_are_judged_by_the_whole_file_not_by_its_beginning():
    rows = "".join(f"1,{month}/1/2024,A,1,1.00\n" for month in range(1, 10)) * 300

    assert guess("order,date,sku,qty,price\n" + rows + "1,1/31/2024,A,1,1.00\n").time_form == "mdy"


def test_event_names_are_read_as_known_guessed_or_kept():
    rows = "".join(f"u1,{name},2024-01-01 10:00\n" for name in ("product_view", "home", "filter_results", "support_chat"))

    assert guess("user_id,event,timestamp\n" + rows).names == {
        "product_view": EventName("view_item", "product"),
        "home": EventName("page_view", "home"),
        "filter_results": EventName("filter_results", "category"),
        "support_chat": EventName("support_chat", ""),
    }
