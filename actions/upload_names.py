"""What the event names of a file mean: known names as everywhere, page names by the page they speak of, the rest kept."""

import re
from dataclasses import dataclass

from actions.upload_mapping import EventName
from analytics import event_names, page_types

# Read in order, on the name in lower case; an empty event keeps the name and only says on what kind of page it happens.
_GUESSES = tuple(
    (re.compile(pattern), event, page_type)
    for pattern, event, page_type in (
        (r"^(home|homepage|index|start|landing)([-_ ]?(page|view))?$", "page_view", "home"),
        (r"filter|sort", "", "category"),
        (r"error|exception|crash|\bbug\b", "error", ""),
        (r"wish|favou?rite", "add_to_wishlist", "product"),
        (r"remove.*(cart|basket|bag)", "remove_from_cart", "cart"),
        (r"add.*(cart|basket|bag)", "add_to_cart", "product"),
        (r"ship|deliver", "add_shipping_info", "checkout"),
        (r"refund", "refund", ""),
        (r"thank|order.?(confirm|complet|success|placed)|purchase|bought", "purchase", "confirmation"),
        (r"^pay|[-_ ]pay", "add_payment_info", "payment"),
        (r"checkout", "begin_checkout", "checkout"),
        (r"cart|basket|trolley", "view_cart", "cart"),
        (r"promo|banner|campaign", "view_promotion", "other"),
        (r"categor|catalog|listing|product.?list|plp", "view_item_list", "category"),
        (r"(product|item).*(view|page|detail)|pdp", "view_item", "product"),
        (r"search", "search", "search"),
        (r"account|profile|my[-_ ]", "page_view", "account"),
        (r"([-_ ]|^)(page|view|screen)$", "page_view", "other"),
    )
)


@dataclass(frozen=True)
class NameFound:
    """One event name of a file, and how it would be read."""

    name: str  # as in the file
    rows: int  # that have it, in what was looked through
    event: str  # canonical, or the name itself
    page_type: str  # '' where the event is on no page, or on whichever its address says
    how: str  # known, guess, kept, chosen


def found(name: str, rows: int, chosen: EventName | None = None) -> NameFound:
    """How `name` is read: as `chosen`, else as guessed."""
    event, page_type, how = guess(name)
    if chosen and (chosen.event, chosen.page_type or page_type) != (event, page_type):
        return NameFound(name, rows, chosen.event, chosen.page_type or page_types.BY_EVENT.get(chosen.event, ""), "chosen")
    return NameFound(name, rows, event, page_type, how)


def guess(name: str) -> tuple[str, str, str]:
    """The event that `name` is read as, its page type, and how that is known: `known`, `guess` or `kept`."""
    if event_names.is_known(name):
        event = event_names.canonical(name)
        return event, page_types.BY_EVENT.get(event, ""), "known"
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    for pattern, event, page_type in _GUESSES:
        if pattern.search(plain):
            return event or name, page_type, "guess" if event else "kept"
    return name, "", "kept"
