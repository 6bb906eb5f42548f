"""How is the shop doing, and what changed?"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from analytics import numbers, values
from analytics.scope import Scope
from analytics.values import Values
from stores import clickhouse

SEGMENTS_SHOWN = 3
DIMENSIONS = {"device": "Device", "channel": "Channel", "country": "Country"}


@dataclass(frozen=True)
class Cause:
    """A part of the change of net revenue. The first four kinds and "unexplained" add up to it; segments say where else it can be seen."""

    kind: Literal["visits", "conversion", "average_order", "refunds", "unexplained", "segment"]
    label: str
    dimension: str | None
    value: str | None
    amount: Decimal  # in the shop's currency, rounded to cents


@dataclass(frozen=True)
class Overview:
    """`before` and `causes` are of the comparison period; None and empty where it holds nothing."""

    now: Values
    before: Values | None
    causes: list[Cause]


def run(scope: Scope) -> Overview:
    """The metrics of the period and of the one it is compared with, and the change of net revenue by causes, in money."""
    earlier = scope.previous()
    money, money_before = _money_by_segment(scope), _money_by_segment(earlier)
    now, before = values.of(_visits(scope), _total(money)), values.of(_visits(earlier), _total(money_before))
    if not (before.sessions or before.orders or before.refunds):
        return Overview(now, None, [])
    return Overview(now, before, [*_causes(now, before), *_segments(_net(money), _net(money_before))])


VISITS_SQL = "SELECT $visits FROM sessions FINAL WHERE $scope"


def _visits(scope: Scope) -> dict:
    return clickhouse.query(VISITS_SQL, scope.params, visits=values.VISITS, scope=scope.sessions)[0]


SEGMENTS_SQL = """
SELECT part.1 AS dimension, part.2 AS value, $money
FROM order_lines FINAL
ARRAY JOIN [('device', device_type), ('channel', channel), ('country', country)] AS part
WHERE $scope
GROUP BY dimension, value"""


def _money_by_segment(scope: Scope) -> list[dict]:
    return clickhouse.query(SEGMENTS_SQL, scope.params, money=values.MONEY, scope=scope.orders)


def _total(rows: list[dict]) -> dict:
    """Each line has one device, known or not: the sums by device add up to the whole, and spare a second scan."""
    by_device = [row for row in rows if row["dimension"] == "device"]
    return {name: sum(row[name] for row in by_device) for name in ("orders", "gross_revenue", "discounts", "refunds")}


def _net(rows: list[dict]) -> dict[tuple[str, str], Decimal]:
    return {(row["dimension"], row["value"]): row["gross_revenue"] - row["discounts"] - row["refunds"] for row in rows if row["value"]}


def _segments(now: dict, before: dict) -> list[Cause]:
    """The segments whose net revenue changed most; a dimension with one value only says nothing new."""
    keys = now.keys() | before.keys()
    told_apart = {dimension for dimension in DIMENSIONS if sum(key[0] == dimension for key in keys) > 1}
    moved = {key: now.get(key, Decimal(0)) - before.get(key, Decimal(0)) for key in keys if key[0] in told_apart}
    largest = sorted(moved, key=lambda key: (-abs(moved[key]), key))[:SEGMENTS_SHOWN]
    return [Cause("segment", f"{DIMENSIONS[d]} {v}", d, v, numbers.cents(moved[d, v])) for d, v in largest if moved[d, v]]


def _causes(now: Values, before: Values) -> Iterator[Cause]:
    parts = [*_factors(now, before), ("refunds", "Refunds", before.refunds - now.refunds)]
    causes = [Cause(kind, label, None, None, numbers.cents(amount)) for kind, label, amount in parts]
    rest = numbers.cents(now.net_revenue - before.net_revenue) - sum(cause.amount for cause in causes)
    yield from causes
    if rest:
        yield Cause("unexplained", "Not explained", None, None, rest)


def _factors(now: Values, before: Values) -> list[tuple[str, str, Decimal]]:
    """Sales = visits × orders per visit × average order; each factor is changed in this order while the later ones are as they were.

    Nothing is said where a factor is unknown: orders without visits, as in an imported list of orders.
    """
    if not (now.sessions and before.sessions and now.orders and before.orders):
        return []
    rate, rate_before = Decimal(now.orders) / now.sessions, Decimal(before.orders) / before.sessions
    return [
        ("visits", "Visits", (now.sessions - before.sessions) * rate_before * before.average_order),
        ("conversion", "Orders per visit", now.sessions * (rate - rate_before) * before.average_order),
        ("average_order", "Average order", now.orders * (now.average_order - before.average_order)),
    ]
