"""What happened in a session: its events in order, with the product and the amount that each is about."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from analytics import behavior
from stores import clickhouse

STEPS_PER_SESSION = 1000  # as many as a session's arrays hold
NAMES = ("product_name", "item_name", "name", "title")
PRICES = ("price", "item_price", "unit_price", "value", "amount")


@dataclass(frozen=True)
class JourneyStep:
    page_type: str | None
    event: str
    event_type: str
    event_name: str | None
    timestamp: datetime
    page_url: str | None
    page_path: str | None
    product: str | None  # its name as the event says, else its id
    category: str | None
    quantity: int
    amount: Decimal | None  # what the event says about money, in the shop's currency where it could be worked out, else as sent
    currency: str | None  # of `amount`; None means the shop's
    order_id: str | None
    search_term: str | None
    rating: float | None
    properties: dict = field(default_factory=dict)


STEPS_SQL = """
SELECT sh, page_type, event, event_type, event_name, timestamp, page_url, page_path, product_id, quantity, revenue, value, amount,
       currency, order_id, search_term, rating, properties
FROM events_raw
WHERE customer_id = {tenant:String} AND timestamp >= {first:DateTime64(3, 'UTC')} AND timestamp <= {last:DateTime64(3, 'UTC')}
  AND vh IN {visitors:Array(UInt64)} AND sh IN {sessions:Array(UInt64)}
ORDER BY timestamp, seq, event_id
LIMIT 1 BY event_id"""


def of_sessions(tenant: str, sessions: list[dict]) -> dict[int, list[JourneyStep]]:
    """The steps of each session (rows with sh, vh, started_at, ended_at) by `sh`, ordered by time, then as they were sent."""
    steps = defaultdict(list)
    if not sessions:
        return steps
    params = {
        "tenant": tenant,
        "first": min(row["started_at"] for row in sessions),
        "last": max(row["ended_at"] for row in sessions),
        "visitors": sorted({row["vh"] for row in sessions}),
        "sessions": sorted(row["sh"] for row in sessions),
    }
    for row in clickhouse.query(STEPS_SQL, params):
        if len(steps[row["sh"]]) < STEPS_PER_SESSION:
            steps[row["sh"]].append(_step(row))
    return steps


def _step(row: dict) -> JourneyStep:
    properties = behavior.properties(row["properties"])
    thing = _thing(properties)
    known = row["revenue"] or row["value"] or None
    return JourneyStep(
        page_type=row["page_type"] or None,
        event=row["event"],
        event_type=row["event_type"],
        event_name=row["event_name"] or None,
        timestamp=row["timestamp"],
        page_url=row["page_url"] or None,
        page_path=row["page_path"] or None,
        product=_product(row["product_id"], thing, properties),
        category=_text(thing, ("category", "item_category")),
        quantity=row["quantity"],
        amount=known or row["amount"] or _money(thing) or _money(properties),
        currency=None if known else row["currency"] or None,
        order_id=row["order_id"] or None,
        search_term=row["search_term"] or None,
        rating=row["rating"],
        properties=properties,
    )


def _product(product_id: str, thing: dict, properties: dict) -> str | None:
    """Only an event that is about a product has one: the `title` of a page view is the page's."""
    if product_id or thing is not properties:
        return _text(thing, NAMES) or product_id or None
    return _text(properties, ("product_name", "item_name"))


def _thing(properties: dict) -> dict:
    """What describes the product: the only product of the event, else the properties themselves."""
    for name in ("items", "products"):
        listed = properties.get(name)
        if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], dict):
            return listed[0]
    return properties


def _text(thing: dict, names: tuple[str, ...]) -> str | None:
    return next((thing[name] for name in names if isinstance(thing.get(name), str) and thing[name]), None)


def _money(thing: dict) -> Decimal | None:
    for name in PRICES:
        value = thing.get(name)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                amount = Decimal(str(value))
            except InvalidOperation:
                continue
            if amount.is_finite() and amount > 0:
                return amount
    return None
