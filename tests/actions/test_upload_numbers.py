"""Numbers as files write them."""

from decimal import Decimal

import pytest

from actions import upload_numbers


@pytest.mark.parametrize(
    ("mark", "text", "expected"),
    [
        (".", "2.55", "2.55"),
        (".", "1,234.56", "1234.56"),
        (".", "£2.55", "2.55"),
        (".", "(12.50)", "-12.50"),
        (".", "−1", "-1"),
        (".", "5.00-", "-5.00"),
        (".", "$-3", "-3"),
        (".", "EUR 5", "5"),
        (".", "0.00001", "0.0000"),
        (".", ".5", ".5"),
        (",", "1.234,56", "1234.56"),
        (",", "€ 1 234,5", "1234.5"),
        (",", "12,5", "12.5"),
    ],
)
def test_a_number_is_read(mark, text, expected):
    assert upload_numbers.reader(mark)(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", " ", ".", "a dozen", "1e5", "nan", "0x1", "1,5", "--1", "9" * 12])
def test_what_is_no_number_or_too_large_is_none(text):
    assert upload_numbers.reader(".")(text) is None


def test_the_comma_is_the_mark_where_only_it_can_be():
    assert upload_numbers.decimal_mark(["1,5", "2,75", "x"]) == ","
    assert upload_numbers.decimal_mark(["1.234,50"]) == ","
    assert upload_numbers.decimal_mark(["1,234", "2.5"]) == "."
    assert upload_numbers.decimal_mark([]) == "."


def test_the_share_leaves_out_what_is_empty():
    assert upload_numbers.share(["1", "", "x", "2"], ".") == 2 / 3
    assert upload_numbers.share(["", " "], ".") == 0
