"""What stands in properties, under everybody's names."""

import json
from decimal import Decimal

import pytest

from actions.enrichment import facts
from actions.enrichment.facts import Item


def of(**properties):
    return facts.of(json.dumps(properties))


def item(product_id="", product="", category="", quantity=1, price=None, discount="0", tax="0", cost="0"):
    amounts = (Decimal(price) if price is not None else None, Decimal(discount), Decimal(tax), Decimal(cost))
    return Item(product_id, product, category, quantity, *amounts)


def test_ga4_and_segment_items_are_the_same():
    ga4 = of(items=[{"item_id": "p1", "item_name": "Cup", "item_category": "Kitchen", "price": 9.99, "quantity": 2}])
    segment = of(products=[{"product_id": "p1", "name": "Cup", "category": "Kitchen", "price": "9.99", "quantity": "2"}])
    assert facts.items_of(ga4) == facts.items_of(segment) == [item("p1", "Cup", "Kitchen", 2, "9.9900")]


def test_one_product_in_the_properties_themselves_is_a_line():
    assert facts.items_of(of(product_id="p1", price=5, quantity=3)) == [item("p1", quantity=3, price="5.0000")]
    assert facts.items_of(of(product_id="p1")) == []


def test_the_product_of_an_event_is_its_own_or_its_only_items():
    found = [of(product_id=12), of(sku="s"), of(items=[{"item_id": "a"}]), of(items=[{"item_id": "a"}, {"item_id": "b"}]), of()]
    assert [facts.product_of(fact) for fact in found] == ["12", "s", "a", "", ""]


@pytest.mark.parametrize(
    ("event", "properties", "expected"),
    [
        ("purchase", {"revenue": 10, "total": 12}, "10.0000"),
        ("purchase", {"total": "12,50"}, "12.5000"),
        ("purchase", {"items": [{"price": 2, "quantity": 3}, {"price": 1, "discount": 0.5}]}, "6.5000"),
        ("purchase", {}, None),
        ("add_to_cart", {"price": 4, "quantity": 2}, "8.0000"),
        ("add_to_cart", {"product_id": "p", "price": 4}, "4.0000"),
        ("add_to_cart", {"value": 3, "price": 4}, "3.0000"),
        ("view_item", {"price": 4}, None),
        ("view_item", {"value": 4}, "4.0000"),
    ],
)
def test_what_an_event_is_worth(event, properties, expected):
    worth = facts.worth(of(**properties), event)
    assert (str(worth) if worth is not None else None) == expected


@pytest.mark.parametrize(
    ("given", "expected"), [(2, 2), ("3", 3), (2.0, 2), (None, 1), ("many", 1), (1e300, 1), ([1], 1), (True, 1), (0, 0)]
)
def test_quantities_of_any_kind_are_whole_numbers(given, expected):
    assert facts.quantity_of(given) == expected


@pytest.mark.parametrize(("given", "expected"), [(5, 5.0), ("4.5", 4.5), (7, None), ("good", None), (None, None)])
def test_ratings_are_stars(given, expected):
    assert facts.rating_of(of(rating=given)) == expected


def test_what_is_no_object_tells_nothing():
    assert facts.of("{}") is facts.of("[1]") is facts.of("{broken") is facts.NOTHING


def test_values_of_a_wrong_kind_are_not_there():
    fact = of(order_id={"a": 1}, items="none", product_id=[1], currency=5)
    assert (facts.order_of(fact), facts.items_of(fact), facts.product_of(fact)) == ("", [], "")
