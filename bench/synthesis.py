"""Ten million events of one shop over 90 days, made inside ClickHouse, and what is recomputed from them."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert

import models
from analytics.scope import midnight
from jobs import sessions
from stores import clickhouse, postgres

TENANT = "bench_questions"
FIRST_DAY = date(2026, 1, 1)
DAYS = 90
SESSIONS, VISITORS = 1_200_000, 300_000
DAYS_AT_ONCE = 6
PARTS = 8  # inserts, so that none of them needs much memory


def ensure() -> str:
    """The id of the shop that holds the events; they are made where they are missing, which takes a few minutes."""
    _ensure_shop()
    if _count() == 0:
        for part in range(PARTS):
            clickhouse.command(EVENTS_SQL, _params(part), settings={"max_partitions_per_insert_block": 0})
        _recompute()
        clickhouse.command(ORDERS_SQL, {"tenant": TENANT})
    return TENANT


def period() -> tuple[datetime, datetime]:
    """The 90 days, half-open."""
    start = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)
    return start, start + timedelta(days=DAYS)


def _ensure_shop() -> None:
    with postgres.session(None) as db:
        db.execute(insert(models.Tenant).values(id=TENANT, name="Ten million events", tier="unlimited").on_conflict_do_nothing())


COUNT_SQL = "SELECT count() AS events FROM sessions WHERE customer_id = {tenant:String}"


def _count() -> int:
    return clickhouse.query(COUNT_SQL, {"tenant": TENANT})[0]["events"]


def _params(part: int) -> dict:
    share = SESSIONS // PARTS
    return {"tenant": TENANT, "from": part * share, "count": share, "first": period()[0], "visitors": VISITORS, "seconds": DAYS * 86400}


# A session is 1 to 16 events about 25 s apart; one event in eight leads on towards a purchase.
# All follows from hashes, so every run is the same.
EVENTS_SQL = """
INSERT INTO events_raw (customer_id, event_id, timestamp, seq, received_at, visitor_id, user_id, session_id, event_type, event, page_type,
    device_type, browser, os, country, source, channel, revenue, value, currency, order_id, page_url, origin, properties)
SELECT {tenant:String}, reinterpretAsUUID(sipHash128(session, k)),
    at + toIntervalMillisecond(k * 25000 + cityHash64(session, k, 3) % 20000), k, at,
    concat('v', toString(visitor)), if(visitor % 5 = 0, concat('u', toString(intDiv(visitor, 6))), ''), toString(session),
    ['page_view', 'page_view', 'view_item', 'view_item', 'view_item_list', 'search', 'add_to_cart', 'view_cart', 'begin_checkout',
     'add_payment_info', 'purchase'][step] AS name, name,
    ['home', 'category', 'product', 'product', 'category', 'search', 'cart', 'cart', 'checkout', 'payment', 'confirmation'][step],
    ['desktop', 'mobile', 'mobile', 'tablet'][1 + cityHash64(session, 7) % 4],
    ['Chrome', 'Safari', 'Firefox'][1 + cityHash64(session, 11) % 3],
    ['Windows', 'iOS', 'Android'][1 + cityHash64(session, 12) % 3],
    ['DE', 'FR', 'GB', 'US', 'PL', 'NL'][1 + cityHash64(visitor, 8) % 6],
    ['direct', 'google', 'newsletter', 'instagram'][1 + cityHash64(session, 9) % 4] AS site,
    transform(site, ['google', 'newsletter', 'instagram'], ['organic search', 'email', 'social'], 'direct'),
    toDecimal64(if(step = 11, 40 + cityHash64(session) % 90, 0), 4),
    toDecimal64(if(step IN (7, 11), 20 + cityHash64(session, k) % 90, 0), 4), 'EUR',
    if(step = 11, concat('o', toString(session)), ''),
    concat('https://shop.example.com', path, if(step IN (3, 4), toString(cityHash64(session, k) % 2000), '')), 'browser',
    if(step IN (3, 4, 7), concat('{"product_id":"p', toString(cityHash64(session, k) % 2000),
        '","price":', toString(5 + cityHash64(session, k) % 200),
        ',"quantity":', toString(1 + cityHash64(session, k, 13) % 4), ',"category":"lighting"}'), '{"theme":"light"}')
FROM (
    SELECT number AS session, cityHash64(number, 1) % {visitors:UInt32} AS visitor,
        {first:DateTime64(3, 'UTC')} + toIntervalSecond(cityHash64(number, 14) % {seconds:UInt32}) AS at,
        arrayJoin(range(1 + cityHash64(number, 2) % 16)) AS k,
        if(k > 2 AND cityHash64(number, k, 5) % 8 = 0,
            7 + cityHash64(number, k, 6) % least(5, k - 1), 1 + cityHash64(number, k, 4) % 6) AS step,
        ['/', '/c/lamps', '/p/', '/p/', '/c/sale', '/search', '/cart', '/cart', '/checkout', '/payment', '/thanks'][step] AS path
    FROM numbers({from:UInt64}, {count:UInt64})
)"""

TOUCH_SQL = """
INSERT INTO touched_sessions (customer_id, run, visitor_id, session_id, first, last)
SELECT customer_id, {run:UInt64}, visitor_id, session_id, min(timestamp), max(timestamp) FROM events_raw
WHERE customer_id = {tenant:String} AND seq = 0 AND toDate(timestamp) >= {day:Date} AND toDate(timestamp) < {day:Date} + {days:UInt8}
GROUP BY customer_id, visitor_id, session_id"""


def _recompute() -> None:
    """A few days at a time: all at once would need more memory than a small machine has."""
    for number in range(0, DAYS, DAYS_AT_ONCE):
        day = FIRST_DAY + timedelta(days=number)
        with sessions.run_of(TENANT) as run:
            clickhouse.command(TOUCH_SQL, {"tenant": TENANT, "run": run, "day": day, "days": DAYS_AT_ONCE})
            # One day more: no session here lasts longer than past midnight.
            first = midnight(day, "UTC")
            sessions.write(TENANT, run, sessions.Extent(first, first + timedelta(days=DAYS_AT_ONCE + 1), []))


ORDERS_SQL = """
INSERT INTO order_lines (customer_id, day, order_id, kind, line, version, ordered_at, status, source, sh, buyer, buyer_id,
    country, device_type, channel, currency, quantity, amount, gross)
SELECT customer_id, toDate(timestamp), order_id, 'sale', 0, 1, timestamp, 'paid', 'event', sh, vh, visitor_id,
    country, device_type, channel, currency, 1, amount, revenue
FROM events_raw
WHERE customer_id = {tenant:String} AND event = 'purchase'
LIMIT 1 BY order_id"""
