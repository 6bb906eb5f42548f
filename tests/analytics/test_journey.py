"""A person's journey: which sessions are theirs, what each says, what they bought."""

from datetime import timedelta
from decimal import Decimal

import pytest

from analytics import journey
from analytics.journey import Browser, Facts
from errors import NotFound
from tests import recorded
from tests.recorded import AT, MINUTE

DAY = timedelta(days=1)


def test_a_users_journey_spans_their_browsers_oldest_session_first(tenant):
    recorded.session(tenant, "page_view", "view_item", visitor="v1", session="s1", user_id="u1")
    recorded.session(tenant, "page_view", visitor="v2", session="s2", user_id="u1", at=AT + DAY, device_type="desktop", browser="Firefox")
    recorded.session(tenant, "page_view", visitor="v3", session="s3", user_id="u2")
    recorded.customer(tenant, "u1", "Ada Berg", "ada@example.com")

    answer = journey.run(tenant, "u1")

    assert (answer.key, answer.user_id, answer.visitor_ids, answer.converted) == ("u1", "u1", ["v1", "v2"], False)
    assert [(s.session_id, s.started_at, s.ended_at, s.device_type, s.channel, s.country, s.pages, s.events) for s in answer.sessions] == [
        ("s1", AT, AT + MINUTE, "mobile", "direct", "DE", 1, 2),
        ("s2", AT + DAY, AT + DAY, "desktop", "direct", "DE", 1, 1),
    ]
    assert [[step.event for step in session.steps] for session in answer.sessions] == [["page_view", "view_item"], ["page_view"]]
    assert answer.facts == Facts(
        name="Ada Berg",
        email="ada@example.com",
        first_seen=AT,
        last_seen=AT + DAY,
        sessions=2,
        orders=0,
        net_revenue=Decimal(0),
        refunded=Decimal(0),
        open_cart=Decimal(0),
        browsers=[Browser("v1", "mobile", "Safari", AT, 1), Browser("v2", "desktop", "Firefox", AT + DAY, 1)],
    )


def test_what_was_bought_is_in_the_journey_with_its_lines_and_lessens_by_what_went_back(tenant):
    recorded.session(tenant, "add_to_cart", ("purchase", {"order_id": "o1", "revenue": "23"}), user_id="u1", cart="0")
    placed = {"visitor": "v1", "session": "s1", "buyer_id": "u1", "payment": "card"}
    recorded.order(tenant, "o1", gross="20", discount="2", product="Lamp", product_id="p1", quantity=2, **placed)
    recorded.order(tenant, "o1", line=1, gross="5", product_id="p2", **placed)
    recorded.order(tenant, "o1", kind="refund", gross="5", product_id="p2", buyer_id="u1", at=AT + DAY)
    recorded.order(tenant, "o2", gross="7", buyer_id="u1", status="held", at=AT + 2 * DAY)
    recorded.order(tenant, "o3", gross="99", buyer_id="u2")

    answer = journey.run(tenant, "u1")

    assert answer.converted
    assert [(s.converted, [step.order_id for step in s.steps]) for s in answer.sessions] == [(True, [None, "o1"])]
    assert [(o.order_id, o.kind, o.ordered_at, o.status, o.payment, o.amount) for o in answer.orders] == [
        ("o2", "sale", AT + 2 * DAY, "held", None, Decimal(7)),
        ("o1", "refund", AT + DAY, "paid", None, Decimal(5)),
        ("o1", "sale", AT, "paid", "card", Decimal(23)),
    ]
    assert [(line.product_id, line.product, line.quantity, line.amount) for line in answer.orders[2].lines] == [
        ("p1", "Lamp", 2, Decimal(18)),
        ("p2", "p2", 1, Decimal(5)),
    ]
    assert (answer.facts.orders, answer.facts.net_revenue, answer.facts.refunded) == (2, Decimal(18), Decimal(5))
    assert answer.facts.last_seen == AT + 2 * DAY


def test_a_buyer_without_a_single_session_has_a_journey_of_orders(tenant):
    recorded.order(tenant, "536365", gross="15.30", buyer_id="17850")
    answer = journey.run(tenant, "17850")
    assert (answer.user_id, answer.sessions, answer.visitor_ids, answer.converted) == ("17850", [], [], True)
    assert (answer.facts.first_seen, answer.facts.orders, answer.facts.net_revenue) == (AT, 1, Decimal("15.30"))


def test_a_visitor_whom_nobody_identified_has_a_journey_of_their_own(tenant):
    recorded.session(tenant, "page_view", cart="12.50")
    recorded.session(tenant, "purchase", session="s2", at=AT - DAY)
    recorded.order(tenant, "o1", gross="10", visitor="v1", session="s2", at=AT - DAY)
    answer = journey.run(tenant, "v1")
    assert (answer.key, answer.user_id, [s.session_id for s in answer.sessions]) == ("v1", None, ["s2", "s1"])
    assert (answer.facts.orders, answer.facts.open_cart) == (1, Decimal("12.50"))


def test_a_visitor_who_was_identified_is_that_user(tenant):
    recorded.session(tenant, "page_view", visitor="v1", session="s1", user_id="u1")
    recorded.session(tenant, "page_view", visitor="v2", session="s2", user_id="u1")
    answer = journey.run(tenant, "v2")
    assert (answer.key, answer.visitor_ids) == ("u1", ["v1", "v2"])


def test_a_browser_that_two_people_share_shows_each_their_own_sessions(tenant):
    recorded.session(tenant, "page_view", session="s1", user_id="u1")
    recorded.session(tenant, "page_view", session="s2", user_id="u2", at=AT + DAY)
    assert [session.session_id for session in journey.run(tenant, "u1").sessions] == ["s1"]
    assert journey.run(tenant, "v1").key == "u2"  # the newest


def test_the_limit_keeps_the_newest_sessions_and_the_facts_count_all(tenant):
    for number in range(3):
        recorded.session(tenant, "page_view", session=f"s{number}", user_id="u1", at=AT + number * DAY)
    answer = journey.run(tenant, "u1", limit=2)
    assert [session.session_id for session in answer.sessions] == ["s1", "s2"]
    assert (answer.facts.sessions, answer.facts.first_seen) == (3, AT)


def test_a_profile_alone_is_somebody_and_nobody_else_is_found(tenant, other_tenant):
    recorded.customer(tenant, "quiet")
    recorded.session(other_tenant, "page_view", user_id="theirs")
    assert journey.run(tenant, "quiet").facts.sessions == 0
    for unknown in ("theirs", "v1", "nobody"):
        with pytest.raises(NotFound, match=f"Nobody in this shop is known as {unknown}"):
            journey.run(tenant, unknown)
