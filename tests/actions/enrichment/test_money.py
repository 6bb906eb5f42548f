"""Amounts are exact."""

from decimal import Decimal

import pytest

from actions.enrichment import money


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.29, "0.2900"),
        (19.99, "19.9900"),
        (5, "5.0000"),
        ("19.99", "19.9900"),
        ("1,234.50", "1234.5000"),
        ("1.234,50", "1234.5000"),
        ("1,234", "1234.0000"),
        ("3,5", "3.5000"),
        ("€ 5", "5.0000"),
        ("-11062.06", "-11062.0600"),
        (Decimal("1.00005"), "1.0000"),
        ("", None),
        ("free", None),
        (None, None),
        (True, None),
        ([1], None),
        (float("nan"), None),
        ("1e400", None),
        (10**11, None),
    ],
)
def test_an_amount_is_read_as_it_is_written(value, expected):
    found = money.amount(value)
    assert (str(found) if found is not None else None) == expected


def test_units_are_ten_thousandths():
    assert (money.units(Decimal("19.9900")), money.units(Decimal("-0.0001")), money.units(None)) == (199_900, -1, 0)
