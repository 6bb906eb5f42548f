"""The metrics of a period, and why net revenue changed: worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from analytics import overview
from analytics.overview import Cause
from analytics.scope import Filters, OneOf, days
from analytics.values import Values
from tests import recorded
from tests.analytics.conftest import event

NOW = datetime(2025, 1, 12, 12, tzinfo=UTC)
BEFORE = datetime(2025, 1, 11, 12, tzinfo=UTC)


@pytest.fixture
def today(tenant):
    return days(tenant, date(2025, 1, 12), date(2025, 1, 12))


def test_the_metrics_are_what_their_definitions_say(tenant, session_of, today):
    session_of("page_view", visitor="v1", user="anna", at=NOW)  # a bounce
    session_of("page_view", "purchase", visitor="v2", user="anna", at=NOW)
    session_of("page_view", "page_view", visitor="v3", at=NOW)
    session_of("view_item", visitor="v3", at=NOW)  # one event, but no page view
    session_of("page_view", "purchase", visitor="v4", at=NOW, bot=True)
    recorded.order(tenant, "o1", at=NOW, gross="100", discount="10")
    recorded.order(tenant, "o1", at=NOW, line=1, gross="20.50")
    recorded.order(tenant, "o2", at=NOW, gross="30")
    recorded.order(tenant, "o3", at=NOW, gross="500", status="held")
    recorded.order(tenant, "o4", at=NOW, kind="refund", gross="25", discount="5")
    recorded.order(tenant, "o5", at=NOW, kind="cancellation", gross="7")
    recorded.order(tenant, "o6", at=NOW, kind="adjustment", gross="11062.06")
    recorded.order(tenant, "o7", at=NOW, gross="1000", is_bot="1")

    assert overview.run(today).now == Values(
        net_revenue=Decimal("113.50"),
        gross_revenue=Decimal("150.50"),
        discounts=Decimal(10),
        refunds=Decimal(27),
        orders=2,
        conversion=0.25,
        average_order=Decimal("70.25"),
        visitors=3,
        users=2,
        sessions=4,
        bounce_rate=0.25,
        sessions_with_purchase=1,
    )
    with_bots = overview.run(replace(today, bots=True)).now
    assert (with_bots.sessions, with_bots.visitors, with_bots.users, with_bots.orders) == (5, 4, 3, 3)


def test_a_period_without_anything_is_unknown_not_zero_where_it_divides(today):
    found = overview.run(today)

    assert (found.before, found.causes) == (None, [])
    assert (found.now.conversion, found.now.average_order, found.now.bounce_rate, found.now.sessions) == (None, None, None, 0)


def test_filters_narrow_visits_and_money(tenant, session_of, today):
    session_of("page_view", at=NOW, device="mobile")
    session_of("page_view", at=NOW, device="desktop")
    recorded.order(tenant, "o1", at=NOW, gross="10", device_type="mobile")
    recorded.order(tenant, "o2", at=NOW, gross="5", device_type="desktop")

    mobile = overview.run(replace(today, filters=Filters(device=OneOf(("mobile",))))).now
    others = overview.run(replace(today, filters=Filters(device=OneOf(("mobile",), negated=True)))).now

    assert (mobile.sessions, mobile.net_revenue) == (1, Decimal(10))
    assert (others.sessions, others.net_revenue) == (1, Decimal(5))


def test_the_causes_of_the_change_add_up_to_it(tenant, session_of, today):
    # Before: 2 visits, 1 order of 100. Now: 4 visits, 3 orders of 80, 20 given back.
    for number in range(4):
        session_of("page_view", at=NOW, visitor=f"v{number}")
    for number in range(2):
        session_of("page_view", at=BEFORE, visitor=f"v{number}")
    recorded.order(tenant, "b1", at=BEFORE, gross="100", device_type="mobile", country="DE")
    for number in range(3):
        recorded.order(tenant, f"n{number}", at=NOW, gross="80", device_type="desktop" if number else "mobile", country="DE")
    recorded.order(tenant, "n9", at=NOW, kind="refund", gross="20", device_type="mobile", country="DE")

    found = overview.run(today)

    assert (found.now.net_revenue, found.before.net_revenue) == (Decimal(220), Decimal(100))
    assert found.causes == [
        Cause("visits", "Visits", None, None, Decimal("100.00")),  # 2 more × 0.5 × 100
        Cause("conversion", "Orders per visit", None, None, Decimal("100.00")),  # 4 × (0.75 − 0.5) × 100
        Cause("average_order", "Average order", None, None, Decimal("-60.00")),  # 3 × −20
        Cause("refunds", "Refunds", None, None, Decimal("-20.00")),
        Cause("segment", "Device desktop", "device", "desktop", Decimal("160.00")),
        Cause("segment", "Device mobile", "device", "mobile", Decimal("-40.00")),
    ]


def test_what_visits_cannot_explain_is_said_to_be_unexplained(tenant, today):
    recorded.order(tenant, "b1", at=BEFORE, gross="100")
    recorded.order(tenant, "n1", at=NOW, gross="130")

    causes = overview.run(today).causes

    assert [(cause.kind, cause.amount) for cause in causes] == [("refunds", Decimal(0)), ("unexplained", Decimal(30))]


def test_revenue_of_events_is_not_counted_twice(session_of, today):
    session_of(event("purchase", revenue="99"), at=NOW)

    assert overview.run(today).now.net_revenue == 0  # money comes from order lines only
