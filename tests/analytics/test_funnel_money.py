"""What those who left cost, worked out by hand."""

from decimal import Decimal

from analytics import funnel, funnel_money
from analytics.funnel_money import Left
from tests.analytics.conftest import event
from tests.analytics.test_funnel import SHORT


def test_revenue_lost_is_their_own_cart_else_an_average_order_times_the_share_of_peers_that_paid(session_of, scope):
    session_of("view_item", "add_to_cart", event("purchase", revenue="100"))
    session_of("view_item", "add_to_cart", event("purchase", revenue="60"))
    session_of("view_item", "add_to_cart", cart="50")
    session_of("view_item", "add_to_cart")  # what lay in the cart is not known
    session_of("view_item")
    session_of("view_item")
    session_of("search", event("purchase", revenue="999"))  # not in this funnel

    found = funnel.run(scope, SHORT)

    assert (found.average_order, found.revenue) == (Decimal(80), Decimal(160))
    # 2 × 80 × 2/6 of those who saw, (50 + 80) × 2/4 of those with a cart.
    assert [s.revenue_lost for s in found.steps] == [Decimal("53.33"), Decimal("65.00"), None]


def test_of_visitors_the_cart_of_the_last_session_counts(session_of, scope):
    from datetime import timedelta

    from analytics.funnel import Definition

    session_of("view_item", "add_to_cart", visitor="v1", cart="10", at=scope.start)
    session_of("add_to_cart", visitor="v1", cart="30", at=scope.start + timedelta(days=1))
    session_of("view_item", "add_to_cart", event("purchase", revenue="40"), visitor="v2", at=scope.start)

    found = funnel.run(scope, Definition("Test", SHORT.steps, unit="visitor"))

    assert [s.revenue_lost for s in found.steps] == [Decimal("0.00"), Decimal("15.00"), None]


def test_nothing_is_said_where_nobody_reached_the_end_or_no_order_is_known(session_of, scope):
    session_of("view_item")

    assert funnel.run(scope, SHORT).steps[0].revenue_lost is None
    assert funnel_money.lost(Left(1, 1, Decimal(0)), 2, 1, None) is None
    assert funnel_money.lost(Left(1, 0, Decimal("30")), 2, 1, None) == Decimal("15.00")
    assert funnel_money.lost(Left(0, 0, Decimal(0)), 2, 0, None) == Decimal("0.00")
