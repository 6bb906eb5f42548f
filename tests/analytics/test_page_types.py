"""What kind of page it was."""

import pytest

from analytics import page_types

RULES = [{"page_type": "home", "pattern": "/start*"}, {"page_type": "product", "pattern": "/artikel/*"}]


@pytest.mark.parametrize(
    ("given", "url", "event", "expected"),
    [
        ("Payment", "https://x.test/", "page_view", "payment"),
        ("landing", "", "page_view", "other"),
        ("", "https://x.test", "page_view", "home"),
        ("", "https://x.test/?q=1", "page_view", "home"),
        ("", "/search?q=cup", "page_view", "search"),
        ("", "https://x.test/products/12", "page_view", "product"),
        ("", "https://x.test/products", "page_view", "category"),
        ("", "https://x.test/checkout", "page_view", "checkout"),
        ("", "https://x.test/checkout/payment", "page_view", "payment"),
        ("", "https://x.test/order/thank-you", "page_view", "confirmation"),
        ("", "https://x.test/basket", "page_view", "cart"),
        ("", "https://x.test/account/orders", "page_view", "account"),
        ("", "https://x.test/about", "page_view", "other"),
        ("", "https://x.test/about", "add_to_cart", "product"),
        ("", "", "purchase", "confirmation"),
        ("", "", "page_view", ""),
        ("", "http://[broken", "page_view", "other"),
    ],
)
def test_a_page_type_is_given_or_follows_from_the_address_or_the_event(given, url, event, expected):
    assert page_types.of(given, url, event) == expected


def test_a_shops_own_rules_come_first():
    assert [page_types.of("", url, "page_view", RULES) for url in ("/start/5", "https://x.test/artikel/7", "/search")] == [
        "home",
        "product",
        "search",
    ]


def test_every_rule_and_event_leads_to_a_known_type():
    assert {page_type for page_type, _ in page_types.DEFAULT_RULES} | set(page_types.BY_EVENT.values()) <= set(page_types.PAGE_TYPES)
