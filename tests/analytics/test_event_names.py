"""One name for one thing."""

import pytest

from analytics import event_names


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("AddToCart", "add_to_cart"),
        ("add-to-cart", "add_to_cart"),
        ("Product Added", "add_to_cart"),
        ("Product Viewed", "view_item"),
        ("product_view", "view_item"),
        ("Order Completed", "purchase"),
        ("payment_done", "purchase"),
        ("Order Refunded", "refund"),
        ("Checkout", "begin_checkout"),
        ("Login", "login"),
        ("page", "page_view"),
        ("payment_error", "error"),
        ("purchase", "purchase"),
        ("home", "home"),
        ("Button Clicked", "Button Clicked"),
    ],
)
def test_everybodys_names_have_one_canonical_name(given, canonical):
    assert event_names.canonical(given) == canonical


def test_a_shops_own_names_come_first():
    assert event_names.canonical("page", {"page": "search"}) == "search"


def test_every_spelling_means_something_canonical():
    assert set(event_names.ALIASES.values()) == event_names.CANONICAL
    assert [name for name in event_names.CANONICAL if event_names.canonical(name) != name] == []


def test_metrics_know_our_names_only():
    assert [event_names.label(name) for name in ("AddToCart", "home", "x" * 200)] == ["add_to_cart", "other", "other"]
    assert [event_names.is_known(name) for name in ("AddToCart", "home")] == [True, False]
