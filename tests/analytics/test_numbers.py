"""Nothing divided by nothing is ever a number."""

from decimal import Decimal

from analytics import numbers


def test_a_ratio_without_a_whole_is_unknown():
    assert numbers.ratio(1, 4) == 0.25
    assert numbers.ratio(0, 4) == 0.0
    assert numbers.ratio(0, 0) is None


def test_money_is_divided_as_decimal():
    assert numbers.money_ratio(Decimal("10.00"), 4) == Decimal("2.5")
    assert numbers.money_ratio(Decimal(0), 0) is None


def test_a_change_from_nothing_or_unknown_is_unknown():
    assert numbers.change(12, 10) == 0.2
    assert numbers.change(Decimal(5), Decimal(10)) == -0.5
    assert numbers.change(-5, -10) == 0.5  # less loss is more
    assert numbers.change(5, 0) is None
    assert numbers.change(None, 5) is None
    assert numbers.change(5, None) is None


def test_cents_round_half_to_even():
    assert numbers.cents(Decimal("1.005")) == Decimal("1.00")
    assert numbers.cents(Decimal("1.015")) == Decimal("1.02")
    assert numbers.cents(None) is None
