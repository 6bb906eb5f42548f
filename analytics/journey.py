"""What did this person do? All their sessions, on all browsers that are known to be theirs, with what they bought."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from analytics import journey_steps, person_orders
from analytics.journey_steps import JourneyStep
from analytics.person_orders import PersonOrder
from errors import NotFound
from models.customer import Customer
from stores import clickhouse, postgres
from stores.clickhouse import Sql

USER = Sql("user_id = {person:String}")
VISITOR = Sql("vh = cityHash64({person:String}) AND visitor_id = {person:String} AND user_id = ''")


@dataclass(frozen=True)
class JourneySession:
    session_id: str
    visitor_id: str
    started_at: datetime
    ended_at: datetime
    device_type: str | None
    browser: str | None
    channel: str | None
    source: str | None
    campaign: str | None
    country: str | None
    converted: bool  # it has a purchase
    pages: int  # page views
    events: int
    cart_value: Decimal  # left in the cart at the end
    steps: list[JourneyStep]


@dataclass(frozen=True)
class Browser:
    visitor_id: str
    device_type: str | None
    browser: str | None
    since: datetime
    sessions: int


@dataclass(frozen=True)
class Facts:
    name: str | None
    email: str | None
    first_seen: datetime | None
    last_seen: datetime | None
    sessions: int  # all of them, also those that are not listed
    orders: int
    net_revenue: Decimal
    refunded: Decimal
    open_cart: Decimal  # what lay in the cart when the last session ended
    browsers: list[Browser]


@dataclass(frozen=True)
class Journey:
    key: str  # the user's id, or the visitor's for somebody whom nobody identified
    user_id: str | None
    visitor_ids: list[str]
    converted: bool
    sessions: list[JourneySession]  # oldest first
    orders: list[PersonOrder]  # newest first; with what was bought outside of these sessions
    facts: Facts


def run(tenant: str, person: str, *, limit: int = 50) -> Journey:
    """The journey of a user or a visitor with their newest `limit` sessions; a visitor who was identified is that user.

    Raises NotFound where neither a session, nor an order, nor a profile knows `person`.
    """
    key, whose, browsers = _who(tenant, person)
    found = _sessions(tenant, key, whose, limit)
    orders = person_orders.run(tenant, key, _ordering_sessions(tenant, key, whose) if browsers else [])
    profile = _profile(tenant, key)
    if not (browsers or orders or profile):
        raise NotFound(f"Nobody in this shop is known as {person}.")
    steps = journey_steps.of_sessions(tenant, found)
    sessions = [_session(row, steps[row["sh"]]) for row in reversed(found)]
    return Journey(
        key=key,
        user_id=key if whose is USER and (profile or browsers or orders) else None,
        visitor_ids=[row["visitor_id"] for row in browsers],
        converted=any(row["orders"] for row in browsers) or any(order.kind == "sale" for order in orders),
        sessions=sessions,
        orders=orders,
        facts=_facts(profile, browsers, orders, sessions),
    )


def _who(tenant: str, person: str) -> tuple[str, Sql, list[dict]]:
    """The key, the condition on sessions, and the browsers: as a user, else as a visitor, who may belong to a user."""
    if browsers := _browsers(tenant, person, USER):
        return person, USER, browsers
    user = _user_of_visitor(tenant, person)
    if user is None:
        return person, USER, []
    if user:
        return user, USER, _browsers(tenant, user, USER)
    return person, VISITOR, _browsers(tenant, person, VISITOR)


BROWSERS_SQL = """
SELECT visitor_id, argMax(device_type, ended_at) AS device_type, argMax(browser, ended_at) AS browser, min(started_at) AS since,
       max(ended_at) AS last_seen, count() AS sessions, sum(order_count) AS orders
FROM sessions FINAL WHERE customer_id = {tenant:String} AND $whose
GROUP BY visitor_id ORDER BY since, visitor_id"""


def _browsers(tenant: str, key: str, whose: Sql) -> list[dict]:
    return clickhouse.query(BROWSERS_SQL, {"tenant": tenant, "person": key}, whose=whose)


VISITOR_SQL = """
SELECT user_id FROM sessions FINAL
WHERE customer_id = {tenant:String} AND vh = cityHash64({visitor:String}) AND visitor_id = {visitor:String}
ORDER BY ended_at DESC LIMIT 1"""


def _user_of_visitor(tenant: str, visitor: str) -> str | None:
    """The user of the visitor's newest session, '' where nobody identified it, None for an unknown visitor."""
    rows = clickhouse.query(VISITOR_SQL, {"tenant": tenant, "visitor": visitor})
    return rows[0]["user_id"] if rows else None


SESSIONS_SQL = """
SELECT sh, vh, session_id, visitor_id, started_at, ended_at, device_type, browser, channel, source, campaign, country, order_count,
       page_views, event_count, cart_value
FROM sessions FINAL WHERE customer_id = {tenant:String} AND $whose
ORDER BY started_at DESC, sh LIMIT {limit:UInt32}"""


def _sessions(tenant: str, key: str, whose: Sql, limit: int) -> list[dict]:
    return clickhouse.query(SESSIONS_SQL, {"tenant": tenant, "person": key, "limit": limit}, whose=whose)


ORDERING_SQL = "SELECT sh FROM sessions FINAL WHERE customer_id = {tenant:String} AND order_count > 0 AND $whose ORDER BY sh"


def _ordering_sessions(tenant: str, key: str, whose: Sql) -> list[int]:
    return [row["sh"] for row in clickhouse.query(ORDERING_SQL, {"tenant": tenant, "person": key}, whose=whose)]


def _profile(tenant: str, key: str) -> dict | None:
    chosen = select(Customer.name, Customer.email, Customer.first_seen_at).where(Customer.tenant == tenant, Customer.customer_id == key)
    with postgres.session(tenant) as session:
        row = session.execute(chosen).mappings().first()
    return dict(row) if row else None


def _session(row: dict, steps: list[JourneyStep]) -> JourneySession:
    return JourneySession(
        session_id=row["session_id"],
        visitor_id=row["visitor_id"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        device_type=row["device_type"] or None,
        browser=row["browser"] or None,
        channel=row["channel"] or None,
        source=row["source"] or None,
        campaign=row["campaign"] or None,
        country=row["country"] or None,
        converted=row["order_count"] > 0,
        pages=row["page_views"],
        events=row["event_count"],
        cart_value=row["cart_value"],
        steps=steps,
    )


def _facts(profile: dict | None, browsers: list[dict], orders: list[PersonOrder], sessions: list[JourneySession]) -> Facts:
    profile = profile or {}
    seen = [row["since"] for row in browsers] + [order.ordered_at for order in orders]
    last = [row["last_seen"] for row in browsers] + [order.ordered_at for order in orders]
    return Facts(
        name=profile.get("name"),
        email=profile.get("email"),
        first_seen=min(seen) if seen else profile.get("first_seen_at"),
        last_seen=max(last) if last else None,
        sessions=sum(row["sessions"] for row in browsers),
        orders=sum(order.kind == "sale" for order in orders),
        net_revenue=person_orders.net(orders),
        refunded=sum((order.amount for order in orders if order.kind == "refund"), Decimal(0)),
        open_cart=sessions[-1].cart_value if sessions else Decimal(0),
        browsers=[_browser(row) for row in browsers],
    )


def _browser(row: dict) -> Browser:
    return Browser(row["visitor_id"], row["device_type"] or None, row["browser"] or None, row["since"], row["sessions"])
