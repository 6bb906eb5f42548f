"""Funnels: each option against answers that were counted by hand."""

from datetime import timedelta

import pytest

from analytics import funnel
from analytics.funnel import Definition, Exclusion, Step
from tests.analytics.conftest import event

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def events(*names: str, **more) -> Definition:
    """A funnel of canonical events."""
    return Definition("Test", tuple(Step("event", name) for name in names), **more)


def counts(scope, definition, **more) -> list[int]:
    return [step.count for step in funnel.run(scope, definition, **more).steps]


SHORT = events("view_item", "add_to_cart", "purchase")


def test_a_step_counts_the_sessions_that_reached_it_in_order(session_of, scope):
    session_of("page_view", "view_item", "add_to_cart", "purchase")
    session_of("view_item", "search", "add_to_cart")
    session_of("view_item")
    session_of("add_to_cart", "view_item")  # the wrong way round: the first step only
    session_of("page_view", "purchase")  # never entered

    found = funnel.run(scope, SHORT)

    assert [(s.label, s.count, s.share, s.step_share, s.left, s.left_share) for s in found.steps] == [
        ("Viewed a product", 4, 1.0, 1.0, 2, 0.5),
        ("Added to cart", 2, 0.5, 0.5, 1, 0.5),
        ("Paid", 1, 0.25, 0.5, 0, 0.0),
    ]
    assert (found.total, found.unit) == (4, "session")


def test_nobody_entered_is_an_unknown_share_not_an_error(scope):
    assert [(s.count, s.share, s.median_ms, s.revenue_lost) for s in funnel.run(scope, SHORT).steps] == [
        (0, None, None, 0),
        (0, None, None, 0),
        (0, None, None, None),
    ]


def test_a_step_can_be_the_senders_own_name_a_page_type_or_a_page(session_of, scope):
    session_of(
        event("page_view", event_name="Landing", url="https://shop.example/"),
        event("page_view", url="https://shop.example/sale/lamps?x=1", page_type="category"),
        event("page_view", url="https://shop.example/pay", page_type="payment"),
    )
    session_of(
        event("page_view", event_name="Landing"),
        event("page_view", url="/sale/", page_type="payment"),
        event("page_view", page_type="payment"),
    )
    session_of(event("page_view", event_name="Landing"), event("page_view", url="/lamps/sale", page_type="payment"))
    session_of(event("page_view", event_name="landing"))
    steps = (Step("name", "Landing"), Step("page", "/sale/%", operator="like"), Step("page_type", "payment"))

    assert counts(scope, Definition("Test", steps)) == [3, 2, 2]
    assert counts(scope, Definition("Test", (steps[0], Step("page", "/sale/lamps"), steps[2]))) == [3, 1, 1]
    assert counts(scope, Definition("Test", (Step("name", "LAND%", operator="like"), steps[2]))) == [0, 0]
    assert counts(scope, Definition("Test", (Step("event", "page%", operator="like"), steps[2]))) == [4, 3]


def test_a_percent_sign_is_only_a_wildcard_where_a_pattern_is_asked_for(session_of, scope):
    session_of(event("page_view", url="/50%off"), event("page_view", url="/50xoff"))

    assert counts(scope, Definition("Test", (Step("page", "/50%off"), Step("page", "/50%off", operator="like")))) == [1, 1]
    assert counts(scope, Definition("Test", (Step("page", "/50%off"), Step("page", "/50%off")))) == [1, 0]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("is", "lamp", 1),
        ("is_not", "lamp", 2),
        ("like", "%a%", 2),
        ("is_set", "", 3),
    ],
)
def test_a_step_can_be_a_property_as_text(session_of, scope, operator, value, expected):
    session_of("view_item", event("add_to_cart", properties={"kind": "lamp"}))
    session_of("view_item", event("add_to_cart", properties={"kind": "table"}))
    session_of("view_item", event("add_to_cart", properties={"kind": 3}))
    session_of("view_item", event("add_to_cart", properties={"kind": None, "other": "lamp"}))
    session_of(event("add_to_cart", properties={"kind": "lamp"}), "view_item")  # before the first step

    found = counts(scope, Definition("Test", (Step("event", "view_item"), Step("property", value, operator, key="kind"))))

    assert found == [5, expected]


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [("more_than", "2", 2), ("at_least", "2", 3), ("less_than", "2", 1), ("at_most", "2", 2), ("is", "2", 1)],
)
def test_a_step_can_be_a_property_as_a_number(session_of, scope, operator, value, expected):
    for quantity in (1, 2, 2.5, "30", "many", [3]):
        session_of("view_item", event("add_to_cart", properties={"quantity": quantity}))

    assert counts(scope, Definition("Test", (Step("event", "view_item"), Step("property", value, operator, key="quantity")))) == [
        6,
        expected,
    ]


def test_a_property_can_lie_inside_another_and_have_any_name(session_of, scope):
    session_of("view_item", event("add_to_cart", properties={"product": {"price": 60}, 'say "ü"': "x"}))
    session_of("view_item", event("add_to_cart", properties={"product": {"price": 40}, "price": 60}))

    nested = Definition("Test", (Step("event", "view_item"), Step("property", "50", "at_least", key="product.price")))
    quoted = Definition("Test", (Step("event", "view_item"), Step("property", "x", key='say "ü"')))
    assert counts(scope, nested) == [2, 1]
    assert counts(scope, quoted) == [2, 1]


def test_a_property_is_found_at_its_place_among_events_of_one_instant(session_of, scope):
    session_of(
        event("view_item", after=0, seq=0, properties={"price": 60}),
        event("search", after=0, seq=1),
        event("view_item", after=0, seq=2, properties={"price": 10}),
        event("purchase", after=0, seq=3),
    )
    dear, cheap = Step("property", "50", "more_than", key="price"), Step("property", "50", "less_than", key="price")

    assert counts(scope, Definition("Test", (dear, Step("event", "search"), cheap))) == [1, 1, 1]
    assert counts(scope, Definition("Test", (cheap, Step("event", "search")))) == [1, 0]
    assert counts(scope, Definition("Test", (Step("event", "search"), dear))) == [1, 0]


def test_events_of_one_instant_stand_in_the_order_of_the_request(session_of, scope):
    session_of(event("purchase", after=0, seq=2), event("add_to_cart", after=0, seq=1), event("view_item", after=0, seq=0))
    session_of(event("view_item", after=0, seq=1), event("add_to_cart", after=0, seq=0))

    assert counts(scope, SHORT) == [2, 1, 1]


def test_one_event_is_one_step_only(session_of, scope):
    session_of("page_view", "page_view")
    session_of("page_view")

    assert counts(scope, events("page_view", "page_view")) == [2, 1]


def test_any_of_several_events_can_be_a_step(session_of, scope):
    session_of("view_item", "add_to_cart")
    session_of("view_item", event("page_view", url="/express/1"))
    session_of("view_item", event("page_view", url="/1", properties={"quantity": 2}))
    session_of("view_item", "search")
    express = Step("page", "/express/%", "like")

    two = Step("event", "add_to_cart", any_of=(express,))
    three = Step("event", "add_to_cart", any_of=(express, Step("property", "1", "more_than", key="quantity")))

    assert counts(scope, Definition("Test", (Step("event", "view_item"), two))) == [4, 2]
    assert counts(scope, Definition("Test", (Step("event", "view_item"), three))) == [4, 3]
    assert two.label == "Added to cart or /express/%"


def test_an_optional_step_counts_between_its_neighbours_and_nobody_is_lost_without_it(session_of, scope):
    session_of("view_item", "add_to_cart", "purchase")
    session_of("view_item", "purchase")  # bought at once
    session_of("view_item", "purchase", "add_to_cart")  # too late for the cart
    session_of("view_item", "add_to_cart")
    session_of("view_item")
    steps = (Step("event", "view_item"), Step("event", "add_to_cart", optional=True), Step("event", "purchase"))

    found = funnel.run(scope, Definition("Test", steps)).steps

    assert [(s.count, s.share, s.step_share, s.left) for s in found] == [(5, 1.0, 1.0, 1), (2, 0.4, 0.4, 1), (3, 0.6, 0.6, 0)]
    assert [s.median_ms for s in found] == [10_000, 10_000, None]  # 10 s each from view to cart or purchase


def test_several_optional_steps_may_be_skipped_each_on_its_own(session_of, scope):
    session_of("view_item", "view_cart", "begin_checkout", "purchase")
    session_of("view_item", "begin_checkout", "purchase")
    session_of("view_item", "begin_checkout", "view_cart", "purchase")  # the cart comes first here
    session_of("view_item", "purchase")
    optional = (Step("event", "view_cart", optional=True), Step("event", "begin_checkout", optional=True))

    assert counts(scope, Definition("Test", (Step("event", "view_item"), *optional, Step("event", "purchase")))) == [4, 2, 2, 4]


def test_an_excluded_event_between_two_steps_ends_the_way(session_of, scope):
    session_of("view_item", "add_to_cart", "purchase")
    session_of("view_item", "add_to_cart", "feedback", "purchase")
    session_of("view_item", "feedback", "add_to_cart", "purchase")  # elsewhere
    session_of("view_item", "add_to_cart", "purchase", "feedback")
    session_of("view_item", "add_to_cart", "feedback", "add_to_cart", "purchase")  # not the first cart

    excluded = events("view_item", "add_to_cart", "purchase", exclusions=(Exclusion(2, Step("event", "feedback")),))
    assert counts(scope, excluded) == [5, 5, 3]
    assert [s.left for s in funnel.run(scope, excluded).steps] == [0, 2, 0]


def test_after_an_excluded_event_the_way_may_begin_again(session_of, scope):
    session_of("view_item", "feedback", "add_to_cart")
    session_of("view_item", "feedback", "view_item", "add_to_cart")

    assert counts(scope, events("view_item", "add_to_cart", exclusions=(Exclusion(1, Step("event", "feedback")),))) == [2, 1]


def test_several_exclusions_hold_each_at_its_place_and_may_be_properties(session_of, scope):
    session_of("view_item", event("page_view", properties={"popup": "yes"}), "add_to_cart", "purchase")
    session_of("view_item", event("page_view", properties={"popup": "no"}), "add_to_cart", "purchase")
    session_of("view_item", "add_to_cart", event("page_view", properties={"popup": "yes"}), "purchase")
    session_of("view_item", "add_to_cart", "error", "purchase")
    popup, error = Exclusion(1, Step("property", "yes", key="popup")), Exclusion(2, Step("event", "error"))

    assert counts(scope, events("view_item", "add_to_cart", "purchase", exclusions=(popup, error))) == [4, 3, 2]


def test_an_exclusion_before_a_step_that_follows_a_skipped_one_bars_the_whole_gap(session_of, scope):
    session_of("view_item", "error", "purchase")
    session_of("view_item", "error", "add_to_cart", "purchase")
    steps = (Step("event", "view_item"), Step("event", "add_to_cart", optional=True), Step("event", "purchase"))

    assert counts(scope, Definition("Test", steps, (Exclusion(2, Step("event", "error")),))) == [2, 1, 1]
    assert counts(scope, Definition("Test", steps, (Exclusion(1, Step("event", "error")),))) == [2, 0, 2]


def test_the_window_runs_from_the_first_step_to_the_last(session_of, scope):
    session_of(event("view_item", after=0), event("add_to_cart", after=1800), event("purchase", after=3600))
    session_of(event("view_item", after=0), event("add_to_cart", after=1800), event("purchase", after=3601))
    session_of(event("view_item", after=0), event("view_item", after=60), event("add_to_cart", after=1800), event("purchase", after=3620))

    assert counts(scope, events("view_item", "add_to_cart", "purchase", window=HOUR)) == [3, 3, 2]  # the third by its second view
    assert counts(scope, events("view_item", "add_to_cart", "purchase", window=None)) == [3, 3, 3]


def test_the_way_that_begins_first_gives_the_time_to_the_next_step(session_of, scope):
    session_of(event("view_item", after=0), event("view_item", after=40), event("add_to_cart", after=100), event("purchase", after=130))
    session_of(event("view_item", after=0), event("view_item", after=900), event("view_item", after=1000), event("add_to_cart", after=4000))

    assert [s.median_ms for s in funnel.run(scope, SHORT).steps] == [2_050_000, 30_000, None]  # of 100 s and 4,000 s
    # Within an hour the second session begins at 900 s: 3,100 s.
    within = events("view_item", "add_to_cart", "purchase", window=HOUR)
    assert [s.median_ms for s in funnel.run(scope, within).steps] == [1_600_000, 30_000, None]


def test_visitors_go_on_in_a_later_session_and_persons_on_another_browser(session_of, scope):
    at = scope.start + 5 * DAY
    session_of("view_item", visitor="v1", user="anna", at=at)
    session_of("add_to_cart", visitor="v1", user="anna", at=at + DAY)
    session_of("purchase", visitor="v2", user="anna", at=at + 2 * DAY)
    session_of("view_item", visitor="v3", at=at)
    session_of("add_to_cart", "view_item", visitor="v4", at=at)

    assert counts(scope, events("view_item", "add_to_cart", "purchase")) == [3, 0, 0]
    assert counts(scope, events("view_item", "add_to_cart", "purchase", unit="visitor")) == [3, 1, 0]
    assert counts(scope, events("view_item", "add_to_cart", "purchase", unit="person")) == [3, 1, 1]
    found = funnel.run(scope, events("view_item", "add_to_cart", "purchase", unit="person")).steps
    assert [s.median_ms for s in found] == [86_400_000, 86_400_000, None]


def test_a_visitors_window_tries_every_first_step(session_of, scope):
    at = scope.start + 2 * DAY
    session_of("view_item", visitor="v1", at=at)
    session_of("view_item", visitor="v1", at=at + 6 * DAY)
    session_of("add_to_cart", visitor="v1", at=at + 8 * DAY)
    session_of("purchase", visitor="v1", at=at + 12 * DAY)
    session_of("view_item", visitor="v2", at=at)
    session_of("add_to_cart", visitor="v2", at=at + 8 * DAY)

    assert counts(scope, events("view_item", "add_to_cart", "purchase", unit="visitor")) == [2, 1, 1]
    assert counts(scope, events("view_item", "add_to_cart", "purchase", unit="visitor", window=None)) == [2, 2, 1]
    assert counts(scope, events("view_item", "add_to_cart", "purchase", unit="visitor", window=DAY)) == [2, 0, 0]


def test_visitors_have_optional_steps_exclusions_and_properties_too(session_of, scope):
    at = scope.start + 5 * DAY
    session_of("view_item", visitor="v1", at=at)
    session_of("error", visitor="v1", at=at + HOUR)
    session_of(event("page_view", properties={"plan": "gold"}), visitor="v1", at=at + 2 * HOUR)
    session_of("view_item", visitor="v2", at=at)
    session_of(event("page_view", properties={"plan": "gold"}), visitor="v2", at=at + 2 * HOUR)
    session_of("view_item", "add_to_cart", visitor="v3", at=at)
    gold = Step("property", "gold", key="plan")
    steps = (Step("event", "view_item"), Step("event", "add_to_cart", optional=True), gold)

    assert counts(scope, Definition("Test", steps, unit="visitor")) == [3, 1, 2]
    assert counts(scope, Definition("Test", steps, (Exclusion(2, Step("event", "error")),), unit="visitor")) == [3, 1, 1]
