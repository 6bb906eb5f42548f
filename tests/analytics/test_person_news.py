"""Who is worth a look: the newest orders, returns, left payments and bad feedback."""

from datetime import timedelta
from decimal import Decimal

from analytics import person_news
from analytics.person_news import News
from tests import recorded
from tests.recorded import AT, MINUTE

HOUR = timedelta(hours=1)


def test_the_newest_of_each_kind_stand_mixed_by_time(tenant):
    recorded.customer(tenant, "u1", "Ada Berg")
    recorded.order(tenant, "o1", gross="20", buyer_id="u1", at=AT)
    recorded.order(tenant, "o1", kind="refund", gross="20", buyer_id="u1", at=AT + 3 * HOUR)
    recorded.session(tenant, "add_to_cart", "begin_checkout", visitor="v2", session="s2", cart="59", at=AT + HOUR)
    recorded.session(
        tenant, ("feedback", {"rating": "2", "properties": '{"text": "Too late"}'}), session="s3", user_id="u1", at=AT + 2 * HOUR
    )
    assert person_news.run(tenant) == [
        News("return", "u1", "Ada Berg", AT + 3 * HOUR, Decimal(20), "o1"),
        News("feedback", "u1", "Ada Berg", AT + 2 * HOUR, None, "Too late", 2.0),
        News("left", "v2", None, AT + HOUR + MINUTE, Decimal(59), ""),
        News("order", "u1", "Ada Berg", AT, Decimal(20), "o1"),
    ]


def test_carts_that_never_came_to_the_checkout_good_feedback_robots_and_other_shops_are_no_news(tenant, other_tenant):
    recorded.session(tenant, "add_to_cart", cart="59")
    recorded.session(tenant, "begin_checkout", "purchase", session="s2", cart="59")
    recorded.session(tenant, "begin_checkout", session="s3", cart="59", is_bot=1)
    recorded.session(tenant, ("feedback", {"rating": "4"}), session="s4")
    recorded.order(other_tenant, "o1", buyer_id="u1")
    assert person_news.run(tenant) == []


def test_a_shop_of_the_past_shows_what_was_newest_then(tenant):
    recorded.order(tenant, "old", buyer_id="u1", at=AT - timedelta(days=60))
    recorded.order(tenant, "new", buyer_id="u1")
    assert [news.text for news in person_news.run(tenant)] == ["new"]
