"""How much of each metric a set of rows holds: the sums that overview and trends share."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from analytics import numbers
from stores.clickhouse import Sql

# Aggregates over `sessions FINAL`.
VISITS = Sql("""
    uniqExact(vh) AS visitors, uniqExact(ph) AS users, count() AS sessions,
    countIf(order_count > 0) AS sessions_with_purchase, countIf(page_views = 1 AND event_count = 1) AS bounces""")

# Aggregates over `order_lines FINAL`. What fraud holds is in none; a cancellation gives back what its order brought, on its own day.
MONEY = Sql("""
    countIf(kind = 'sale' AND line = 0 AND status != 'held') AS orders,
    sumIf(gross, kind = 'sale' AND status != 'held') AS gross_revenue,
    sumIf(discount, kind = 'sale' AND status != 'held') AS discounts,
    sumIf(gross - discount, kind IN ('refund', 'cancellation')) AS refunds""")


@dataclass(frozen=True)
class Values:
    """The metrics of one period or bucket. Money in the shop's currency, unrounded; shares 0..1; None is unknown."""

    net_revenue: Decimal
    gross_revenue: Decimal
    discounts: Decimal
    refunds: Decimal
    orders: int
    conversion: float | None
    average_order: Decimal | None
    visitors: int
    users: int
    sessions: int
    bounce_rate: float | None
    sessions_with_purchase: int


def of(visits: Mapping | None, money: Mapping | None) -> Values:
    """The Values of a row of VISITS and a row of MONEY; a missing row is a period in which nothing happened."""
    visits, money = visits or {}, money or {}
    gross, discounts, refunds = (Decimal(money.get(key) or 0) for key in ("gross_revenue", "discounts", "refunds"))
    orders, sessions, buying = money.get("orders", 0), visits.get("sessions", 0), visits.get("sessions_with_purchase", 0)
    return Values(
        net_revenue=gross - discounts - refunds,
        gross_revenue=gross,
        discounts=discounts,
        refunds=refunds,
        orders=orders,
        conversion=numbers.ratio(buying, sessions),
        average_order=numbers.money_ratio(gross - discounts, orders),
        visitors=visits.get("visitors", 0),
        users=visits.get("users", 0),
        sessions=sessions,
        bounce_rate=numbers.ratio(visits.get("bounces", 0), sessions),
        sessions_with_purchase=buying,
    )
