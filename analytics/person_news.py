"""Who is worth a look now? The newest orders, left payments, bad feedback and returns."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from analytics import behavior, persons
from stores import clickhouse

EACH = 4  # of one kind
BAD_RATING = 2  # of 5, and less
TEXTS = ("text", "comment", "message", "feedback")


@dataclass(frozen=True)
class News:
    kind: str  # order, left, feedback, return
    person: str  # what `journey.run` takes
    name: str | None  # None for a visitor whom nobody identified; a customer without a name is called by their id
    at: datetime
    amount: Decimal | None  # of the order, of the cart that was left, that went back
    text: str  # the order's number; what was written
    rating: float | None = None


def run(tenant: str, limit: int = 10) -> list[News]:
    """The newest of each kind, mixed by time, newest first; looked for in the last 30 days that have data."""
    params = {"tenant": tenant, "most": EACH}
    news = _money(params) + _left(params) + _feedback(params)
    news = sorted(news, key=lambda item: (item.at, item.kind), reverse=True)[:limit]
    names = persons.names(tenant, [item.person for item in news])
    return [replace(item, name=item.name and names.get(item.person, item.name)) for item in news]


MONEY_SQL = """
SELECT order_id, kind, any(buyer_id) AS buyer, min(ordered_at) AS at, sum(gross - discount) AS amount
FROM order_lines FINAL
WHERE customer_id = {tenant:String} AND kind IN ('sale', 'refund') AND buyer_id != ''
  AND day >= (SELECT max(day) FROM order_lines WHERE customer_id = {tenant:String} AND deleted = 0) - 30
GROUP BY order_id, kind ORDER BY at DESC, order_id LIMIT {most:UInt32} BY kind"""


def _money(params: dict) -> list[News]:
    """Orders and returns of known buyers."""
    kinds = {"sale": "order", "refund": "return"}
    rows = clickhouse.query(MONEY_SQL, params)
    return [News(kinds[row["kind"]], row["buyer"], row["buyer"], row["at"], row["amount"], row["order_id"]) for row in rows]


LEFT_SQL = """
SELECT if(user_id = '', visitor_id, user_id) AS person, user_id, ended_at AS at, cart_value FROM sessions FINAL
WHERE customer_id = {tenant:String} AND is_bot = 0 AND cart_value > 0 AND order_count = 0
  AND day >= (SELECT max(day) FROM sessions WHERE customer_id = {tenant:String} AND deleted = 0) - 30
  AND hasAny(events, ['begin_checkout', 'add_shipping_info', 'add_payment_info'])
ORDER BY at DESC, person LIMIT {most:UInt32}"""


def _left(params: dict) -> list[News]:
    """Sessions that came to the checkout with a cart and ended without an order."""
    rows = clickhouse.query(LEFT_SQL, params)
    return [News("left", row["person"], row["user_id"] or None, row["at"], row["cart_value"], "") for row in rows]


FEEDBACK_SQL = """
SELECT if(user_id = '', visitor_id, user_id) AS person, user_id, timestamp AS at, assumeNotNull(rating) AS stars, properties FROM events_raw
WHERE customer_id = {tenant:String} AND event = 'feedback' AND rating <= {bad:UInt8} AND is_bot = 0
  AND timestamp >= (SELECT max(timestamp) FROM events_raw WHERE customer_id = {tenant:String}) - INTERVAL 30 DAY
ORDER BY at DESC, event_id LIMIT 1 BY event_id LIMIT {most:UInt32}"""


def _feedback(params: dict) -> list[News]:
    rows = clickhouse.query(FEEDBACK_SQL, params | {"bad": BAD_RATING})
    return [
        _opinion(row["person"], row["user_id"] or None, row["at"], row["stars"], behavior.properties(row["properties"])) for row in rows
    ]


def _opinion(person: str, user: str | None, at: datetime, stars: float, properties: dict) -> News:
    return News("feedback", person, user, at, None, text_of(properties), stars)


def text_of(properties: dict) -> str:
    """What somebody wrote in a feedback event; empty where they only rated."""
    return next((properties[name] for name in TEXTS if isinstance(properties.get(name), str)), "")
