"""How a step is told."""

from decimal import Decimal

import pytest

from dashboard.pages import journeys_words
from tests.dashboard.pages.test_journeys_story import session, step


def test_each_canonical_event_has_words_that_name_what_it_was_about():
    for event, (_, with_name, _) in journeys_words.WORDS.items():
        found = journeys_words.of(step(event, product="Lamp", search_term="lamp", order_id="o1", page_type="cart"), None, "EUR")
        assert found.what == with_name.format(product="Lamp", term="lamp", order="o1", place="the cart page")


@pytest.mark.parametrize(
    ("given", "what", "more", "right"),
    [
        ({"event": "search", "search_term": "wool", "properties": {"results": 14}}, "Searched “wool”", "14 results", ""),
        ({"event": "add_to_cart", "product": "Lamp", "quantity": 2, "amount": Decimal(9)}, "Added Lamp", "2 pieces", "€9.00"),
        ({"event": "view_item", "product": "Lamp", "amount": Decimal(9), "currency": "USD"}, "Viewed Lamp", "", "$9.00"),
        ({"event": "refund", "product": "Lamp", "amount": Decimal(9)}, "Sent back Lamp", "", "−€9.00"),
        ({"event": "feedback", "rating": 2.0, "properties": {"text": "Late"}}, "Feedback", "2 of 5", ""),
        ({"event": "error", "properties": {"message": "Card declined"}}, "Saw an error", "Card declined", ""),
        ({"event": "lamp_configured"}, "Lamp configured", "", ""),
        ({"event": "view_item_list", "page_type": "category", "path": "/shop/desk-lamps/"}, "Looked through Desk lamps", "", ""),
        ({"event": "page_view", "path": "/about"}, "Looked at /about", "", ""),
    ],
)
def test_what_is_known_about_a_step_is_said(given, what, more, right):
    found = journeys_words.of(step(**given), None, "EUR")
    assert (found.what, found.more, found.right) == (what, more, right)


def test_the_first_step_says_where_they_came_from():
    from dataclasses import replace

    came = replace(session(), source="https://google.com/", campaign="Warm light")
    found = journeys_words.of(step("page_view", page_type="home"), came, "EUR")
    assert (found.what, found.more) == ("Came to the home page", "from Google.com, campaign Warm light")


def test_feedback_is_quoted_and_money_that_moved_is_marked():
    assert journeys_words.of(step("feedback", properties={"text": "Late"}), None, "EUR").quote == "Late"
    assert [journeys_words.of(step(event), None, "EUR").is_money for event in ("purchase", "view_item")] == [True, False]
