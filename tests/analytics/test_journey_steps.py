"""What a single step says: its product and its amount, whoever named them how."""

import json
from decimal import Decimal

import pytest

from analytics import journey
from tests import recorded
from tests.recorded import AT


def step(tenant, event, properties, **columns):
    recorded.session(tenant, (event, {"properties": json.dumps(properties)} | columns), user_id="u1")
    return journey.run(tenant, "u1").sessions[0].steps[0]


@pytest.mark.parametrize(
    ("properties", "product", "amount"),
    [
        ({"product_id": "p1", "name": "Lamp", "price": 139.0}, "Lamp", Decimal("139.0")),
        ({"product_id": "p1", "value": "58.50"}, "p1", Decimal("58.50")),
        ({"items": [{"item_id": "p1", "item_name": "Throw", "price": 5}]}, "Throw", Decimal(5)),
        ({"products": [{"product_id": "p1", "name": "Throw", "price": 5}]}, "Throw", Decimal(5)),
        ({"product_id": "p1", "price": "free"}, "p1", None),
        ({"product_id": "p1", "price": True}, "p1", None),
    ],
)
def test_the_product_and_its_price_are_found_where_senders_put_them(tenant, properties, product, amount):
    found = step(tenant, "view_item", properties, product_id="p1")
    assert (found.product, found.amount) == (product, amount)


def test_the_title_of_a_page_is_no_product(tenant):
    found = step(tenant, "page_view", {"title": "Home", "name": "Home"})
    assert (found.product, found.amount) == (None, None)


def test_an_orders_amount_is_in_the_shops_currency_and_what_was_looked_at_as_sent(tenant):
    bought = step(tenant, "purchase", {"value": 100}, revenue="92.5", amount="100", currency="USD")
    assert (bought.amount, bought.currency) == (Decimal("92.5"), None)
    added = step(tenant, "add_to_cart", {"value": 100}, value="92.5", amount="100", currency="USD")
    assert (added.amount, added.currency) == (Decimal("92.5"), None)
    recorded.session(tenant, ("view_item", {"amount": "100", "currency": "USD"}), session="s2", user_id="u2")
    seen = journey.run(tenant, "u2").sessions[0].steps[0]
    assert (seen.amount, seen.currency) == (Decimal(100), "USD")


def test_searches_and_ratings_are_part_of_the_step(tenant):
    recorded.session(
        tenant,
        ("search", {"search_term": "wool throw"}),
        ("feedback", {"rating": "2", "properties": '{"text": "Late"}'}),
        user_id="u1",
    )
    searched, rated = journey.run(tenant, "u1").sessions[0].steps
    assert (searched.search_term, searched.rating, rated.rating, rated.properties) == ("wool throw", None, 2.0, {"text": "Late"})


def test_steps_of_one_instant_keep_the_order_in_which_they_were_sent_and_doubles_vanish(tenant):
    ids = recorded.session(tenant, ("b", {"timestamp": AT}), ("a", {"timestamp": AT}), user_id="u1")
    recorded.session(tenant, ("b", {"timestamp": AT, "event_id": ids[0]}), user_id="u1")
    assert [step.event for step in journey.run(tenant, "u1").sessions[0].steps] == ["b", "a"]
