"""A file from this machine's disk, read from the command line."""

from uuid import uuid4

import pytest

from actions import tenants
from errors import Invalid
from jobs import imports_file
from tests.uploading import DATA

ORDERS = DATA / "orders_small.csv"


def test_a_file_goes_into_a_shop_that_is_made_for_it_and_once_only(servers):
    shop, said = f"shop-{uuid4().hex[:8]}", []

    first = imports_file.run(ORDERS, shop=shop, zone="Europe/London", say=said.append)
    again = imports_file.run(ORDERS, shop=shop, kind="orders", zone="Europe/London", say=said.append)

    assert (first.rows_stored, first.rows_known, first.adjustments) == (8, 0, 2)
    assert (again.rows_stored, again.rows_known) == (0, 8)
    assert tenants.load(shop).timezone == "Europe/London"
    assert said[0].startswith("orders_small.csv: read as orders, InvoiceNo=order, StockCode=product")


def test_what_cannot_be_read_says_why(servers, tmp_path):
    with pytest.raises(Invalid, match="cannot be read: No such file"):
        imports_file.run(tmp_path / "none.csv", shop=f"shop-{uuid4().hex[:8]}", say=print)
    vague = tmp_path / "vague.csv"
    vague.write_text("a,b\n1,2\n")
    with pytest.raises(Invalid, match="Choose the column for Time"):
        imports_file.run(vague, shop=f"shop-{uuid4().hex[:8]}", say=print)
