"""Take the demo shop's events away again. What people recorded in the shop themselves stays, and so does the shop.

The steps can be repeated after a kill at any point: what is derived is recomputed for everything that lost its events.
"""

import time

import pyarrow as pa
from sqlalchemy import delete

import models
from demo import marks, people
from demo.plan import TENANT
from jobs import ingest_batch
from jobs.ingest_batch import Touched
from stores import clickhouse, event_log, postgres
from stores.clickhouse import Sql

WAIT_S, PATIENCE_S = 0.5, 60
GRACE_S = 2.0


def run(tenant: str = TENANT) -> int:
    """Remove everything the simulator recorded, and keep the trickle from bringing it back; how many sessions went.

    `demo.load.run` brings it back.
    """
    plan = marks.read(tenant).plan
    marks.set_removed(tenant, True)
    _wait_for_the_log()
    touched, orders = _touched(tenant), _touched_orders(tenant)
    for table, condition in DELETIONS:
        clickhouse.delete(table, condition, {"tenant": tenant})
    ingest_batch.recompute(tenant, Touched([touched], orders=set(orders)))
    if plan:
        _forget_customers(tenant, [str(user_id) for user_id in people.load(plan).user_id])
    marks.forget(tenant)
    return touched.num_rows


def _wait_for_the_log() -> None:
    """What the trickle recorded last must be stored before it can be deleted; a tick that had begun is let come to its end."""
    time.sleep(GRACE_S)
    deadline = time.monotonic() + PATIENCE_S
    while event_log.current().backlog() and time.monotonic() < deadline:
        time.sleep(WAIT_S)


# The second half finds sessions whose events an interrupted removal took already.
TOUCHED_SQL = """
SELECT visitor_id, session_id, min(timestamp) AS first, max(timestamp) AS last FROM events_raw
WHERE customer_id = {tenant:String} AND origin = 'demo' AND session_id != '' GROUP BY visitor_id, session_id
UNION ALL
SELECT visitor_id, session_id, started_at, ended_at FROM sessions FINAL
WHERE customer_id = {tenant:String} AND sh NOT IN (SELECT sh FROM events_raw WHERE customer_id = {tenant:String})"""


def _touched(tenant: str) -> pa.Table:
    return clickhouse.frame(TOUCHED_SQL, {"tenant": tenant})


TOUCHED_ORDERS_SQL = """
SELECT DISTINCT order_id FROM order_lines_raw
WHERE customer_id = {tenant:String}
  AND event_id IN (SELECT event_id FROM events_raw WHERE customer_id = {tenant:String} AND origin = 'demo' AND order_id != '')
UNION DISTINCT
SELECT DISTINCT order_id FROM order_lines FINAL
WHERE customer_id = {tenant:String} AND order_id NOT IN (SELECT order_id FROM order_lines_raw WHERE customer_id = {tenant:String})"""


def _touched_orders(tenant: str) -> list[str]:
    return [row["order_id"] for row in clickhouse.query(TOUCHED_ORDERS_SQL, {"tenant": tenant})]


# The events go last: everything else is found by them.
DELETIONS = (
    (
        "order_lines_raw",
        Sql("""customer_id = {tenant:String} AND event_id IN (
            SELECT event_id FROM events_raw WHERE customer_id = {tenant:String} AND origin = 'demo' AND order_id != '')"""),
    ),
    (
        "visitor_users",
        Sql("""customer_id = {tenant:String} AND vh IN (
            SELECT vh FROM events_raw WHERE customer_id = {tenant:String} AND origin = 'demo')"""),
    ),
    (
        "event_ids",
        Sql("""customer_id = {tenant:String} AND event_id IN (
            SELECT event_id FROM events_raw WHERE customer_id = {tenant:String} AND origin = 'demo')"""),
    ),
    ("events_raw", Sql("customer_id = {tenant:String} AND origin = 'demo'")),
)


def _forget_customers(tenant: str, user_ids: list[str]) -> None:
    """The profiles that the events made; one that came with an upload stays."""
    ours = models.Customer.tenant == tenant, models.Customer.customer_id.in_(user_ids), models.Customer.import_id.is_(None)
    with postgres.session(tenant) as db:
        db.execute(delete(models.Customer).where(*ours))
