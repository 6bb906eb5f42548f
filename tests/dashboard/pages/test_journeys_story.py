"""A journey told: what is folded, what is left out, and where orders stand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from analytics.journey import Facts, Journey, JourneySession
from analytics.journey_steps import JourneyStep
from analytics.person_orders import PersonOrder
from dashboard.pages import journeys_story

AT = datetime(2025, 1, 10, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def step(event, after=0, path=None, **more):
    names = ("page_type", "event_name", "page_url", "product", "category", "amount", "currency", "order_id", "search_term", "rating")
    values = dict.fromkeys(names) | {"quantity": 0, "event_type": event, "page_path": path} | more
    return JourneyStep(event=event, timestamp=AT + after * SECOND, **values)


def session(*steps, cart=0, converted=False, start=AT):
    unknown = dict.fromkeys(("device_type", "browser", "channel", "source", "campaign", "country"))
    facts = {"pages": 1, "events": 1, "cart_value": Decimal(cart), "converted": converted}
    return JourneySession("s", "v", start, start + 60 * SECOND, **unknown, **facts, steps=list(steps))


def order(order_id, kind="sale", at=AT):
    return PersonOrder(order_id, kind, at, "paid", None, Decimal(5), [])


def told(*sessions, orders=(), total=None, only_money=False):
    facts = Facts(None, None, None, None, total or len(sessions), 0, Decimal(0), Decimal(0), Decimal(0), [])
    journey = Journey("u1", "u1", ["v"], False, list(sessions), list(orders), facts)
    chapters = journeys_story.tell(journey, only_money=only_money)
    return [[(line.kind, _about(line)) for line in chapter.lines] for chapter in chapters]


def _about(line):
    return line.step.event if line.step else line.order and line.order.order_id


def test_runs_of_three_looks_are_folded_by_kind_and_two_are_not():
    visit = session(*[step("view_item", n) for n in range(4)], step("add_to_cart", 5), step("view_item", 6), step("view_item", 7))
    assert told(visit) == [[("step", "view_item"), ("more", None), ("step", "add_to_cart"), ("step", "view_item"), ("step", "view_item")]]
    pages = session(*[step("page_view", n, f"/{n}") for n in range(3)], *[step("view_item", n) for n in range(4, 6)])
    assert told(pages) == [[("step", "page_view"), ("more", None), ("step", "view_item"), ("step", "view_item")]]


def test_the_page_view_that_comes_with_a_richer_event_is_left_out_but_not_the_arrival():
    visit = session(
        step("page_view", 0, "/a"),
        step("view_item", 1, "/a"),
        step("page_view", 10, "/b"),
        step("search", 11, "/b"),
        step("page_view", 20, "/c"),
        step("search", 30, "/c"),
    )
    assert [event for _, event in told(visit)[0]] == ["page_view", "view_item", "search", "page_view", "search"]


def test_an_order_stands_where_it_was_placed_and_others_where_they_happened():
    bought = session(step("purchase", 0, order_id="o1"))
    orders = [order("o1"), order("o1", "refund", AT + timedelta(days=3)), order("o2", at=AT - timedelta(days=1))]
    assert told(bought, orders=orders) == [[("order", "o2")], [("order", "purchase")], [("order", "o1")]]


def test_a_purchase_whose_order_is_not_known_stays_a_step():
    assert told(session(step("purchase", order_id="o9"))) == [[("step", "purchase")]]


def test_orders_before_the_first_shown_session_wait_for_the_earlier_ones():
    orders = [order("old", at=AT - timedelta(days=9)), order("new", at=AT + timedelta(days=1))]
    assert told(session(step("page_view")), orders=orders, total=5) == [[("step", "page_view")], [("order", "new")]]


def test_a_cart_that_was_left_ends_the_session_unless_it_was_bought():
    assert told(session(step("add_to_cart"), cart=5))[0][-1] == ("left", "add_to_cart")
    assert told(session(step("add_to_cart"), cart=5, converted=True)) == [[("step", "add_to_cart")]]


def test_only_money_leaves_out_sessions_without_any():
    empty, rated = session(step("page_view")), session(step("page_view"), step("feedback"), cart=1)
    assert told(empty, rated, only_money=True) == [[("step", "feedback"), ("left", "feedback")]]
