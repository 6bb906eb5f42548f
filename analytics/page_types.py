"""What kind of page an event happened on: as given, else by the shop's rules on the address, else by what happened."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

PAGE_TYPES = ("home", "search", "category", "product", "cart", "checkout", "payment", "confirmation", "account", "other")

# The order decides: /checkout/payment is a payment page, /order/thank-you a confirmation.
DEFAULT_RULES = tuple(
    (page_type, re.compile(pattern))
    for page_type, pattern in (
        ("home", r"^/?(home|index|index\.(html?|php))?/?$"),
        ("confirmation", r"thank|confirm(ation|ed)|order[-_/](complete|success|received)|checkout/(complete|success|done)"),
        ("payment", r"/(pay|payments?|billing)(/|$|\.)|^pay(ment)?$"),
        ("checkout", r"/(checkout|shipping|delivery)(/|$|\.)|^checkout$"),
        ("cart", r"/(cart|basket|bag|trolley)(/|$|\.)|^(cart|basket)$"),
        ("search", r"/(search|find|results)(/|$|\.)|^search$"),
        ("product", r"/(products?|p|item|items|dp|pd|sku)/[^/]+|^product$"),
        ("category", r"/(category|categories|c|collections?|catalog(ue)?|shop|products|department)(/|$)|^(category|catalog)$"),
        ("account", r"/(account|login|log-in|sign-?in|sign-?up|register|profile|orders|wishlist|my)(/|$|\.)|^account$"),
    )
)

BY_EVENT = {
    "view_item": "product",
    "add_to_cart": "product",
    "add_to_wishlist": "product",
    "view_item_list": "category",
    "select_item": "category",
    "search": "search",
    "view_cart": "cart",
    "remove_from_cart": "cart",
    "begin_checkout": "checkout",
    "add_shipping_info": "checkout",
    "add_payment_info": "payment",
    "purchase": "confirmation",
    "login": "account",
    "sign_up": "account",
    "home": "home",
}


def of(given: str, url: str, event: str, rules: Sequence[dict] = ()) -> str:
    """One of PAGE_TYPES, or "" where there is no page. `rules` are the shop's `{"page_type", "pattern"}`, pattern with `*` on the path."""
    if given:
        return _known(given)
    if url:
        return _by_path(path_of(url), rules) or BY_EVENT.get(event) or "other"
    return BY_EVENT.get(event, "")


def path_of(url: str) -> str:
    """The path of an address, with neither host nor query; a bare path or a page's name is its own path."""
    try:
        return urlsplit(url).path or ("/" if "://" in url else "")
    except ValueError:  # no address at all
        return url


def _known(given: str) -> str:
    name = given.strip().lower()
    return name if name in PAGE_TYPES else _by_path(name, ()) or "other"


def _by_path(path: str, rules: Sequence[dict]) -> str:
    for rule in rules:
        if fnmatchcase(path, rule["pattern"]):
            return rule["page_type"]
    lowered = path.lower()
    return next((page_type for page_type, pattern in DEFAULT_RULES if pattern.search(lowered)), "")
