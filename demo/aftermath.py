"""What follows an order in the weeks after it: cancellations, returns with their refunds, and what the customers say."""

from dataclasses import replace

import numpy as np

from actions.event_schema import Event
from demo import catalogue, pages, stories, texts
from demo.baskets import Order
from demo.pages import Happening
from demo.tracking import Sender, event, with_ids

LONGEST_S = 27 * 86_400  # nothing happens later than this after the order
CANCELLED_SHARE = 0.025
RATED_SHARE = 0.16
DAY_S = 86_400


def follow(orders: list[Order], who: list[Sender], offset: int, rng: np.random.Generator) -> list[Event]:
    """The later events of the orders of the day `offset`."""
    found: list[Event] = []
    for order in orders:
        sender = who[order.visit]
        if rng.random() < CANCELLED_SHARE:
            found.append(_cancelled(order, sender, rng))
        else:
            found += _returned_or_rated(order, sender, offset, rng)
    return with_ids(found, rng)


def _cancelled(order: Order, who: Sender, rng: np.random.Generator) -> Event:
    facts = {"order_id": order.order_id, "currency": "EUR", "value": order.value_cents / 100, "reason": "changed my mind"}
    cancelled = Happening("Order Cancelled", "Order cancelled", pages.ORDERS, facts)
    return event(_service(order, who), cancelled, order.at_s + rng.uniform(0.2, 4) * 3600, seq=0, signed_in=True)


def _returned_or_rated(order: Order, who: Sender, offset: int, rng: np.random.Generator) -> list[Event]:
    chances = [stories.return_chance(catalogue.load().products[product], offset) for product, _ in order.lines]
    returned = tuple(line for line, chance in zip(order.lines, chances, strict=True) if rng.random() < chance)
    delivered_s = order.at_s + rng.uniform(2, 5) * DAY_S
    if returned:
        return _refunded(order, who, returned, delivered_s, rng)
    if rng.random() < RATED_SHARE:
        product = order.lines[-1][0]
        answer = texts.after_delivery(rng, catalogue.load().products[product].name)
        return _answered(who, answer, product, delivered_s + rng.uniform(0.5, 8) * DAY_S, rng)
    return []


def _refunded(order: Order, who: Sender, lines: tuple, delivered_s: float, rng: np.random.Generator) -> list[Event]:
    """The money goes back when the parcel has arrived; a third say why."""
    at_s = delivered_s + rng.uniform(4, 18) * DAY_S
    product = lines[0][0]
    refund = Happening("refund", "Order refunded", pages.ORDERS, refund_facts(order, lines))
    found = [event(_service(order, who), refund, at_s, seq=0, signed_in=True)]
    if rng.random() < 0.4:
        name = catalogue.load().products[product].name
        choices = texts.RETURNED if name == stories.RETURNED_PRODUCT else texts.RETURNED_NORMALLY
        found += _answered(who, texts.feedback(rng.random(), choices, name), product, delivered_s + rng.uniform(1, 3) * DAY_S, rng)
    return found


def _service(order: Order, who: Sender) -> Sender:
    """What our service does for an order weeks later is no part of the visit: that would seem to last as long."""
    return replace(who, session_id=f"service-{order.order_id}", referrer="", utm="")


def refund_facts(order: Order, lines: tuple) -> dict:
    """What is paid back: what was paid for the lines, the discount taken off each piece."""
    items = [pages.item((product, quantity), price=_paid_cents(order, product) / 100) for product, quantity in lines]
    value = sum(_paid_cents(order, product) * quantity for product, quantity in lines)
    return {"transaction_id": order.order_id, "currency": "EUR", "value": value / 100, "items": items}


def _paid_cents(order: Order, product: int) -> int:
    """What one piece cost after its part of the discount, rounded so that never more is paid back than was paid."""
    price = catalogue.load().products[product].price_cents
    return price - -(-order.discount_cents * price // order.goods_cents)


def _answered(who: Sender, answer: dict, product: int, at_s: float, rng: np.random.Generator) -> list[Event]:
    """A visit of its own, from the link in our letter."""
    visit = replace(who, session_id=rng.bytes(8).hex(), referrer="", utm="?utm_source=service&utm_medium=email&utm_campaign=rate")
    view = Happening("page_view", "Rating page viewed", pages.RATE, {"page_type": "other"})
    return [
        event(visit, view, at_s, seq=0, signed_in=True, landing=True),
        event(visit, pages.feedback(pages.RATE, answer, product), at_s + rng.uniform(20, 90), seq=1, signed_in=True),
    ]
