"""What stands in an event's properties, under the names that GA4, Segment and our own SDK use."""

from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from actions.enrichment import money

MAX_ITEMS = 1000


class Facts(msgspec.Struct, gc=False):
    """The properties that mean something to us, as sent. Everything else stays in the text."""

    product_id: Any = None
    productId: Any = None
    item_id: Any = None
    sku: Any = None
    product_name: Any = None
    item_name: Any = None
    name: Any = None
    category: Any = None
    item_category: Any = None
    quantity: Any = None
    price: Any = None
    cost: Any = None
    revenue: Any = None
    value: Any = None
    total: Any = None
    subtotal: Any = None
    amount: Any = None
    discount: Any = None
    tax: Any = None
    currency: Any = None
    order_id: Any = None
    orderId: Any = None
    transaction_id: Any = None
    payment_method: Any = None
    payment_type: Any = None
    items: Any = None
    products: Any = None
    query: Any = None
    search_term: Any = None
    q: Any = None
    rating: Any = None
    page_type: Any = None
    pageType: Any = None
    page: Any = None
    path: Any = None
    url: Any = None
    title: Any = None
    device_type: Any = None
    country: Any = None
    region: Any = None
    state: Any = None
    is_bot: Any = None


class Item(NamedTuple):
    """One line of an order or cart. `price` is of one piece; None unknown."""

    product_id: str
    product: str
    category: str
    quantity: int
    price: Decimal | None
    discount: Decimal
    tax: Decimal
    cost: Decimal


NOTHING = Facts()
_decoder = msgspec.json.Decoder(Facts)


def of(properties: str) -> Facts:
    """The Facts in a JSON object; those of an empty one where it is none."""
    if len(properties) <= 2:
        return NOTHING
    try:
        return _decoder.decode(properties)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return NOTHING


def text(*values) -> str:
    """The first of `values` that is a text with something in it or a number, as a text."""
    for value in values:
        if value is None:
            continue
        if isinstance(value, str):
            if value := value.strip():
                return value[:500]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)[:500]
    return ""


def product_of(facts: Facts) -> str:
    """The product an event is about: its own, else that of its only item."""
    if facts is NOTHING:
        return ""
    own = text(facts.product_id, facts.productId, facts.item_id, facts.sku)
    if own or not (facts.items or facts.products):
        return own
    lines = items_of(facts)
    return lines[0].product_id if len(lines) == 1 else ""


def order_of(facts: Facts) -> str:
    """The order's id, "" where there is none."""
    return text(facts.order_id, facts.orderId, facts.transaction_id)


def items_of(facts: Facts) -> list[Item]:
    """The lines in `items` or `products`; else the one product that stands in the properties themselves; else nothing."""
    found = facts.items if isinstance(facts.items, list) else facts.products
    if isinstance(found, list):
        return [_item(entry) for entry in found[:MAX_ITEMS] if isinstance(entry, dict)]
    if text(facts.product_id, facts.productId, facts.item_id, facts.sku) and facts.price is not None:
        return [_item(msgspec.structs.asdict(facts))]
    return []


def quantity_of(value) -> int:
    """How many pieces; 1 where it is not said or no number."""
    try:
        number = int(float(value)) if not isinstance(value, bool) else 1
    except (TypeError, ValueError, OverflowError):
        return 1
    return number if -1_000_000_000 < number < 1_000_000_000 else 1


def worth(facts: Facts, event: str) -> Decimal | None:
    """What money an event names, as sent: an order's goods, a refund's sum, a cart's line; None where it names none."""
    if event in ("purchase", "refund", "order_cancelled"):
        named = _first_amount(facts.revenue, facts.value, facts.subtotal, facts.total, facts.amount)
        return named if named is not None else _sum(items_of(facts))
    if event in ("add_to_cart", "remove_from_cart"):
        named = _first_amount(facts.value)
        return named if named is not None else _sum(items_of(facts)) or _line(facts)
    return _first_amount(facts.revenue, facts.value, facts.amount)


def rating_of(facts: Facts) -> float | None:
    """Stars from 1 to 5; None where there are none."""
    stars = money.amount(facts.rating)
    return float(stars) if stars is not None and 0 <= stars <= 5 else None


def _item(entry: dict) -> Item:
    return Item(
        text(entry.get("product_id"), entry.get("productId"), entry.get("item_id"), entry.get("sku"), entry.get("id")),
        text(entry.get("product_name"), entry.get("item_name"), entry.get("name")),
        text(entry.get("category"), entry.get("item_category")),
        quantity_of(entry.get("quantity")),
        money.amount(entry.get("price")),
        money.amount(entry.get("discount")) or Decimal(0),
        money.amount(entry.get("tax")) or Decimal(0),
        money.amount(entry.get("cost")) or Decimal(0),
    )


def _first_amount(*values) -> Decimal | None:
    return next((found for found in map(money.amount, values) if found is not None), None)


def _sum(items: list[Item]) -> Decimal | None:
    priced = [item.quantity * item.price - item.discount for item in items if item.price is not None]
    total = sum(priced, Decimal(0))
    return total if priced and abs(total) < money.LIMIT else None


def _line(facts: Facts) -> Decimal | None:
    price = money.amount(facts.price)
    line = price * quantity_of(facts.quantity) if price is not None else None
    return line if line is not None and abs(line) < money.LIMIT else None
