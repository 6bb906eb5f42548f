"""What did this person buy and give back? Their orders with lines."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from stores import clickhouse

ORDERS = 500  # of one person; nobody reads more in a timeline


@dataclass(frozen=True)
class OrderLine:
    product_id: str
    product: str  # its name, else its id
    quantity: int
    amount: Decimal  # gross less discount, in the shop's currency


@dataclass(frozen=True)
class PersonOrder:
    order_id: str
    kind: str  # sale, refund, cancellation
    ordered_at: datetime
    status: str
    payment: str | None
    amount: Decimal  # gross less discount, in the shop's currency; positive in refunds, too
    lines: list[OrderLine]


ORDERS_SQL = """
SELECT order_id, kind, min(ordered_at) AS at, any(status) AS status, any(payment) AS payment, sum(gross - discount) AS amount,
       arraySort(groupArray((line, product_id, product, quantity, gross - discount))) AS lines
FROM order_lines FINAL
WHERE customer_id = {tenant:String} AND kind != 'adjustment'
  AND (buyer_id = {person:String} OR (sh != 0 AND sh IN {sessions:Array(UInt64)}))
GROUP BY order_id, kind
ORDER BY at DESC, order_id, kind
LIMIT {most:UInt32}"""


def run(tenant: str, person: str, sessions: list[int]) -> list[PersonOrder]:
    """The orders of a buyer, and those placed in `sessions` (their `sh`), newest first; each refund is an entry of its own."""
    params = {"tenant": tenant, "person": person, "sessions": sessions, "most": ORDERS}
    return [_order(row) for row in clickhouse.query(ORDERS_SQL, params)]


OWNER_SQL = """
SELECT any(buyer_id) AS buyer, max(sh) AS session FROM order_lines FINAL
WHERE customer_id = {tenant:String} AND order_id = {order_id:String} HAVING count() > 0"""

SESSION_OWNER_SQL = """
SELECT if(user_id = '', visitor_id, user_id) AS person FROM sessions FINAL WHERE customer_id = {tenant:String} AND sh = {session:UInt64}"""


def owner(tenant: str, order_id: str) -> str | None:
    """Who placed the order: a user, else the visitor of its session; None for an order that is not known."""
    found = clickhouse.query(OWNER_SQL, {"tenant": tenant, "order_id": order_id})
    if not found or found[0]["buyer"]:
        return found[0]["buyer"] if found else None
    sessions = clickhouse.query(SESSION_OWNER_SQL, {"tenant": tenant, "session": found[0]["session"]})
    return sessions[0]["person"] if sessions else None


def net(orders: list[PersonOrder]) -> Decimal:
    """What remains after refunds and cancellations; held orders do not count before they are released."""
    counted = [order for order in orders if order.status != "held"]
    return sum((order.amount if order.kind == "sale" else -order.amount for order in counted), Decimal(0))


def _order(row: dict) -> PersonOrder:
    lines = [OrderLine(product_id, product or product_id, quantity, amount) for _, product_id, product, quantity, amount in row["lines"]]
    return PersonOrder(row["order_id"], row["kind"], row["at"], row["status"], row["payment"] or None, row["amount"], lines)
