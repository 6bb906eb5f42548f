"""Who is meant? People, visitors and orders by a piece of text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, or_, select

from analytics import person_orders
from models.customer import Customer
from stores import clickhouse, postgres

SHORTEST = 2  # letters before anything is looked for


@dataclass(frozen=True)
class Person:
    key: str  # what `journey.run` takes
    kind: str  # customer, e-mail, visitor, order
    label: str
    detail: str  # who or what it is besides
    last_seen: datetime | None
    sessions: int = 0
    orders: int = 0
    amount: Decimal | None = None  # what an order came to, or all orders of a customer


def search(tenant: str, text: str, limit: int = 6) -> list[Person]:
    """At most `limit` hits, the closest first: equal, then beginning with the text, then containing it. Under two letters nothing."""
    wanted = text.strip()
    if len(wanted) < SHORTEST:
        return []
    found = _customers(tenant, wanted, limit) + _orders(tenant, wanted, limit) + _visitors(tenant, wanted, limit)
    return sorted(found, key=lambda person: _distance(person, wanted.lower()))[:limit]


def _distance(person: Person, wanted: str) -> tuple:
    texts = [person.key.lower(), person.label.lower(), person.detail.lower()]
    words = [word for text in texts for word in text.split()]
    rank = 0 if wanted in texts else 1 if any(word.startswith(wanted) for word in texts + words) else 2
    seen = person.last_seen.timestamp() if person.last_seen else 0
    return rank, ("customer", "e-mail", "order", "visitor").index(person.kind), -seen, person.key


def _customers(tenant: str, wanted: str, limit: int) -> list[Person]:
    """Customers by id, name or e-mail, with what is known of their sessions and orders."""
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    inside, beginning = f"%{escaped}%", f"{escaped}%"
    # Half of a shop's customers are at the same few hosts: those count only where the text looks like an address.
    mail = Customer.email if set(wanted) & set("@.") else func.split_part(Customer.email, "@", 1)
    texts = Customer.customer_id, func.coalesce(Customer.name, ""), func.coalesce(Customer.email, "")
    equal = or_(*[func.lower(text) == wanted.lower() for text in texts])
    chosen = (
        select(Customer.customer_id, Customer.name, Customer.email)
        .where(
            Customer.tenant == tenant,
            or_(Customer.name.ilike(inside), mail.ilike(inside), Customer.customer_id.ilike(beginning)),
        )
        .order_by(~equal, ~func.coalesce(Customer.name, "").ilike(beginning), Customer.number)
        .limit(limit)
    )
    with postgres.session(tenant) as session:
        rows = [dict(row) for row in session.execute(chosen).mappings()]
    facts = _facts(tenant, [row["customer_id"] for row in rows])
    return [_customer(row, wanted, facts.get(row["customer_id"], {})) for row in rows]


def _customer(row: dict, wanted: str, facts: dict) -> Person:
    by_mail = wanted.lower() in (row["email"] or "").lower() and wanted.lower() not in (row["name"] or "").lower()
    return Person(
        key=row["customer_id"],
        kind="e-mail" if by_mail else "customer",
        label=row["name"] or row["email"] or row["customer_id"],
        detail=row["email"] if row["name"] and row["email"] else row["customer_id"],
        last_seen=facts.get("last_seen"),
        sessions=facts.get("sessions", 0),
        orders=facts.get("orders", 0),
        amount=facts.get("amount"),
    )


FACTS_SQL = """
SELECT id, max(at) AS last_seen, sum(sessions) AS sessions, sum(orders) AS orders, sum(amount) AS amount FROM (
    SELECT user_id AS id, max(ended_at) AS at, count() AS sessions, 0 AS orders, toDecimal64(0, 4) AS amount FROM sessions FINAL
    WHERE customer_id = {tenant:String} AND user_id IN {people:Array(String)} GROUP BY id
    UNION ALL
    SELECT buyer_id AS id, max(ordered_at) AS at, 0 AS sessions, countIf(line = 0 AND kind = 'sale') AS orders,
           sumIf(gross - discount, kind = 'sale') - sumIf(gross - discount, kind IN ('refund', 'cancellation')) AS amount
    FROM order_lines FINAL WHERE customer_id = {tenant:String} AND buyer_id IN {people:Array(String)} AND status != 'held' GROUP BY id
) GROUP BY id"""


def _facts(tenant: str, people: list[str]) -> dict[str, dict]:
    if not people:
        return {}
    return {row["id"]: row for row in clickhouse.query(FACTS_SQL, {"tenant": tenant, "people": people})}


VISITORS_SQL = """
SELECT visitor_id, argMax(user_id, ended_at) AS user_id, argMax(device_type, ended_at) AS device, argMax(browser, ended_at) AS browser,
       max(ended_at) AS last_seen, count() AS sessions
FROM sessions FINAL
WHERE customer_id = {tenant:String} AND startsWith(visitor_id, {wanted:String}) AND NOT startsWith(visitor_id, 'user:')
GROUP BY visitor_id ORDER BY visitor_id = {wanted:String} DESC, last_seen DESC LIMIT {limit:UInt32}"""


def _visitors(tenant: str, wanted: str, limit: int) -> list[Person]:
    """Browsers by the beginning of their id."""
    rows = clickhouse.query(VISITORS_SQL, {"tenant": tenant, "wanted": wanted, "limit": limit})
    return [_visitor(row) for row in rows]


def _visitor(row: dict) -> Person:
    what = ", ".join(part for part in (row["device"].capitalize(), row["browser"]) if part)
    detail = " · ".join(part for part in (what, row["user_id"]) if part)
    return Person(row["visitor_id"], "visitor", row["visitor_id"], detail, row["last_seen"], sessions=row["sessions"])


ORDERS_SQL = """
SELECT order_id, any(buyer_id) AS buyer, min(ordered_at) AS at, sum(gross - discount) AS amount FROM order_lines FINAL
WHERE customer_id = {tenant:String} AND kind = 'sale' AND startsWith(order_id, {wanted:String})
GROUP BY order_id ORDER BY order_id = {wanted:String} DESC, at DESC LIMIT {limit:UInt32}"""


def _orders(tenant: str, wanted: str, limit: int) -> list[Person]:
    """Orders by the beginning of their number, leading to who placed them."""
    wanted = wanted.removeprefix("#")
    rows = clickhouse.query(ORDERS_SQL, {"tenant": tenant, "wanted": wanted, "limit": limit})
    known = names(tenant, [row["buyer"] for row in rows])
    found = []
    for row in rows:
        key = row["buyer"] or person_orders.owner(tenant, row["order_id"])
        if key:
            found.append(Person(key, "order", row["order_id"], known.get(key, key), row["at"], orders=1, amount=row["amount"]))
    return found


def names(tenant: str, people: Iterable[str]) -> dict[str, str]:
    """The names of those customers that have one, by their id."""
    chosen = select(Customer.customer_id, Customer.name).where(
        Customer.tenant == tenant, Customer.customer_id.in_(sorted(set(people))), Customer.name.is_not(None)
    )
    with postgres.session(tenant) as session:
        return {row.customer_id: row.name for row in session.execute(chosen)}
