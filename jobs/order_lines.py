"""Every order that is counted as money, written again whole from what files, events and the shop told about it."""

import pyarrow as pa

from actions import exchange_rates, tenants
from jobs import sessions
from jobs.ingest_columns import WRITING
from stores import clickhouse, postgres
from stores.clickhouse import Sql

TOUCHED = Sql("(SELECT order_id FROM touched_orders WHERE customer_id = {tenant:String} AND run = {run:UInt64})")
COLUMNS = Sql(
    "customer_id, day, order_id, kind, line, version, deleted, ordered_at, status, source, import_id, sh, buyer, buyer_id, first_order,"
    " product_id, product, category, country, region, device_type, channel, payment, is_bot, currency, quantity, amount, gross, discount,"
    " tax, cost"
)


def recompute(tenant: str, order_ids: list[str]) -> int:
    """Write these orders anew; the version that was written."""
    with sessions.run_of(tenant) as run:
        recompute_touched(tenant, run, order_ids)
    return run


def recompute_touched(tenant: str, run: int, order_ids: list[str]) -> None:
    """The same as a part of the recomputation `run`, with the orders that were placed in its touched sessions."""
    note(tenant, run, order_ids)
    if not _any_touched(tenant, run):
        return
    _note_buyers(tenant, run)
    write(tenant, run)
    bury(tenant, run)
    mark_first_orders(tenant, run)


TOUCHED_BY_IMPORT_SQL = """
SELECT DISTINCT order_id FROM order_lines_raw WHERE customer_id = {tenant:String} AND import_id = {import_id:String}"""


def touched_by_import(tenant: str, import_id: str) -> list[str]:
    """The orders that have a line of this upload; to be asked before its lines are deleted."""
    return [row["order_id"] for row in clickhouse.query(TOUCHED_BY_IMPORT_SQL, {"tenant": tenant, "import_id": import_id})]


# A session's channel, device and country are its orders', so a late event of the session changes them; the same holds for the
# person behind a visitor.
NOTE_ORDERS_OF_SESSIONS_SQL = """
INSERT INTO touched_orders (customer_id, run, order_id)
SELECT DISTINCT customer_id, {run:UInt64}, order_id FROM order_lines_raw
WHERE customer_id = {tenant:String} AND sh != 0
  AND sh IN (SELECT sh FROM touched_sessions WHERE customer_id = {tenant:String} AND run = {run:UInt64} AND NOT whole)
  AND order_id NOT IN $touched"""


def note(tenant: str, run: int, order_ids: list[str]) -> None:
    """Say what the run is about."""
    if order_ids:
        count = len(order_ids)
        rows = {"customer_id": pa.repeat(tenant, count), "run": pa.array([run] * count, pa.uint64()), "order_id": order_ids}
        clickhouse.insert("touched_orders", pa.table(rows))
    clickhouse.command(NOTE_ORDERS_OF_SESSIONS_SQL, {"tenant": tenant, "run": run}, touched=TOUCHED)


ANY_SQL = "SELECT count() AS n FROM touched_orders WHERE customer_id = {tenant:String} AND run = {run:UInt64}"


def _any_touched(tenant: str, run: int) -> bool:
    return clickhouse.query(ANY_SQL, {"tenant": tenant, "run": run})[0]["n"] > 0


NOTE_BUYERS_SQL = """
INSERT INTO touched_orders (customer_id, run, order_id, buyer)
SELECT DISTINCT customer_id, {run:UInt64}, order_id, buyer FROM order_lines FINAL
WHERE customer_id = {tenant:String} AND order_id IN $touched AND buyer != 0"""


def _note_buyers(tenant: str, run: int) -> None:
    """Who had these orders until now: where an order goes away, another one becomes its buyer's first."""
    clickhouse.command(NOTE_BUYERS_SQL, {"tenant": tenant, "run": run}, touched=TOUCHED)


# Read from the inside out. 1: what was told about each touched order, and whose word counts: the shop's before a file's before an
# event's; of two purchase events the first (of the shop's own the newest). 2: what is left of that, with the sums a refund of
# "all that is left" needs. 3: the lines.
WRITE_SQL = """
INSERT INTO order_lines ($columns)
SELECT {tenant:String}, toDate(ordered_at, {tz:String}), order_id, line_kind,
    row_number() OVER (PARTITION BY order_id, line_kind ORDER BY ordered_at, seq, line_id) - 1, {run:UInt64}, 0, ordered_at,
    multiIf(is_cancelled, 'cancelled', is_refunded, 'refunded', 'paid'), source, import_id, sh,
    if(person = '', 0, cityHash64(person)), if(buyer_id != '', buyer_id, linked_user) AS person, false,
    product_id, product, category,
    if(raw_country != '', raw_country, session_place.1), if(raw_country != '', raw_region, session_place.2),
    if(session_device != '', session_device, raw_device), if(session_channel != '', session_channel, raw_channel),
    payment, is_bot OR session_is_bot, currency, if(is_whole, 0, abs(quantity)), sum_as_sent,
    if(is_whole, if(whole_number = 1, greatest(toDecimal64(0, 4), toDecimal64(sold - given_back, 4)), 0), gross),
    if(is_whole, 0, toDecimal64(round(toDecimal128(discount, 8) * rate, 4), 4)),
    if(is_whole, 0, toDecimal64(round(toDecimal128(tax, 8) * rate, 4), 4)),
    if(is_whole, 0, toDecimal64(round(toDecimal128(cost, 8) * abs(quantity) * rate, 4), 4))
FROM
(
    SELECT *,
        sumIf(gross - toDecimal64(round(toDecimal128(discount, 8) * rate, 4), 4), line_kind = 'sale') OVER (PARTITION BY order_id) AS sold,
        sumIf(gross, line_kind = 'refund' AND NOT is_whole) OVER (PARTITION BY order_id) AS given_back,
        row_number() OVER (PARTITION BY order_id, is_whole ORDER BY ordered_at, event_id) AS whole_number,
        countIf(kind = 'cancellation') OVER (PARTITION BY order_id) > 0 AS is_cancelled,
        countIf(line_kind = 'refund') OVER (PARTITION BY order_id) > 0 AND sold > 0 AND given_back >= sold
            OR countIf(kind = 'refund' AND is_whole) OVER (PARTITION BY order_id) > 0 AS is_refunded
    FROM
    (
        SELECT order_id, line_id, seq, ordered_at, import_id, source, kind, event_id, buyer_id, vh, sh, product_id, product, category,
            country AS raw_country, region AS raw_region, device_type AS raw_device, channel AS raw_channel, payment, is_bot, currency,
            quantity, discount, tax, cost,
            kind != '' AND quantity = 0 AS is_whole,
            multiIf(kind != '', kind, source != 'import' AND quantity > 0 AND price >= 0, 'sale', quantity > 0 AND price > 0, 'sale',
                quantity < 0 AND price > 0, 'refund', 'adjustment') AS line_kind,
            if(currency IN ('', {shop_currency:String}), toDecimal64(1, 8), transform(concat(currency, ' ', toString(toDate(ordered_at))),
                {rate_names:Array(String)}, arrayMap(r -> toDecimal64(r, 8), {rates:Array(String)}), toDecimal64(0, 8))) AS rate,
            abs(quantity) * price AS sum_as_sent,
            if(line_kind = 'adjustment', quantity * price, sum_as_sent) AS signed_sum,
            toDecimal64(round(toDecimal128(signed_sum, 8) * rate, 4), 4) AS gross,
            multiIf(source = 'shop', 1, source = 'import', 2, 3) AS trust,
            min(trust) OVER (PARTITION BY order_id, kind) AS best_trust,
            argMin(event_id, (received_at, event_id)) OVER (PARTITION BY order_id, kind, trust) AS first_event,
            argMax(event_id, (received_at, event_id)) OVER (PARTITION BY order_id, kind, trust) AS newest_event
        FROM order_lines_raw FINAL
        WHERE customer_id = {tenant:String} AND order_id IN $touched
    )
    WHERE trust = best_trust
      AND (kind != '' OR source = 'import' OR event_id = if(source = 'shop', newest_event, first_event))
) AS lines
LEFT JOIN
(
    SELECT sh, (country, region) AS session_place, device_type AS session_device, channel AS session_channel, is_bot AS session_is_bot
    FROM sessions FINAL
    WHERE customer_id = {tenant:String}
      AND sh IN (SELECT sh FROM order_lines_raw WHERE customer_id = {tenant:String} AND order_id IN $touched AND sh != 0)
) AS visits USING (sh)
LEFT JOIN
(
    SELECT vh, argMax(user_id, linked_at) AS linked_user FROM visitor_users
    WHERE customer_id = {tenant:String}
      AND vh IN (SELECT vh FROM order_lines_raw WHERE customer_id = {tenant:String} AND order_id IN $touched AND vh != 0)
    GROUP BY vh
) AS links USING (vh)"""


def write(tenant: str, run: int) -> None:
    """Write the touched orders; adjustments keep their sign in `gross` and are in no revenue, refunds are positive on their own day."""
    shop = tenants.load(tenant)
    names, rates = _rates(tenant, run, shop.currency)
    params = {"tenant": tenant, "run": run, "tz": shop.timezone, "shop_currency": shop.currency, "rate_names": names, "rates": rates}
    clickhouse.command(WRITE_SQL, params, settings=WRITING, touched=TOUCHED, columns=COLUMNS)


FOREIGN_SQL = """
SELECT DISTINCT currency, toDate(ordered_at) AS day FROM order_lines_raw
WHERE customer_id = {tenant:String} AND order_id IN $touched AND currency NOT IN ('', {shop_currency:String})"""


def _rates(tenant: str, run: int, shop_currency: str) -> tuple[list[str], list[str]]:
    """`USD 2025-01-31` and the like, and the rate of each into the shop's currency; a rate that nobody knows is left out and counts 0."""
    found = clickhouse.query(FOREIGN_SQL, {"tenant": tenant, "run": run, "shop_currency": shop_currency}, touched=TOUCHED)
    rates = {(row["currency"], row["day"]): exchange_rates.rate(row["currency"], shop_currency, row["day"]) for row in found}
    known = {f"{currency} {day}": f"{rate:.8f}" for (currency, day), rate in rates.items() if rate is not None}
    return list(known), list(known.values())


# An order known at 23:59 and again at 00:01, or written with fewer lines, would count double otherwise.
BURY_SQL = """
INSERT INTO order_lines (customer_id, day, order_id, kind, line, version, deleted)
SELECT customer_id, day, order_id, kind, line, {run:UInt64}, 1 FROM order_lines FINAL
WHERE customer_id = {tenant:String} AND order_id IN $touched AND version < {run:UInt64}"""


def bury(tenant: str, run: int) -> None:
    """Take away every row of a touched order that this run did not write."""
    clickhouse.command(BURY_SQL, {"tenant": tenant, "run": run}, settings=WRITING, touched=TOUCHED)


# A late order can take the place of a buyer's first, so the flag is set for all orders of the buyers that the run is about.
MARK_SQL = """
INSERT INTO order_lines ($columns)
SELECT customer_id, day, order_id, kind, line, {version:UInt64}, 0, ordered_at, status, source, import_id, sh, buyer, buyer_id, is_first,
    product_id, product, category, country, region, device_type, channel, payment, is_bot, currency, quantity, amount, gross, discount,
    tax, cost
FROM
(
    SELECT *, order_id = first_value(order_id) OVER (PARTITION BY buyer ORDER BY ordered_at, order_id) AS is_first
    FROM order_lines FINAL
    WHERE customer_id = {tenant:String} AND kind = 'sale' AND buyer IN (
        SELECT buyer FROM touched_orders WHERE customer_id = {tenant:String} AND run = {run:UInt64} AND buyer != 0
        UNION DISTINCT
        SELECT buyer FROM order_lines FINAL WHERE customer_id = {tenant:String} AND order_id IN $touched AND buyer != 0
    )
)
WHERE first_order != is_first"""


def mark_first_orders(tenant: str, run: int) -> None:
    """Set `first_order` on the lines of each touched buyer's first order and on no other."""
    params = {"tenant": tenant, "run": run, "version": postgres.next_version(tenant)}
    clickhouse.command(MARK_SQL, params, settings=WRITING, touched=TOUCHED, columns=COLUMNS)
