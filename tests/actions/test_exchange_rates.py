"""What a currency was worth."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.dialects.postgresql import insert

import models
from actions import exchange_rates
from stores import postgres

DAY = date(2025, 3, 10)


@pytest.fixture(autouse=True)
def rates(servers):
    told = {("XAA", date(2025, 3, 1)): "0.5", ("XAA", date(2025, 3, 20)): "0.9", ("XBB", date(2025, 3, 1)): "2"}
    rows = [{"currency": currency, "day": day, "rate_to_eur": rate} for (currency, day), rate in told.items()]
    with postgres.session(None) as db:
        db.execute(insert(models.ExchangeRate).values(rows).on_conflict_do_nothing())
    exchange_rates._to_euro.clear()


def test_the_last_rate_before_the_day_counts():
    assert exchange_rates.rate("XAA", "EUR", DAY) == Decimal("0.5")
    assert exchange_rates.rate("XAA", "EUR", date(2025, 3, 20)) == Decimal("0.9")


def test_two_foreign_currencies_meet_in_euros():
    assert exchange_rates.rate("XAA", "XBB", DAY) == Decimal("0.25")
    assert exchange_rates.rate("EUR", "XBB", DAY) == Decimal("0.5")


def test_the_shops_own_and_no_currency_are_worth_one():
    assert exchange_rates.rate("XBB", "XBB", DAY) == exchange_rates.rate("", "XBB", DAY) == 1


def test_what_nobody_knows_is_unknown():
    assert exchange_rates.rate("XCC", "EUR", DAY) is None
    assert exchange_rates.rate("XAA", "EUR", date(2025, 1, 1)) is None
