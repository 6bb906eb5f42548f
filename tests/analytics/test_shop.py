"""What a shop holds at all."""

from datetime import UTC, date, datetime, timedelta

from analytics import shop
from analytics.shop import Totals
from tests import recorded
from tests.recorded import AT


def test_the_period_reaches_from_the_first_to_the_last_day_with_an_event_or_an_order(tenant, other_tenant):
    recorded.session(other_tenant, "page_view", at=AT - timedelta(days=400))
    assert shop.period(tenant) is None
    recorded.order(tenant, "o1", at=datetime(2010, 12, 1, 8, tzinfo=UTC))
    assert shop.period(tenant) == (date(2010, 12, 1), date(2010, 12, 1))
    recorded.session(tenant, "page_view", at=datetime(2025, 1, 10, 23, 30, tzinfo=UTC))
    assert shop.period(tenant) == (date(2010, 12, 1), date(2025, 1, 10))
    assert shop.period(tenant, "Europe/Berlin") == (date(2010, 12, 1), date(2025, 1, 11))


def test_the_totals_count_events_as_sent_and_days_in_the_shops_zone(tenant, other_tenant):
    recorded.session(tenant, ("add_to_cart", {"event_type": "AddToCart"}), ("login", {"event_type": "Login"}), user_id="u1")
    recorded.session(tenant, ("login", {"event_type": "Login"}), session="s2", visitor="v2", at=AT + timedelta(days=1))
    recorded.session(tenant, "page_view", session="s3", is_bot=1)
    recorded.session(other_tenant, "page_view")
    recorded.customer(tenant, "u1")
    assert shop.totals(tenant, now=AT + timedelta(days=1, hours=3)) == Totals(
        total_events=3,
        daily_active_users=1,
        total_users=1,
        top_actions=[("Login", 2), ("AddToCart", 1)],
        daily_events=[(date(2025, 1, 10), 2), (date(2025, 1, 11), 1)],
    )


def test_an_empty_shop_has_zeros(tenant):
    assert shop.totals(tenant, now=AT) == Totals(0, 0, 0, [], [])
