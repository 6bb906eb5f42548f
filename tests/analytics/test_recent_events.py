"""What happened last, page by page."""

from datetime import timedelta

from analytics import recent_events
from analytics.recent_events import Page
from tests.ingesting import AT, event, send


def seen(page: Page) -> tuple:
    return [(row.action, row.user_id, (row.timestamp - AT) / timedelta(seconds=1), row.properties) for row in page.events], page.total


def test_the_newest_stand_first(tenant, other_tenant):
    send(tenant, event("Login", 0, user_id="ann", properties={"a": 1}), event("AddToCart", 5), event("Checkout", 9))
    send(other_tenant, event("not ours", 99))
    assert seen(recent_events.run(tenant, page=1, per_page=2)) == ([("Checkout", "v1", 9.0, {}), ("AddToCart", "v1", 5.0, {})], 3)
    assert seen(recent_events.run(tenant, page=2, per_page=2)) == ([("Login", "ann", 0.0, {"a": 1})], 3)
    assert seen(recent_events.run(tenant, page=3, per_page=2)) == ([], 3)


def test_a_shop_without_events_has_an_empty_page(tenant):
    assert recent_events.run(tenant, page=1, per_page=20) == Page([], 0)
