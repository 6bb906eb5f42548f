"""What a currency was worth on a day, in a shop's own."""

import time
from datetime import date
from decimal import Decimal

from sqlalchemy import select

import models
from actions.enrichment.memo import Memo
from stores import postgres

BELIEVED_S = 600.0


def rate(currency: str, shop_currency: str, day: date) -> Decimal | None:
    """How much of `shop_currency` one `currency` was worth on `day` or the last day before with a rate; None where no rate is known."""
    if currency in ("", shop_currency):
        return Decimal(1)
    if time.monotonic() - _forgotten_at[0] > BELIEVED_S:
        _to_euro.clear()
        _forgotten_at[0] = time.monotonic()
    here, there = _to_euro[currency, day], _to_euro[shop_currency, day]
    return here / there if here and there else None


def _look_up(question: tuple[str, date]) -> Decimal | None:
    currency, day = question
    if currency == "EUR":
        return Decimal(1)
    table = models.ExchangeRate
    newest_first = select(table.rate_to_eur).where(table.currency == currency, table.day <= day).order_by(table.day.desc()).limit(1)
    with postgres.session(None) as db:
        return db.scalar(newest_first)


_to_euro = Memo(_look_up)
_forgotten_at = [0.0]
