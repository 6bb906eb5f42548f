"""Where those went who left: counted by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from analytics import dropoffs, funnel
from analytics.dropoffs import DropOff, Reason
from analytics.funnel import Definition, Step
from tests.analytics.conftest import event

PAID = Definition("Test", (Step("event", "view_item"), Step("event", "add_to_cart"), Step("event", "purchase")))


def test_each_who_left_has_one_reason_and_one_place_they_went_to(session_of, scope):
    session_of(event("view_item", url="/p/1"), event("search", url="/search"))
    session_of(event("view_item", url="/p/1"), event("page_view", url="/p/2", page_type="product"), event("search", url="/search"))
    session_of(event("view_item", url="/p/1"))
    session_of(event("view_item", url="/p/1"), event("error", page_type="other", url="/p/1"), event("search", url="/search"))
    session_of(event("view_item", url="/p/1"), event("feedback", rating=2, page_type="product", url="/p/1"))
    session_of(event("view_item", url="/p/1"), event("feedback", rating=3, page_type="product", url="/p/1"))
    session_of(event("view_item", url="/p/1"), event("out_of_stock", page_type="product", url="/p/1"))
    session_of(event("error"), event("view_item", url="/p/1"))  # the error came before
    session_of(event("view_item", url="/p/1"), event("add_to_cart", url="/p/1"), event("view_cart", url="/cart"))
    session_of("view_item", "add_to_cart", event("purchase", revenue="90"))

    first, second = dropoffs.run(scope, PAID)

    assert first == DropOff(
        from_label="Viewed a product",
        to_label="Added to cart",
        left=8,
        left_share=0.8,
        revenue_lost=Decimal("72.00"),  # 8 × 90 × 1/10
        went_to=[("left the site", 5, 0.625), ("search", 2, 0.25), ("other", 1, 0.125)],
        last_pages=[("/p/1", 5, 0.625), ("/search", 3, 0.375)],
        reasons=[
            Reason("Left the site", 3, 0.375),
            Reason("Went to search", 2, 0.25),
            Reason("Found it out of stock", 1, 0.125),
            Reason("Gave a rating of 2 or less", 1, 0.125),
            Reason("Met an error", 1, 0.125),
        ],
        insight=(
            "8 of 10 sessions (80.0%) left after Viewed a product and did not reach Added to cart. "
            "The most frequent last sign, with 3 of them (37.5%): left the site. "
            "At their peers' rate they would have brought EUR 72.00."
        ),
    )
    assert (second.left, second.went_to, second.last_pages) == (1, [("cart", 1, 1.0)], [("/cart", 1, 1.0)])
    assert second.reasons == [Reason("Went to cart", 1, 1.0)]
    assert dropoffs.bottleneck([first, second]) is first


@pytest.mark.parametrize("unit", ["visitor", "person"])
def test_of_visitors_the_session_of_their_last_step_is_told(session_of, scope, unit):
    session_of(event("view_item", url="/p/1"), event("search", url="/search"), visitor="v1", at=scope.start)
    session_of(event("page_view", url="/", page_type="home"), visitor="v1", at=scope.start + timedelta(days=1))
    session_of(event("view_item", url="/p/1"), visitor="v2", at=scope.start)
    session_of(
        event("add_to_cart", url="/p/2"), event("page_view", url="/", page_type="home"), visitor="v2", at=scope.start + timedelta(hours=9)
    )
    session_of("view_item", "add_to_cart", event("purchase", revenue="90"), visitor="v3", at=scope.start)

    first, second = dropoffs.run(scope, replace(PAID, unit=unit))

    assert (first.left, first.went_to, first.last_pages) == (1, [("search", 1, 1.0)], [("/search", 1, 1.0)])
    assert (second.left, second.went_to, second.last_pages) == (1, [("home", 1, 1.0)], [("/", 1, 1.0)])


def test_a_way_found_by_a_later_first_step_is_told_from_its_own_last_step(session_of, scope):
    session_of(
        event("view_item", after=0),
        event("view_item", after=7200),
        event("add_to_cart", after=7260),
        event("search", after=7300, url="/search"),
    )

    first, second = dropoffs.run(scope, replace(PAID, window=timedelta(hours=1)))

    assert (first.left, first.reasons) == (0, [])
    assert (second.left, second.went_to) == (1, [("search", 1, 1.0)])


def test_an_optional_step_is_passed_over_in_what_comes_next(session_of, scope):
    session_of("view_item", "search")
    session_of("view_item", "add_to_cart")
    steps = (Step("event", "view_item"), Step("event", "add_to_cart", optional=True), Step("event", "purchase"))

    found = dropoffs.run(scope, Definition("Test", steps))

    assert [(d.from_label, d.to_label, d.left) for d in found] == [("Viewed a product", "Paid", 1), ("Added to cart", "Paid", 1)]


def test_nobody_left_is_said_so(session_of, scope):
    session_of("view_item", "add_to_cart", "purchase")

    assert [(d.left, d.reasons, d.insight) for d in dropoffs.run(scope, funnel.Definition("Test", PAID.steps))] == [
        (0, [], "Nobody left between Viewed a product and Added to cart."),
        (0, [], "Nobody left between Added to cart and Paid."),
    ]
